"""The terminal: commands, users and groups, output."""
