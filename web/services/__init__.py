"""What the page works with: the archive, conversations, uploads, concurrency limits."""
