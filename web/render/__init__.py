"""Answers, cables and lists as HTML. Pure functions."""
