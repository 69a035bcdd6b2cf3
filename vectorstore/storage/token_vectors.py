"""Token vectors: what is kept of a passage so that a question can be compared with it token by token.

They lie in one SQLite file beside the Chroma collection whose vectors they belong to, under the same ids.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from vectorstore.database import connect, in_parts
from vectorstore.embedding.tokens import Tokens
from vectorstore.interfaces import EmbeddedParagraph, Metadata, VectorStore
from vectorstore.keys import window_id
from vectorstore.storage.chroma_compat import readable

METADATA_BATCH = 5_000
"""Vectors whose metadata is compared with the token vectors at a time."""


class SqliteTokenStore:
    """Packed token vectors by the ids of the passages' vectors."""

    def __init__(self, path: Path) -> None:
        fixed = path.exists() and not os.access(path.parent, os.W_OK)
        self._folder = path.parent
        path.parent.mkdir(parents=True, exist_ok=True)
        with readable(self._folder):
            self._db = connect(path, readonly=fixed, page_size=32768)  # a passage takes 5 KB
            if not fixed:
                self._db.execute("CREATE TABLE IF NOT EXISTS tokens (id TEXT PRIMARY KEY, packed BLOB)")

    def write(self, packed: Mapping[str, bytes]) -> None:
        """Put packed tokens in place of what stands under the same ids."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT OR REPLACE INTO tokens VALUES (?, ?)", packed.items())

    def drop(self, ids: Sequence[str]) -> None:
        """Remove what stands under these ids; unknown ones are passed over."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("DELETE FROM tokens WHERE id = ?", [(id,) for id in ids])

    def flush(self) -> None:
        """Put what was written into the file that stays when all is closed."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def get(self, ids: Sequence[str]) -> dict[str, Tokens]:
        """The tokens of those of the passages that are known, by id."""
        found: dict[str, Tokens] = {}
        for part in in_parts(ids):
            query = f"SELECT id, packed FROM tokens WHERE id IN ({','.join('?' * len(part))})"
            found |= {id: Tokens.unpack(packed) for id, packed in self._db.execute(query, part)}
        return found

    def known(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids under which tokens stand."""
        found: set[str] = set()
        for part in in_parts(ids):
            query = f"SELECT id FROM tokens WHERE id IN ({','.join('?' * len(part))})"
            found.update(row[0] for row in self._db.execute(query, part))
        return found

    def ids(self) -> Iterable[str]:
        """All ids."""
        return (row[0] for row in self._db.execute("SELECT id FROM tokens"))

    def count(self) -> int:
        """Passages whose tokens are kept."""
        with readable(self._folder):
            return int(self._db.execute("SELECT count(*) FROM tokens").fetchone()[0])

    def clear(self) -> None:
        """Remove everything."""
        self._db.execute("DELETE FROM tokens")


class VectorsWithTokens:
    """Vectors with their passages' token vectors beside them: a `VectorStore` made of one and of a `TokenStore`.

    A vector without its token vectors counts as missing.
    """

    def __init__(self, vectors: VectorStore, tokens: SqliteTokenStore) -> None:
        self.vectors, self.tokens, self.live = vectors, tokens, vectors.live

    def write(self, paragraphs: Iterable[EmbeddedParagraph]) -> None:
        """Put vectors, metadata and token vectors in place of what stands under the same keys."""
        paragraphs = list(paragraphs)
        # First, so that a killed run leaves no vector without its tokens.
        self.tokens.write(
            {window_id(p.key, n): packed for p in paragraphs for n, packed in enumerate(p.tokens)}
        )
        self.vectors.write(paragraphs)

    def drop(self, ids: Sequence[str]) -> None:
        """Remove vectors by their ids; unknown ones are passed over."""
        self.vectors.drop(ids)
        self.tokens.drop(ids)

    def write_details(self, details: Mapping[str, Metadata], windows: Mapping[str, int]) -> None:
        """Change the metadata of paragraphs whose vectors stay; `windows` counts each one's vectors."""
        self.vectors.write_details(details, windows)

    def search(
        self, vector: np.ndarray, limit: int, *, only: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The nearest paragraphs, of the vectors in `only` if given: (key, cosine), best first, each once."""
        return self.vectors.search(vector, limit, only=only)

    def cosines(self, vector: np.ndarray, ids: Sequence[str]) -> dict[str, float]:
        """The cosine of a unit vector with each paragraph that has one of some ids, by its best window."""
        return self.vectors.cosines(vector, ids)

    def metadata(self, cables: Sequence[str] | None = None) -> Iterator[tuple[str, Metadata]]:
        """Every vector's id with its metadata, of all cables or of some; empty where its token vectors are missing.

        Of all cables, token vectors without a vector come too, with empty metadata.
        """
        seen: set[str] = set()
        vectors = self.vectors.metadata(cables)
        while part := list(islice(vectors, METADATA_BATCH)):
            whole = self.tokens.known([id for id, _ in part])
            yield from ((id, details if id in whole else {}) for id, details in part)
            seen.update(id for id, _ in part)
        if cables is None:
            yield from ((id, {}) for id in list(self.tokens.ids()) if id not in seen)

    def probe(self) -> None:
        """Read and search for a vector, and count the token vectors."""
        self.tokens.count()
        self.vectors.probe()

    def count(self) -> int:
        """How many vectors there are."""
        return self.vectors.count()

    def complete(self) -> bool:
        """Whether there are as many passages with token vectors as vectors."""
        return self.tokens.count() == self.count()

    def discard(self) -> None:
        """Delete everything; the store is not to be used after that."""
        self.tokens.clear()
        self.vectors.discard()
