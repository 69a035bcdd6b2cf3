"""Restore: a backup put in the place of an archive, while others ask.

It is unpacked beside the archive and checked there: names, catalog, and whether the stores agree with it. Only then
vectors and words move to folders of their own, and the catalog's content is replaced in one transaction: who asks
sees the old archive or the restored one, and a restore that is cut off has changed nothing.
"""

import json
import re
import secrets
import shutil
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from vectorstore.archive import CATALOG, Archive, ArchiveConfig, open_to_ask
from vectorstore.archive.index_spec import LOCAL_VECTORS, IndexPaths
from vectorstore.archive.index_state import IndexState
from vectorstore.database import connect
from vectorstore.errors import UserError
from vectorstore.indexing.lock import one_writer
from vectorstore.indexing.rebuild import RESTORING_PREFIX
from vectorstore.maintenance import doctor
from vectorstore.maintenance.backup import (
    BACKUP_FORMAT,
    CONVERSATIONS_NAME,
    DATABASE_NAMES,
    MANIFEST_NAME,
    BackupSummary,
    copy_database,
)
from vectorstore.storage.catalog import CatalogDamaged, SqliteCatalog
from vectorstore.storage.row_level_security import Rule

STORED_FILE_RE = re.compile(r"(vectors|words|uploads)(/[^/\\\0]+)+")
FOLDER_NAME_RE = re.compile(r"[\w-]+")
CATALOG_TABLES = frozenset({"meta", "files", "places", "cables", "paragraphs", "tags", "writing", "runs"})
"""Tables without which a database is no catalog."""


class InvalidBackup(UserError):
    """The file is no backup, or not whole; the message says so, and nothing was changed."""


def _as_it_was_built(data: Path) -> Archive:
    return open_to_ask(ArchiveConfig(data))


def restore(data: Path, file: Path, *, opener: Callable[[Path], Archive] = _as_it_was_built) -> BackupSummary:
    """Put a backup in the place of the archive in `data`, or make one there; what it holds.

    What closes cables or was said since the backup stays: need-to-know rules are added to those of the backup,
    conversations and uploaded files that are there are kept. `opener` opens the unpacked archive to check it.
    Raises InvalidBackup, ArchiveLocked, OSError.
    """
    with _opened(file) as source, one_writer(data):
        summary = _manifest(source, file)
        with tempfile.TemporaryDirectory(dir=data, prefix=RESTORING_PREFIX) as scratch:
            unpacked = Path(scratch)
            _unpack(source, unpacked, file)
            state = _check_catalog(unpacked / CATALOG, summary, file)
            _check_stores(unpacked, state, opener, file)
            _take(unpacked, data, state)
    return summary


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as source:
            yield source
    except (zipfile.BadZipFile, EOFError) as error:
        raise InvalidBackup(
            f"{file} is no whole backup ({error}): nothing was changed; take an older one"
        ) from error


# Checking


def _manifest(source: zipfile.ZipFile, file: Path) -> BackupSummary:
    """What a backup says of itself, if it holds nothing but what a backup may hold."""
    names = set(source.namelist())
    if MANIFEST_NAME not in names or CATALOG not in names or not all(map(_belongs, names)):
        raise _not_ours(file)
    try:
        facts = json.loads(source.read(MANIFEST_NAME))
        form, made = facts["format"], str(facts["made"])
        counts = [int(facts[name]) for name in ("cables", "paragraphs", "vectors")]
    except (ValueError, TypeError, KeyError) as error:
        raise _not_ours(file) from error
    if form != BACKUP_FORMAT:
        raise InvalidBackup(
            f"{file} is of format {form}, this Reftel reads {BACKUP_FORMAT}: use the one that wrote it"
        )
    return BackupSummary(made, *counts)


def _belongs(name: str) -> bool:
    """Whether a member may be in a backup, so that a made-up one writes nowhere else."""
    if name in (MANIFEST_NAME, *DATABASE_NAMES):
        return True
    return bool(STORED_FILE_RE.fullmatch(name)) and not {".", ".."} & set(name.split("/"))


def _unpack(source: zipfile.ZipFile, target: Path, file: Path) -> None:
    members = [member for member in source.infolist() if member.filename != MANIFEST_NAME]
    size, free = sum(member.file_size for member in members), shutil.disk_usage(target).free
    if size > free:
        raise InvalidBackup(
            f"{file} unpacks to {size} bytes, {free} are free: nothing was changed; make room"
        )
    for member in members:
        source.extract(member, target)


