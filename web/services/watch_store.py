"""Watches, each reader's own (SQLite, beside the conversations)."""

import secrets
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from qa.dossier.watching import Watch
from web.errors import InvalidCall
from web.services.own_file import open_own_file
from web.services.questions import MAX_WORDS_CHARS

SCHEMA = """
CREATE TABLE IF NOT EXISTS watches (
    reader TEXT, id TEXT, text TEXT, since INTEGER, seen INTEGER, PRIMARY KEY (reader, id));
"""
MAX_WATCHES = 50
"""That one reader may have."""
TERMINAL = "terminal"
"""Whose watches those are that were saved in the terminal."""


@dataclass(frozen=True, slots=True)
class OwnedWatch:
    """A watch and whose it is."""

    reader: str
    watch: Watch


class WatchStore:
    """The watches of all readers; every call says whose."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, reader: str, text: str, arrival: int) -> Watch:
        """Watch for what comes after an arrival; the watch that there is where the text is watched already.

        Raises InvalidCall for no text, or one watch too many.
        """
        text = " ".join(text.split())[:MAX_WORDS_CHARS]
        if not text:
            raise InvalidCall("Say what to watch for: words that are searched for, or a question.")
        with open_own_file(self.path, SCHEMA) as db:
            own = _of(db, reader)
            known = next((watch for watch in own if watch.text == text), None)
            if known:
                return known
            if len(own) >= MAX_WATCHES:
                raise InvalidCall(f"{MAX_WATCHES} watches are the most; delete one first.")
            watch = Watch(secrets.token_hex(4), text, arrival, arrival)
            values = (reader, watch.id, text, arrival, arrival)
            db.execute("INSERT INTO watches VALUES (?, ?, ?, ?, ?)", values)
        return watch

    def of(self, reader: str) -> list[Watch]:
        """A reader's watches, in the order in which they were saved."""
        with open_own_file(self.path, SCHEMA) as db:
            return _of(db, reader)

    def all(self) -> list[OwnedWatch]:
        """The watches of all users, for the owner of the data directory."""
        query = "SELECT reader, id, text, since, seen FROM watches ORDER BY reader, rowid"
        with open_own_file(self.path, SCHEMA) as db:
            return [OwnedWatch(reader, Watch(*row)) for reader, *row in db.execute(query)]

    def mark_seen(self, reader: str, id: str, arrival: int) -> None:
        """The owner has seen what arrived up to a number."""
        with open_own_file(self.path, SCHEMA) as db:
            query = "UPDATE watches SET seen = ? WHERE reader = ? AND id = ?"
            db.execute(query, (arrival, reader, id))

    def forget(self, reader: str, id: str) -> None:
        """Delete a watch."""
        with open_own_file(self.path, SCHEMA) as db:
            db.execute("DELETE FROM watches WHERE reader = ? AND id = ?", (reader, id))


def _of(db: sqlite3.Connection, reader: str) -> list[Watch]:
    query = "SELECT id, text, since, seen FROM watches WHERE reader = ? ORDER BY rowid"
    return [Watch(*row) for row in db.execute(query, (reader,))]
