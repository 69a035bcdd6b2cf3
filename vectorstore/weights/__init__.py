"""What was trained for Reftel: weights as package data, with their model card."""
