"""Vectors by the content of their text: no paragraph is embedded twice, across runs and archives.

A cache and no more: what goes wrong with its file is logged, and indexing goes on without it.
"""

import hashlib
import logging
import os
import random
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from vectorstore.database import in_parts, marks

log = logging.getLogger(__name__)

MAX_CACHE_BYTES = 2 << 30
"""Bytes that a cache may take: over a million vectors of the default embedder."""


def cache_home() -> Path:
    """The user's folder for what can be made again: converted models and known vectors."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "reftel"


class VectorCache:
    """A SQLite file of vectors, keyed by embedder fingerprint and text. It can be deleted at any time."""

    def __init__(self, path: Path, limit: int = MAX_CACHE_BYTES) -> None:
        self.path = path
        self._limit = limit
        self._db: sqlite3.Connection | None = None
        with self._harmless():
            path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(path, timeout=60, check_same_thread=False)
            db.execute("PRAGMA page_size=16384")  # ten vectors a page; only a new file takes it
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
            self._db = db

    def get(self, fingerprint: str, texts: Sequence[str]) -> dict[str, bytes]:
        """What is known of texts, by text."""
        found: dict[str, bytes] = {}
        if self._db is None:
            return found
        texts_by_key = {_key(fingerprint, text): text for text in texts}
        keys = list(texts_by_key)
        with self._harmless():
            for part in in_parts(keys):
                query = f"SELECT key, vector FROM vectors WHERE key IN ({marks(part)})"
                for key, vector in self._db.execute(query, part):
                    found[texts_by_key[key]] = vector
        return found

    def put(self, fingerprint: str, vectors: Mapping[str, bytes]) -> None:
        """Keep `vectors`, each with what belongs to it, by text."""
        if self._db is None:
            return
        rows = [(_key(fingerprint, text), vector) for text, vector in vectors.items()]
        with self._harmless(), self._db:
            self._make_room(sum(len(vector) for _, vector in rows))
            self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def _make_room(self, wanted: int) -> None:
        """Drop eighths of the vectors while the file would pass its limit.

        Keys are hashes, so that they are any eighths: most of an archive larger than the cache stays known when
        it is indexed again, where dropping the oldest would always drop what is asked for next.
        """
        assert self._db is not None
        for start in random.sample(range(0, 256, 32), 8):
            taken, free, size = (
                self._db.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "freelist_count", "page_size")
            )
            if (
                taken - free
            ) * size + 2.5 * wanted <= self._limit:  # new keys split pages, which are then half full
                return
            end = bytes([start + 32]) if start < 224 else b"\xff" * 33
            self._db.execute("DELETE FROM vectors WHERE key >= ? AND key < ?", (bytes([start]), end))

    @contextmanager
    def _harmless(self) -> Iterator[None]:
        """Go on without the cache where its file cannot be used."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            log.warning(
                "the vector cache %s cannot be used (%s): delete it, or set REFTEL_VECTOR_CACHE_GB=0",
                self.path,
                error,
            )
            self._db = None


def _key(fingerprint: str, text: str) -> bytes:
    return hashlib.sha256(f"{fingerprint}\n{text}".encode(errors="surrogatepass")).digest()
