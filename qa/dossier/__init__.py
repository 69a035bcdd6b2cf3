"""A dossier: what the archive has about a name, a topic or some cables, on one page."""
