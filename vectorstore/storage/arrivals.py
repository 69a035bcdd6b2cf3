"""When each cable first came into the archive: what is new since somebody last looked.

Numbers only grow: a cable that changes, or that comes back after it was withdrawn, is not new.
"""

import sqlite3
from datetime import datetime
from typing import NamedTuple

ARRIVALS_SCHEMA = """
CREATE TABLE IF NOT EXISTS arrivals (
    number INTEGER PRIMARY KEY, cable TEXT UNIQUE, at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')));
CREATE TRIGGER IF NOT EXISTS cable_arrived AFTER INSERT ON cables BEGIN
    INSERT OR IGNORE INTO arrivals (cable) VALUES (new.id); END;
"""
FILL_SQL = "INSERT OR IGNORE INTO arrivals (cable) SELECT id FROM cables ORDER BY rowid"
"""For a catalog that was filled before arrivals were kept."""


class Arrival(NamedTuple):
    """That a cable came into the archive (UTC), as the `number`-th."""

    number: int
    cable_id: str
    at: datetime


def read_arrivals(db: sqlite3.Connection, since: int, limit: int) -> list[Arrival]:
    """The latest arrivals after number `since`, of cables that are there and that the connection may see."""
    known = db.execute("SELECT 1 FROM main.sqlite_schema WHERE name = 'arrivals'").fetchone()
    if not known:
        return []  # nothing was indexed since there are arrivals
    query = (
        "SELECT a.number, a.cable, a.at FROM arrivals a JOIN cables c ON c.id = a.cable "
        "WHERE a.number > ? ORDER BY a.number DESC LIMIT ?"
    )
    rows = db.execute(query, (since, limit))
    return [Arrival(number, cable_id, datetime.fromisoformat(at)) for number, cable_id, at in rows]
