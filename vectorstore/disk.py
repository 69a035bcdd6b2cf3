"""Why a store could not be written: what the disk says, in place of what the store says."""

import os
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
