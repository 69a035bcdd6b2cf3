"""The names of the archive: which paragraphs hold which full names, kept in step with them (in the catalog's file).

It tells who is named beside whom, and which names sound like one that stands nowhere. A reader's connection sees
the names of the paragraphs that it sees, and no others (`vectorstore.storage.row_level_security`).
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from cables.glossary.name_words import full_names, sound
from vectorstore.database import in_parts, marks

NAMES_SCHEMA = """
CREATE TABLE IF NOT EXISTS names (id INTEGER PRIMARY KEY, name TEXT UNIQUE, sound TEXT);
CREATE INDEX IF NOT EXISTS names_by_sound ON names (sound);
CREATE TABLE IF NOT EXISTS name_rows (name INTEGER, row INTEGER, PRIMARY KEY (name, row)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS name_rows_by_row ON name_rows (row, name);
CREATE TRIGGER IF NOT EXISTS name_rows_removed AFTER DELETE ON paragraphs BEGIN
    DELETE FROM name_rows WHERE row = old.row; END;
"""
"""`sound` is that of the last word."""


def put_names(db: sqlite3.Connection, paragraphs: Iterable[tuple[int, str]]) -> None:
    """Note the names of paragraphs: (row, text) each."""
    found = [(name, row) for row, text in paragraphs for name in full_names(text)]
    known = {(name, sound(name.split()[-1].lower())) for name, _ in found}
    db.executemany("INSERT OR IGNORE INTO names (name, sound) VALUES (?, ?)", known)
    db.executemany(
        "INSERT OR IGNORE INTO name_rows SELECT id, ? FROM names WHERE name = ?", [(r, n) for n, r in found]
    )


def fill_names(db: sqlite3.Connection) -> None:
    """Note the names of all paragraphs, of a catalog that was filled before there was an index of them."""
    rows = [row for (row,) in db.execute("SELECT row FROM paragraphs")]
    for part in in_parts(rows):  # not all texts of a large archive at once
        query = f"SELECT row, text FROM paragraphs WHERE row IN ({marks(part)})"
        put_names(db, db.execute(query, part).fetchall())


def _is_there(db: sqlite3.Connection) -> bool:
    """Whether the catalog has names: not before it is first written to by this version."""
    return db.execute("SELECT 1 FROM main.sqlite_schema WHERE name = 'name_rows'").fetchone() is not None


def names_sounding(db: sqlite3.Connection, sounds: Sequence[str]) -> list[tuple[str, int]]:
    """Names whose last word sounds like one of these, with the number of cables that hold them, most first."""
    query = (
        "SELECT n.name, count(DISTINCT p.cable) AS cables FROM names n JOIN name_rows r ON r.name = n.id"
        f" JOIN paragraphs p ON p.row = r.row WHERE n.sound IN ({marks(sounds)})"
        " GROUP BY n.id ORDER BY cables DESC, n.name"
    )
    return db.execute(query, list(sounds)).fetchall() if _is_there(db) else []


def names_beside(
    db: sqlite3.Connection, condition: str, values: Sequence[Any], limit: int
) -> list[tuple[str, int]]:
    """Names in the paragraphs `p` (of cables `c`) that meet a condition, with how many of their cables, most first."""
    query = (
        "SELECT n.name, count(DISTINCT p.cable) AS cables FROM paragraphs p JOIN cables c ON c.id = p.cable"
        f" JOIN name_rows r ON r.row = p.row JOIN names n ON n.id = r.name WHERE {condition}"
        " GROUP BY n.id HAVING cables > 1 ORDER BY cables DESC, n.name LIMIT ?"
    )
    return db.execute(query, [*values, limit]).fetchall() if _is_there(db) else []
