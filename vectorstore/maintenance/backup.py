"""Backup and restore: the whole archive in one ZIP file, taken and put back while others ask.

A backup holds the catalog and what else the data directory keeps in SQLite, each as of one moment, the
present vectors and words, and the uploaded files. Restoring unpacks vectors and words into folders of their
own and then replaces the catalog's content in one transaction: whoever asks sees the old archive or the
restored one, and a restore that is cut off has changed nothing.
"""

import json
import os
import re
import secrets
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vectorstore.archive import CATALOG
from vectorstore.database import connect
from vectorstore.errors import UserError
from vectorstore.index_spec import IndexPaths
from vectorstore.indexing.lock import one_writer
from vectorstore.indexing.rebuild import RESTORING_PREFIX
from vectorstore.storage.catalog import SqliteCatalog
from vectorstore.storage.catalog_view import ArchiveMissing

FORMAT = 1
MANIFEST = "reftel-backup.json"
MEMBER = re.compile(r"[\w-]+\.sqlite|(vectors|words|uploads)(/[^/\\\0]+)+")
"""What a backup may hold, so that a made-up one writes nowhere else."""


class InvalidBackup(UserError):
    """The file is no backup, or not whole; the message says so."""


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """What a backup holds: when it was made (UTC), and cables, paragraphs and vectors."""

    made: str
    cables: int
    paragraphs: int
    vectors: int


def backup(data: Path, file: Path) -> BackupSummary:
    """Write the archive to `file`, which is replaced only by a whole backup. Nobody can index meanwhile.

    Raises ArchiveMissing, ArchiveLocked, CatalogDamaged, OSError.
    """
    if not (data / CATALOG).exists():
        raise ArchiveMissing(data / CATALOG)
    part = file.with_name(file.name + ".part")
    with one_writer(data), tempfile.TemporaryDirectory(dir=file.parent, prefix=".reftel-") as scratch:
        try:
            with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as target:
                backed = _write(data, target, Path(scratch))
            with part.open("rb+") as whole:
                os.fsync(whole.fileno())
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    return backed


def _write(data: Path, target: zipfile.ZipFile, scratch: Path) -> BackupSummary:
    for database in sorted(data.glob("*.sqlite")):
        copy = scratch / database.name
        _copy(database, copy)
        target.write(copy, database.name, zipfile.ZIP_DEFLATED, 1)
    catalog = SqliteCatalog(scratch / CATALOG)
    catalog.check_pages()
    folders = IndexPaths.read(catalog.meta("folders") or "none none")
    backed = BackupSummary(datetime.now(UTC).isoformat(timespec="seconds"), *catalog.counts())
    catalog.close()
    for folder in (data / "vectors" / folders.vectors, data / "words" / folders.words, data / "uploads"):
        for found in sorted(folder.rglob("*")):
            if found.is_file() and not found.name.endswith(("-shm", ".lock")):
                target.write(found, found.relative_to(data))
    facts = {"format": FORMAT, "made": backed.made, "cables": backed.cables,
             "paragraphs": backed.paragraphs, "vectors": backed.vectors}  # fmt: skip
    target.writestr(MANIFEST, json.dumps(facts, indent=2))
    return backed


def restore(data: Path, file: Path) -> BackupSummary:
    """Put a backup in the place of the archive in `data`, or make one there; what it holds.

    Uploaded files that are there already stay. Raises InvalidBackup, ArchiveLocked, OSError.
    """
    with _opened(file) as source, one_writer(data):
        backed = _manifest(source, file)
        with tempfile.TemporaryDirectory(dir=data, prefix=RESTORING_PREFIX) as scratch:
            unpacked = Path(scratch)
            for member in source.infolist():
                if member.filename != MANIFEST:
                    source.extract(member, unpacked)
            _take(unpacked, data)
    return backed


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as source:
            yield source
    except (zipfile.BadZipFile, EOFError) as error:
        raise InvalidBackup(
            f"{file} is no whole backup ({error}): nothing was changed; take an older one"
        ) from error


def _manifest(source: zipfile.ZipFile, file: Path) -> BackupSummary:
    names = set(source.namelist())
    strange = [name for name in names - {MANIFEST} if not MEMBER.fullmatch(name) or ".." in name.split("/")]
    if MANIFEST not in names or CATALOG not in names or strange:
        raise InvalidBackup(f"{file} is not a file that `reftel backup` wrote: nothing was changed")
    facts = json.loads(source.read(MANIFEST))
    if facts["format"] != FORMAT:
        raise InvalidBackup(
            f"{file} is of format {facts['format']}, this Reftel reads {FORMAT}: use the one that wrote it"
        )
    return BackupSummary(facts["made"], facts["cables"], facts["paragraphs"], facts["vectors"])


def _take(unpacked: Path, data: Path) -> None:
    catalog = SqliteCatalog(unpacked / CATALOG)
    catalog.check_pages()
    named = IndexPaths.read(catalog.meta("folders") or "none none")
    free = IndexPaths(
        # Without vectors, for they lie on a server, the next run embeds again, into a collection of its own.
        _move(unpacked / "vectors" / named.vectors, data / "vectors")
        if list((unpacked / "vectors").rglob("chroma.sqlite3"))
        else f"{secrets.token_hex(4)}-{catalog.meta('archive')}",
        _move(unpacked / "words" / named.words, data / "words"),
    )
    with catalog.transaction():
        catalog.remember("folders", str(free))
        catalog.remember("generation", str(_generation(data / CATALOG) + 1))
    catalog.close()
    for found in sorted((unpacked / "uploads").rglob("*")):
        if found.is_file():
            there = data / found.relative_to(unpacked)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(found, there)
    databases = sorted(unpacked.glob("*.sqlite"), key=lambda path: path.name == CATALOG)  # the catalog last
    for database in databases:
        _replace(database, data / database.name)


def _move(folder: Path, into: Path) -> str:
    """Move a folder among others under its own name or the next free one: that of the old may be in use."""
    names = [folder.name, *(f"{folder.name.partition('-')[0]}-{n}" for n in range(1, 1000))]
    free = next(name for name in names if not (into / name).exists())
    into.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    folder.rename(into / free)
    return free


def _generation(path: Path) -> int:
    try:
        with closing(connect(path)) as db:
            return int(db.execute("SELECT value FROM meta WHERE name = 'generation'").fetchone()[0])
    except (sqlite3.DatabaseError, TypeError):
        return int(datetime.now(UTC).timestamp())  # a damaged or a new one: above whatever it was


def _copy(source: Path, target: Path) -> None:
    """Copy a SQLite file as of one moment, into a new file or over all of another in one transaction."""
    with closing(connect(source)) as one, closing(connect(target)) as other:
        one.backup(other)


def _replace(source: Path, target: Path) -> None:
    try:
        _copy(source, target)
    except sqlite3.DatabaseError:  # what is there is no database any more
        for beside in ("-wal", "-shm"):
            target.with_name(target.name + beside).unlink(missing_ok=True)
        with closing(connect(source)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        source.replace(target)
