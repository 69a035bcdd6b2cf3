"""Disks that are full or cannot be written: what the disk says of it, and how to read from it all the same."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MARGIN = 1 << 20
"""Bytes that writing takes beside what is written: journals, pages, merged files."""


@contextmanager
def telling(
    folder: Path | None, size: int, otherwise: Exception, *errors: type[BaseException]
) -> Iterator[None]:
    """Turn `errors` of a store that writes some `size` bytes into the disk's OSError, or `otherwise`.

    Without a folder the store lies in memory, and the disk has no word.
    """
    try:
        yield
    except errors as error:
        try:
            if folder is not None:
                _try_to_write(folder, size + MARGIN)
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


class Readable:
    """A store's folder, or where that cannot be written a stand-in that can: stores write locks even to read.

    The stand-in holds links to what lies in the folder, without its locks, and copies of the files named
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
