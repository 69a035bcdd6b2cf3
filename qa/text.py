"""Kept for a moment while imports move to `cables.text`."""

from cables.text import Piece, content_words, names, sentences

__all__ = ["Piece", "content_words", "names", "sentences"]
