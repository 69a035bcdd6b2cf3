"""The analysis of sentences that generation and verification share: names, quantities, words."""
