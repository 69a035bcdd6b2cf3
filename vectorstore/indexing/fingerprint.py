"""Whether vectors and words still lie as the last run left them: then a run need not open them to see it.

Opening Chroma takes longer than all else that a run does where nothing is new. A seal is what the catalog
counts, and the time and size of every file of the stores.
"""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from vectorstore.archive import Archive
from vectorstore.database import connect

NAME = "sealed"
"""Under which the catalog remembers the seal."""

OPENED = "acquire_write"
"""A table into which Chroma writes a row whenever it is opened."""

LARGEST = 2**28
"""Bytes of a database up to which it is read through faster than Chroma opens."""

State = dict[str, list[int]]


def put(archive: Archive) -> None:
    """Remember how the stores lie; for the one who holds the lock, when all is written."""
    if _local(archive):
        with archive.catalog.transaction():
            archive.catalog.remember(NAME, json.dumps(_state(archive)))


def holds(archive: Archive) -> bool:
    """Whether everything lies as the last run left it.

    Chroma's database has another time when it was only opened: it must have the same rows then, and be sound.
    """
    before: State | None = json.loads(archive.catalog.meta(NAME) or "null")
    if not _local(archive) or before is None:
        return False
    now = _state(archive)
    changed = [name for name in now.keys() | before.keys() if now.get(name) != before.get(name)]
    return all(_only_opened(Path(name), before.get(name), now.get(name)) for name in changed)


def _local(archive: Archive) -> bool:
    """Whether all stores are files of this archive's."""
    return not archive.server and not archive.words_url


def _state(archive: Archive) -> State:
    """What is counted, and by its path the time and size of every file that stays when all is closed; of a
    database its newest rows too."""
    state = {"counted": list(archive.catalog.counts())}
    for folder in archive.folders.values():
        for path in folder.rglob("*"):
            if path.is_file() and not path.name.endswith(("-wal", "-shm", "-journal", ".lock")):
                stat = path.stat()
                time = 0 if _of_empty_graph(path) else stat.st_mtime_ns
                state[str(path)] = [time, stat.st_size, *_newest_rows(path)]
    return state


def _of_empty_graph(path: Path) -> bool:
    """Whether a file is of a graph into which Chroma has put nothing yet; it writes such files at each opening."""
    links = path.parent / "link_lists.bin"
    return links.exists() and links.stat().st_size == 0


def _only_opened(path: Path, before: list[int] | None, now: list[int] | None) -> bool:
    if not before or not now or before[1:] != now[1:] or not _is_database(path) or now[1] > LARGEST:
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
    try:
        with closing(connect(path, readonly=True)) as database:
            tables = [name for (name,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%WITHOUT ROWID%' "
                "AND sql NOT LIKE '%VIRTUAL%' AND name != ? ORDER BY name", [OPENED],
            )]  # fmt: skip
            newest = (database.execute(f'SELECT max(rowid) FROM "{name}"').fetchone()[0] for name in tables)
            return [row or 0 for row in newest]
    except sqlite3.DatabaseError:
        return [-1]
