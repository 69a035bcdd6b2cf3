"""Dossiers, each reader's own (SQLite, beside the conversations)."""

import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from qa.dossier.dossier import Dossier, Pin
from web.errors import InvalidCall
from web.services.own_file import open_own_file
from web.services.questions import MAX_WORDS_CHARS

SCHEMA = """
CREATE TABLE IF NOT EXISTS dossiers (
    reader TEXT, id TEXT, title TEXT, at TEXT, dossier TEXT, PRIMARY KEY (reader, id));
"""
MAX_DOSSIERS = 1_000
"""That one reader may have."""
MAX_LISTED = 200
"""Dossiers that are listed, those first that were changed last."""
MAX_PINS = 500
MAX_NOTE_CHARS = 2_000

_dossiers = TypeAdapter(Dossier)


@dataclass(frozen=True, slots=True)
class DossierSummary:
    """A dossier in the list; `at` is when it was last changed (UTC)."""

    id: str
    title: str
    at: datetime


class DossierStore:
    """The dossiers of all readers; every call says whose. Nothing of the archive's text is in them but notes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def save(self, reader: str, dossier: Dossier) -> Dossier:
        """Keep a dossier as it now is; one without an id gets one. Raises InvalidCall for one dossier too many."""
        counted = "SELECT count(*) FROM dossiers WHERE reader = ?"
        with open_own_file(self.path, SCHEMA) as db:
            if not dossier.id and db.execute(counted, (reader,)).fetchone()[0] >= MAX_DOSSIERS:
                raise InvalidCall(f"{MAX_DOSSIERS:,} dossiers are the most; delete one first.")
            return _save(db, reader, dossier)

    def latest(self, reader: str) -> list[DossierSummary]:
        """A reader's dossiers, the one first that was changed last."""
        query = "SELECT id, title, at FROM dossiers WHERE reader = ? ORDER BY at DESC, rowid DESC LIMIT ?"
        with open_own_file(self.path, SCHEMA) as db:
            rows = db.execute(query, (reader, MAX_LISTED)).fetchall()
        return [DossierSummary(id, title, datetime.fromisoformat(at)) for id, title, at in rows]

    def load(self, reader: str, id: str) -> Dossier | None:
        """A dossier; None where this reader has none of this id."""
        with open_own_file(self.path, SCHEMA) as db:
            return _load(db, reader, id)

    def rename(self, reader: str, id: str, title: str) -> None:
        """Give a dossier another title."""
        self._change(reader, id, lambda dossier: replace(dossier, title=title.strip()[:MAX_WORDS_CHARS]))

    def pin(self, reader: str, id: str, pin: Pin) -> Dossier | None:
        """Add a paragraph or a note to a dossier."""
        short = replace(pin, note=pin.note.strip()[:MAX_NOTE_CHARS])
        return self._change(
            reader, id, lambda dossier: dossier.with_pin(short) if len(dossier.pins) < MAX_PINS else dossier
        )

    def unpin(self, reader: str, id: str, place: int) -> Dossier | None:
        """Take a pin out of a dossier."""
        return self._change(reader, id, lambda dossier: dossier.without_pin(place))

    def forget(self, reader: str, id: str) -> None:
        """Delete a dossier."""
        with open_own_file(self.path, SCHEMA) as db:
            db.execute("DELETE FROM dossiers WHERE reader = ? AND id = ?", (reader, id))

    def _change(self, reader: str, id: str, change: Callable[[Dossier], Dossier]) -> Dossier | None:
        """Read, change and keep a dossier in one transaction, so that two tabs lose nothing of each other."""
        with open_own_file(self.path, SCHEMA) as db:
            dossier = _load(db, reader, id)
            return _save(db, reader, change(dossier)) if dossier else None


def _load(db: sqlite3.Connection, reader: str, id: str) -> Dossier | None:
    query = "SELECT dossier FROM dossiers WHERE reader = ? AND id = ?"
    row = db.execute(query, (reader, id)).fetchone()
    return _dossiers.validate_json(row[0]) if row else None


def _save(db: sqlite3.Connection, reader: str, dossier: Dossier) -> Dossier:
    dossier = replace(dossier, id=dossier.id or secrets.token_hex(4))
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    values = (reader, dossier.id, dossier.title, at, _dossiers.dump_json(dossier).decode())
    db.execute("INSERT OR REPLACE INTO dossiers VALUES (?, ?, ?, ?, ?)", values)
    return dossier
