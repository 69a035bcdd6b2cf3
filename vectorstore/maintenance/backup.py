"""Backup: the whole archive in one ZIP file, taken while others ask.

A backup holds the catalog and the conversations, each as of one moment, the present vectors and words, and the
uploaded files.
"""

import json
import os
import tempfile
import zipfile
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from vectorstore.archive import CATALOG
from vectorstore.archive.index_state import IndexState
from vectorstore.database import connect
from vectorstore.indexing.lock import one_writer
from vectorstore.storage.catalog import SqliteCatalog
from vectorstore.storage.catalog_view import ArchiveMissing

BACKUP_FORMAT = 1
MANIFEST_NAME = "reftel-backup.json"
CONVERSATIONS_NAME = "conversations.sqlite"
DATABASE_NAMES = (CATALOG, CONVERSATIONS_NAME)
"""What is kept in SQLite beside vectors and words; accounts and keys are no part of a backup."""


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
            part.touch(mode=0o600)  # all of the archive is in it
            with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as target:
                summary = _write(data, target, Path(scratch))
            with part.open("rb+") as whole:
                os.fsync(whole.fileno())
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    return summary


def _write(data: Path, target: zipfile.ZipFile, scratch: Path) -> BackupSummary:
    for name in DATABASE_NAMES:
        if (data / name).exists():
            copy_database(data / name, scratch / name)
            target.write(scratch / name, name, zipfile.ZIP_DEFLATED, 1)
    catalog = SqliteCatalog(scratch / CATALOG)
    catalog.check_pages()
    state = IndexState.read(catalog.meta)
    summary = BackupSummary(datetime.now(UTC).isoformat(timespec="seconds"), *catalog.counts())
    catalog.close()
    folders = [data / "vectors" / state.paths.vectors, data / "words" / state.paths.words] if state else []
    for folder in (*folders, data / "uploads"):
        for found in sorted(folder.rglob("*")):
            if found.is_file() and not found.name.endswith(("-shm", ".lock")):
                target.write(found, found.relative_to(data))
    target.writestr(MANIFEST_NAME, json.dumps({"format": BACKUP_FORMAT, **asdict(summary)}, indent=2))
    return summary


def copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite file as of one moment, into a new file or over all of another in one transaction."""
    with closing(connect(source)) as one, closing(connect(target)) as other:
        one.backup(other)
