"""Vectors by the content of their text: no text is embedded twice, across runs and archives."""

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

ASK = 500
"""Keys a query: SQLite's oldest limit on variables is 999."""


class VectorCache:
    """A SQLite file of vectors, keyed by embedder fingerprint and text. It can be deleted at any time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=60, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")

    def get(self, fingerprint: str, texts: Sequence[str]) -> dict[str, np.ndarray]:
        """The known vectors, by text."""
        texts_by_key = {_key(fingerprint, text): text for text in texts}
        keys, found = list(texts_by_key), {}
        for start in range(0, len(keys), ASK):
            part = keys[start : start + ASK]
            marks = ",".join("?" * len(part))
            for key, vector in self._db.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part):
                found[texts_by_key[key]] = np.frombuffer(vector, dtype=np.float32)
        return found

    def put(self, fingerprint: str, vectors: Mapping[str, np.ndarray]) -> None:
        """Keep `vectors`, by text."""
        rows = [(_key(fingerprint, text), vector.astype(np.float32).tobytes()) for text, vector in vectors.items()]
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)


def _key(fingerprint: str, text: str) -> bytes:
    return hashlib.sha256(f"{fingerprint}\n{text}".encode()).digest()
