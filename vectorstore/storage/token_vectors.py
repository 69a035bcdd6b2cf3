"""Token vectors: what is kept of a passage so that a question can be compared with it token by token.

They lie in one SQLite file beside the Chroma collection whose vectors they belong to, under the same ids.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from vectorstore.database import connect, in_parts, marks
from vectorstore.embedding.tokens import Tokens
from vectorstore.storage.chroma_compat import readable


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
            query = f"SELECT id, packed FROM tokens WHERE id IN ({marks(part)})"
            found |= {id: Tokens.unpack(packed) for id, packed in self._db.execute(query, part)}
        return found

    def known(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids under which tokens stand."""
        found: set[str] = set()
        for part in in_parts(ids):
            query = f"SELECT id FROM tokens WHERE id IN ({marks(part)})"
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
