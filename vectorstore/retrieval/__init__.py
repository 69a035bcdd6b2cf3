"""Finds the paragraphs that may answer a question."""