def _check_catalog(catalog: Path, summary: BackupSummary, file: Path) -> IndexState:
    """The state of the catalog's index, if it is a catalog, whole, and holds what the manifest counts."""
    try:
        if not _is_catalog(catalog):
            raise _not_ours(file)
        opened = SqliteCatalog(catalog)
        try:
            opened.check_pages()
            counts, state = opened.counts(), IndexState.read(opened.meta)
        finally:
            opened.close()
    except (sqlite3.DatabaseError, CatalogDamaged) as error:
        raise InvalidBackup(f"{file} holds a damaged catalog ({error}): nothing was changed") from error
    if counts != (summary.cables, summary.paragraphs, summary.vectors) or state is None or not counts[0]:
        raise InvalidBackup(
            f"{file} does not hold the {summary.cables} cables that it names: nothing was changed"
        )
    if not (FOLDER_NAME_RE.fullmatch(state.paths.vectors) and FOLDER_NAME_RE.fullmatch(state.paths.words)):
        raise _not_ours(file)
    return state


def _is_catalog(path: Path) -> bool:
    """Whether a database has a catalog's tables, and no view or trigger but a catalog's."""
    query = "SELECT type, name, sql FROM sqlite_schema"
    with closing(connect(path, readonly=True)) as db:
        found = set(db.execute(query).fetchall())
    with tempfile.TemporaryDirectory() as folder:
        SqliteCatalog(Path(folder) / CATALOG).close()
        with closing(connect(Path(folder) / CATALOG, readonly=True)) as db:
            ours = set(db.execute(query).fetchall())
    strange = any(kind in ("view", "trigger") for kind, *_ in found - ours)
    return not strange and {name for kind, name, _ in found if kind == "table"} >= CATALOG_TABLES


def _check_stores(unpacked: Path, state: IndexState, opener: Callable[[Path], Archive], file: Path) -> None:
    """Whether vectors and words agree with the catalog, where the backup holds both."""
    if not state.spec.local:
        return  # the next run makes again what is on a server
    archive = opener(unpacked)
    try:
        if archive.spec != state.spec or archive.catalog.unfinished():  # the next run builds or mends it
            found = [doctor.Finding(str(error)) for error in archive.stores.damaged().values()]
        else:
            found = doctor.check(archive)
    finally:
        archive.release()
        archive.catalog.close()
    if found:
        raise InvalidBackup(f"{file} is not whole ({found[0]}): nothing was changed; take an older one")


def _not_ours(file: Path) -> InvalidBackup:
    return InvalidBackup(f"{file} is not a file that `reftel backup` wrote: nothing was changed")


# Putting back


def _take(unpacked: Path, data: Path, state: IndexState) -> None:
    catalog = SqliteCatalog(unpacked / CATALOG)
    paths = IndexPaths(
        # Vectors that lie on a server are embedded again by the next run, into a collection of its own.
        _move(unpacked / "vectors" / state.paths.vectors, data / "vectors")
        if state.spec.store == LOCAL_VECTORS
        else f"{secrets.token_hex(4)}-{catalog.meta('archive')}",
        _move(unpacked / "words" / state.paths.words, data / "words"),
    )
    with catalog.transaction():
        catalog.remember("folders", str(paths))
        # Of a catalog that cannot be read the generation was less than the seconds since 1970.
        before = _read_replaced(data / CATALOG, "SELECT value FROM meta WHERE name = 'generation'")
        catalog.remember("generation", str(int(before[0][0] if before else time.time()) + 1))
        for rule in _read_replaced(data / CATALOG, "SELECT name, kind, value FROM rules"):
            catalog.groups.put(Rule(*rule))
    catalog.close()
    _take_uploads(unpacked, data)
    if (unpacked / CONVERSATIONS_NAME).exists() and not (data / CONVERSATIONS_NAME).exists():
        _replace(unpacked / CONVERSATIONS_NAME, data / CONVERSATIONS_NAME)
    _replace(unpacked / CATALOG, data / CATALOG)  # last: until then the old archive answers


def _take_uploads(unpacked: Path, data: Path) -> None:
    for found in sorted((unpacked / "uploads").rglob("*")):
        there = data / found.relative_to(unpacked)
        if found.is_file() and not there.exists():
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(found, there)


def _move(folder: Path, into: Path) -> str:
    """Move a folder among others under its own name or the next free one: that of the old may be in use."""
    names = [folder.name, *(f"{folder.name.partition('-')[0]}-{n}" for n in range(1, 1000))]
    free = next(name for name in names if not (into / name).exists())
    into.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    folder.rename(into / free)
    return free


def _read_replaced(catalog: Path, query: str) -> list[tuple[Any, ...]]:
    """Rows of the catalog that is replaced; none where it is damaged or not there."""
    with suppress(sqlite3.DatabaseError), closing(connect(catalog)) as db:
        return db.execute(query).fetchall()
    return []


def _replace(source: Path, target: Path) -> None:
    try:
        copy_database(source, target)
    except sqlite3.DatabaseError:  # what is there is no database any more
        for beside in ("-wal", "-shm"):
            target.with_name(target.name + beside).unlink(missing_ok=True)
        with closing(connect(source)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        source.replace(target)
