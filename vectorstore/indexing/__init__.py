"""Brings the archive in step with its sources."""
