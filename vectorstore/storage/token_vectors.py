"""Token vectors: what is kept of a passage so that a question can be compared with it token by token.

They lie in one SQLite file beside the Chroma collection whose vectors they belong to, under the same ids.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vectorstore.storage.catalog import connect, in_parts

DIMENSION = 48
SCALE = 254.0
"""Parts of a unit vector lie well within a half of either sign; so many steps are kept of 1."""
_WIDTH = DIMENSION + 2


@dataclass(frozen=True, slots=True)
class Tokens:
    """A passage's tokens that say something: unit vectors in bytes, shape (tokens, 48), and the word in which
    each stands, counted from the passage's last word, which is 0 (above it stands a header of any length)."""

    vectors: np.ndarray[tuple[int, int], np.dtype[np.int8]]
    words: np.ndarray[tuple[int], np.dtype[np.uint16]]

    def pack(self) -> bytes:
        """The tokens as `unpack` reads them: 50 bytes each."""
        return self.vectors.tobytes() + self.words.tobytes()

    @classmethod
    def unpack(cls, packed: bytes) -> "Tokens":
        """Read what `pack` wrote; a few bytes behind it do not matter."""
        count = len(packed) // _WIDTH
        vectors = np.frombuffer(packed, np.int8, count * DIMENSION).reshape(count, DIMENSION)
        return cls(vectors, np.frombuffer(packed, np.uint16, count, count * DIMENSION))


def in_bytes(vectors: np.ndarray) -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    """Unit vectors, shape (tokens, 48), with each number in a byte."""
    return np.clip(np.rint(vectors * SCALE), -127, 127).astype(np.int8)


class TokenStore:
    """Packed token vectors by the ids of the passages' vectors."""

    def __init__(self, path: Path) -> None:
        fixed = path.exists() and not os.access(path.parent, os.W_OK)
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

    def settle(self) -> None:
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
        count: int = self._db.execute("SELECT count(*) FROM tokens").fetchone()[0]
        return count
