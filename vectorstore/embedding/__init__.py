"""Texts to vectors: the embedder, its backends, late interaction, chunking, the vector cache."""
