"""What a reader keeps: dossiers about a name, a topic or some cables, and watches for what arrives."""
