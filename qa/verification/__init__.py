"""Whether a cited paragraph says what a sentence says."""
