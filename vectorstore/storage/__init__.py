"""What is kept and how: the catalog, vectors, BM25 indexes, token vectors."""
