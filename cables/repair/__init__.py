"""Known damage of cables and its repairs, each a no-op on clean text, and the map of offsets to the original."""
