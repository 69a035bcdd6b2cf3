"""Other texts under a cable's id: a redacted or a full one, an earlier or a corrected copy."""

import json
import sqlite3

from pydantic import TypeAdapter

from cables import Cable
from vectorstore.access import level_of, required_caveats
from vectorstore.database import tables_of
from vectorstore.keys import text_hash

VERSIONS_SCHEMA = """
CREATE TABLE IF NOT EXISTS versions (
    cable TEXT, hash TEXT, file TEXT, place TEXT, level INTEGER, caveats TEXT, record TEXT,
    PRIMARY KEY (cable, hash));
CREATE INDEX IF NOT EXISTS versions_by_file ON versions (file);
"""
"""Whole cables as JSON, with the highest level and all caveats of what they hold."""

_cable_json = TypeAdapter(Cable)


class CableVersions:
    """The indexer's side: which texts stand beside the one that is shown."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def put(self, cable: Cable, file: str, place: str) -> None:
        """Keep a text that is not shown."""
        level = max((level_of(cable, paragraph) for paragraph in cable.paragraphs), default=level_of(cable))
        caveats = json.dumps(sorted({caveat for _, caveat in required_caveats(cable)}))
        record = _cable_json.dump_json(cable).decode()
        values = (cable.id, text_hash(cable.original), file, place, int(level), caveats, record)
        self._db.execute("INSERT OR REPLACE INTO versions VALUES (?,?,?,?,?,?,?)", values)

    def drop(self, cable: Cable) -> None:
        """Forget a text that is shown now."""
        values = (cable.id, text_hash(cable.original))
        self._db.execute("DELETE FROM versions WHERE cable = ? AND hash = ?", values)

    def drop_all(self, cable_id: str) -> None:
        """Forget all texts of a cable."""
        self._db.execute("DELETE FROM versions WHERE cable = ?", (cable_id,))

    def drop_file(self, file: str) -> None:
        """Forget the texts of a file that is gone or read again."""
        self._db.execute("DELETE FROM versions WHERE file = ?", (file,))


def read_versions(db: sqlite3.Connection, cable_id: str) -> list[Cable]:
    """The other texts of a cable that may be seen whole."""
    if "versions" not in tables_of(db):  # an archive of an earlier version
        return []
    rows = db.execute("SELECT record FROM versions WHERE cable = ? ORDER BY file, place", (cable_id,))
    return [_cable_json.validate_json(record) for (record,) in rows]
