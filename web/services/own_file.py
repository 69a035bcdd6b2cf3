"""The file in which readers' own things are kept beside the archive: conversations, dossiers, watches.

One file for all of them, which backups hold.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from web.errors import HistoryUnavailable

OWN_FILE = "conversations.sqlite"
"""In the data directory."""
PRIVATE = "private"
"""The folder in the data directory that only its owner opens, and that no backup holds."""


@contextmanager
def open_own_file(path: Path, schema: str) -> Iterator[sqlite3.Connection]:
    """A connection inside a transaction, with the tables of `schema`. Raises HistoryUnavailable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # what people look into is theirs alone
        with closing(sqlite3.connect(path, timeout=30)) as db, db:
            db.executescript(schema)
            db.execute("BEGIN IMMEDIATE")
            yield db
    except (sqlite3.Error, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        raise HistoryUnavailable(f"Past conversations and dossiers cannot be reached: {reason}.") from error
