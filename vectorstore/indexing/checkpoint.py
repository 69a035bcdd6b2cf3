"""The checkpoint of a run that found stores and catalog to agree, so that the next need not open the stores.

Opening Chroma takes as long as all else that a run does where nothing is new. A checkpoint names the generation
of the archive, and the size and time of every file of the stores. It holds while both are the same.
"""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from vectorstore.archive import Archive
from vectorstore.database import connect

FACT = "checkpoint"
"""Under which the catalog remembers it."""
CHROMA_OPENING_TABLE = "acquire_write"
"""A table into which Chroma writes a row whenever it is opened."""
MAX_CHECKED_BYTES = 2**28
"""Size of a database up to which it is read through faster than Chroma opens."""
TEMPORARY_SUFFIXES = ("-wal", "-shm", "-journal", ".lock")
"""Ends of the names of files that do not stay when all is closed."""

FileStates = dict[str, list[int]]
"""By path a file's time (nanoseconds) and size (bytes), and of a database the newest row of each table."""


def save(archive: Archive) -> None:
    """Remember how the stores lie; for the one who holds the lock, when all is written and closed."""
    if archive.backends.local:
        with archive.catalog.transaction():
            archive.catalog.remember(FACT, json.dumps([_generation(archive), _file_states(archive)]))


def holds(archive: Archive) -> bool:
    """Whether nothing has changed since the checkpoint."""
    saved = json.loads(archive.catalog.meta(FACT) or "null")
    if saved is None or not archive.backends.local or saved[0] != _generation(archive):
        return False
    before: FileStates = saved[1]
    now = _file_states(archive)
    changed = [name for name in now.keys() | before.keys() if now.get(name) != before.get(name)]
    return all(_was_only_opened(Path(name), before.get(name), now.get(name)) for name in changed)


def _generation(archive: Archive) -> str:
    return archive.catalog.meta("generation") or ""


def _file_states(archive: Archive) -> FileStates:
    states: FileStates = {}
    for folder in archive.folders.values():
        for path in folder.rglob("*"):
            if path.is_file() and not path.name.endswith(TEMPORARY_SUFFIXES):
                stat = path.stat()
                time = 0 if _is_of_empty_graph(path) else stat.st_mtime_ns
                states[str(path)] = [time, stat.st_size, *_newest_rows(path)]
    return states


def _is_of_empty_graph(path: Path) -> bool:
    """Whether a file is of a graph into which Chroma has put nothing yet; it writes such files at each opening."""
    links = path.parent / "link_lists.bin"
    return links.exists() and links.stat().st_size == 0


def _was_only_opened(path: Path, before: list[int] | None, now: list[int] | None) -> bool:
    """Whether a file is Chroma's database with another time, the same rows and no damage."""
    if not before or not now or before[1:] != now[1:] or not _is_database(path) or now[1] > MAX_CHECKED_BYTES:
        return False
    try:
        with closing(connect(path, readonly=True)) as database:
            return bool(database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def _is_database(path: Path) -> bool:
    return path.suffix in (".sqlite", ".sqlite3")


def _newest_rows(path: Path) -> list[int]:
    """The number of the newest row of each table: every write adds one, to a queue of Chroma's at least."""
    if not _is_database(path):
        return []
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%WITHOUT ROWID%' "
        "AND sql NOT LIKE '%VIRTUAL%' AND name != ? ORDER BY name"
    )
    try:
        with closing(connect(path, readonly=True)) as database:
            tables = [name for (name,) in database.execute(query, [CHROMA_OPENING_TABLE])]
            newest = (database.execute(f'SELECT max(rowid) FROM "{name}"').fetchone()[0] for name in tables)
            return [row or 0 for row in newest]
    except sqlite3.DatabaseError:
        return [-1]
