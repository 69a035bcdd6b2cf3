"""Saves what can be read of a damaged catalog into a new one.

Every cable whose stored original is whole is read again from it; what could not be read is named. Files are
forgotten, so that the next `reftel index` reads them all and brings back what was lost.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from cables import Cable
from cables.parsing.telegram import parse_telegram
from vectorstore.archive import Archive
from vectorstore.archive.index_state import next_generation
from vectorstore.database import connect
from vectorstore.indexing.diff import as_it_is
from vectorstore.indexing.reconcile import Finding
from vectorstore.keys import text_hash
from vectorstore.storage.cable_records import known_paragraphs, read_cable
from vectorstore.storage.catalog import SqliteCatalog, damaged_at

log = logging.getLogger(__name__)

ID_QUERIES = (
    "SELECT id FROM cables ORDER BY id {}",
    "SELECT cable FROM paragraphs INDEXED BY paragraphs_by_cable ORDER BY cable {}",
    "SELECT cable FROM places INDEXED BY places_by_cable ORDER BY cable {}",
    "SELECT id FROM cables INDEXED BY cables_listed ORDER BY day {}",
)
"""Where ids stand: a damaged page hides some of them in one place and others in another."""


def salvage(archive: Archive) -> list[Finding]:
    """Put a new catalog of what can be read in the place of the damaged one, which stays beside it.

    For the one who holds the lock. Raises CatalogDamaged where nothing can be read at all.
    """
    path, fresh = archive.catalog_path, archive.data / "catalog.saved"
    for leftover in (fresh, *_beside(fresh)):
        leftover.unlink(missing_ok=True)
    saved = SqliteCatalog(fresh)
    with closing(connect(path, readonly=True)) as damaged:
        lost = _save(damaged, saved)
    count = saved.counts()[0]
    saved.close()
    if not count:
        fresh.unlink()
        raise damaged_at(path, "none of its cables can be read")
    kept = path.with_name("catalog.damaged")
    path.replace(kept)
    for old in _beside(path):
        old.unlink(missing_ok=True)
    fresh.replace(path)
    archive.reopen_catalog()
    log.warning("%s was damaged: it is kept as %s", path, kept)
    found = [Finding(f"a damaged catalog, of which {count} cables were saved: index their files again")]
    return found + ([Finding("cables that could not be saved", tuple(lost))] if lost else [])


def _save(damaged: sqlite3.Connection, saved: SqliteCatalog) -> list[str]:
    """Copy what can be read; ids of the cables that could not be."""
    lost = []
    with saved.transaction():
        for name, value in _rows(damaged, "SELECT name, value FROM meta ORDER BY name {}"):
            saved.remember(name, value)
        for cable_id in sorted({row[0] for query in ID_QUERIES for row in _rows(damaged, query)}):
            if not _save_cable(damaged, saved, cable_id):
                lost.append(cable_id)
        next_generation(saved)
    return lost


def _save_cable(damaged: sqlite3.Connection, saved: SqliteCatalog, cable_id: str) -> bool:
    query = "SELECT file, place, hash, original FROM cables WHERE id = ?"
    row = next(_rows(damaged, query, cable_id), None)
    if row is None or text_hash(row[3]) != row[2]:
        return False
    file, place, _, original = row
    cable = _whole(damaged, cable_id) or parse_telegram(original, id=cable_id)
    saved.put_cable(cable, as_it_is(cable, file, place).known, file=file, place=place)
    saved.put_places(file, [cable_id], all_of_them=False)
    return True


def _whole(damaged: sqlite3.Connection, cable_id: str) -> Cable | None:
    """The cable as it was read from its file, where none of its paragraphs is lost or altered."""
    with suppress(sqlite3.DatabaseError, ValueError):
        cable = read_cable(damaged, cable_id)
        if cable and as_it_is(cable, "", "").known == known_paragraphs(damaged, cable_id):
            return cable
    return None


def _rows(db: sqlite3.Connection, query: str, *values: str) -> Iterator[tuple[str, ...]]:
    """The rows up to a damaged page, and where the query can be turned round, from the other end to it."""
    for direction in ("ASC", "DESC") if "{}" in query else ("",):
        with suppress(sqlite3.DatabaseError):
            yield from db.execute(query.format(direction), values)


def _beside(path: Path) -> list[Path]:
    return [path.with_name(path.name + end) for end in ("-wal", "-shm")]
