"""A question and its conversation to what is asked."""
