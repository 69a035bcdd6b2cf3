"""SQLite connections, and what a store says of a disk that is full or cannot be written."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

MAX_VARIABLES = 500
"""Values that one query names."""
WRITE_OVERHEAD_BYTES = 1 << 20
"""What writing takes beside what is written: journals, pages, merged files."""


def in_parts(values: Sequence[T], size: int = MAX_VARIABLES) -> Iterator[Sequence[T]]:
    """Values in parts that one query can name: SQLite's oldest limit on variables is 999."""
    return (values[start : start + size] for start in range(0, len(values), size))


def marks(values: Sequence[object]) -> str:
    """Question marks for values in SQL: `?,?,?`."""
    return ",".join("?" * len(values))


def connect(path: Path, *, readonly: bool = False, page_size: int | None = None) -> sqlite3.Connection:
    """A connection to a SQLite file whose statements commit one by one; only a new file takes `page_size`."""
    target = str(path)
    if readonly:
        # On a disk that cannot be written SQLite may not make the files that readers of a growing one share.
        fixed = "" if os.access(path.parent, os.W_OK) else "&immutable=1"
        target = f"{path.resolve().as_uri()}?mode=ro{fixed}"
    db = sqlite3.connect(target, uri=readonly, timeout=60, check_same_thread=False, isolation_level=None)
    if not readonly:
        if page_size:
            db.execute(f"PRAGMA page_size={page_size}")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
    return db


def tables_of(db: sqlite3.Connection) -> set[str]:
    """Names of the tables in the catalog's file."""
    return {row[0] for row in db.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'")}


@contextmanager
def disk_errors(
    folder: Path | None, size: int, otherwise: Exception, *errors: type[BaseException]
) -> Iterator[None]:
    """Turn `errors` of a store that writes some `size` bytes into the disk's OSError, or `otherwise`.

    Without a folder the store is in memory.
    """
    try:
        yield
    except errors as error:
        try:
            if folder is not None:
                _try_to_write(folder, size + WRITE_OVERHEAD_BYTES)
        except OSError as refused:
            raise OSError(refused.errno, os.strerror(refused.errno or 0), str(folder)) from error
        raise otherwise from error


def _try_to_write(folder: Path, size: int) -> None:
    with tempfile.TemporaryFile(dir=folder) as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, size)
        else:
            file.write(bytes(size))
            file.flush()


def is_panic(error: BaseException) -> bool:
    """Whether a library's Rust core has panicked, as over a damaged file: a BaseException, of a class of its own."""
    return type(error).__name__ == "PanicException"


class ReadableFolder:
    """A store's folder, or where that cannot be written a stand-in that can: stores write locks even to read.

    The stand-in holds links to what is in the folder, without its locks, and copies of the files named
    `copied`. It is in the temporary directory and goes with this object.
    """

    def __init__(self, folder: Path, *, copied: str = "") -> None:
        self.path = folder
        if not folder.exists() or os.access(folder, os.W_OK):
            return
        self._kept = tempfile.TemporaryDirectory(prefix="reftel-", ignore_cleanup_errors=True)
        self.path = Path(self._kept.name)
        for item in folder.iterdir():
            if item.name == copied:
                shutil.copyfile(item, self.path / item.name)
            elif item.suffix != ".lock":
                (self.path / item.name).symlink_to(item.resolve())
