"""Row-level security: the one place where a clearance is enforced.

A reader's connection gets views of its own under the names of the catalog's tables. SQLite looks for a name
among them first, so that every query sees what the clearance allows and nothing else:
there is no condition that could be forgotten. What is kept back is not there, in lists, counts and errors.
"""

import sqlite3
from dataclasses import dataclass

from vectorstore.access import ALL, NOFORN, Clearance
from vectorstore.errors import UserError

ACCESS_SCHEMA = """
CREATE TABLE IF NOT EXISTS needs (
    cable TEXT, key TEXT, caveat TEXT, PRIMARY KEY (cable, key, caveat)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rules (
    name TEXT, kind TEXT, value TEXT, PRIMARY KEY (name, kind, value)) WITHOUT ROWID;
"""
"""Caveats by cable and paragraph, and which cables a need-to-know group keeps to itself."""

_HELD_SQL = """
CREATE TEMP TABLE held_caveats (caveat TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE held_groups (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_CAVEATS_SQL = (
    "NOT EXISTS (SELECT 1 FROM main.needs n WHERE n.cable = {cable} AND n.key IN ('', {key})"
    " AND n.caveat NOT IN (SELECT caveat FROM held_caveats){released})"
)
_GROUPS_SQL = (
    "{cable} NOT IN (SELECT t.cable FROM main.rules r JOIN main.tags t ON t.code = r.value"
    " WHERE r.kind = 'tag' AND r.name NOT IN (SELECT name FROM held_groups)"
    " UNION SELECT r.value FROM main.rules r"
    " WHERE r.kind = 'cable' AND r.name NOT IN (SELECT name FROM held_groups)"
    " UNION SELECT f.cable FROM main.rules r JOIN main.places f ON {below}"
    " WHERE r.kind = 'folder' AND r.name NOT IN (SELECT name FROM held_groups)"
    " UNION SELECT f.id FROM main.rules r JOIN main.cables f ON {below}"
    " WHERE r.kind = 'folder' AND r.name NOT IN (SELECT name FROM held_groups))"
)
IN_FOLDER_SQL = "f.file >= r.value || '/' AND f.file < r.value || '0'"
"""Whether a row f with a file is in the folder of a rule r; every sibling of '/' sorts before '0'."""
_TABLES_OF_CABLES = ("tags", "links", "aliases", "arrivals")
"""Tables whose rows belong to a cable: seen where it is seen."""
_CLOSED_TABLES = ("files", "places", "writing", "runs", "needs", "rules")
"""Tables that name or count cables of every level: only who sees everything sees them."""


class RowLevelSecurityMissing(UserError):
    """The catalog is of a version that knows no caveats; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Cables are for the members of group `name`: those from a folder or a file (`kind` folder), with a TAG (tag),
    or one by its id (cable)."""

    name: str
    kind: str
    value: str


def restrict_connection(db: sqlite3.Connection, clearance: Clearance) -> None:
    """Let a read-only connection see what the clearance allows. Raises RowLevelSecurityMissing for an old catalog."""
    if clearance.whole:
        return
    query = "SELECT name FROM main.sqlite_schema WHERE name IN ('needs', 'rules')"
    if len(db.execute(query).fetchall()) < 2:
        raise RowLevelSecurityMissing(
            "the archive was made before there were caveats and groups: run `reftel index` once"
        )
    db.executescript(_HELD_SQL)
    db.executemany("INSERT INTO held_caveats VALUES (?)", [(caveat,) for caveat in clearance.caveats])
    db.executemany("INSERT INTO held_groups VALUES (?)", [(name,) for name in clearance.groups])
    db.execute(
        f"CREATE TEMP VIEW cables AS SELECT * FROM main.cables AS g WHERE {_visible_condition(clearance, 'g.id')}"
    )
    of_paragraph = _visible_condition(clearance, "g.cable", "g.key")
    db.execute(f"CREATE TEMP VIEW paragraphs AS SELECT * FROM main.paragraphs AS g WHERE {of_paragraph}")
    for table in _TABLES_OF_CABLES:
        cable = "EXISTS (SELECT 1 FROM temp.cables c WHERE c.id = g.cable)"
        db.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} AS g WHERE {cable}")
    db.execute(
        f"CREATE TEMP VIEW versions AS SELECT * FROM main.versions AS g WHERE {_version_condition(clearance)}"
    )
    of_row = "EXISTS (SELECT 1 FROM temp.paragraphs p WHERE p.row = g.row)"
    db.execute(f"CREATE TEMP VIEW name_rows AS SELECT * FROM main.name_rows AS g WHERE {of_row}")
    of_name = "EXISTS (SELECT 1 FROM temp.name_rows r WHERE r.name = g.id)"
    db.execute(f"CREATE TEMP VIEW names AS SELECT * FROM main.names AS g WHERE {of_name}")
    for table in _CLOSED_TABLES:
        db.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE 0")


def _version_condition(clearance: Clearance) -> str:
    """SQL that holds where another text of a cable may be seen: the cable may, and all of the text."""
    parts = [
        f"g.level <= {int(clearance.level)}",
        "EXISTS (SELECT 1 FROM temp.cables c WHERE c.id = g.cable)",
    ]
    if clearance.caveats != ALL:
        parts.append(
            "NOT EXISTS (SELECT 1 FROM json_each(g.caveats) n WHERE n.value NOT IN"
            " (SELECT caveat FROM held_caveats))"
        )
    return " AND ".join(parts)


def _visible_condition(clearance: Clearance, cable: str, key: str = "''") -> str:
    """SQL that holds where a cable, or a paragraph of it, may be seen."""
    parts = [f"g.level <= {int(clearance.level)}"]
    if clearance.caveats != ALL:
        released = (
            " AND n.caveat <> 'REL' AND n.caveat NOT LIKE 'REL %'" if NOFORN in clearance.caveats else ""
        )
        parts.append(_CAVEATS_SQL.format(cable=cable, key=key, released=released))
    if clearance.groups != ALL:
        parts.append(_GROUPS_SQL.format(cable=cable, below=IN_FOLDER_SQL))
    return " AND ".join(parts)
