"""One writer at a time: the lock that an indexer holds, and who holds it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


class ArchiveLocked(Exception):
    """Another process is writing to the archive; the message says which."""


@contextmanager
def one_writer(data: Path) -> Iterator[None]:
    """Hold the archive's lock, or raise ArchiveLocked. A killed process holds none."""
    data.mkdir(parents=True, exist_ok=True)
    holder = data / "indexing.pid"
    try:
        with FileLock(data / "indexing.lock", timeout=0):
            holder.write_text(str(os.getpid()))
            yield
    except Timeout as error:
        who = holder.read_text() if holder.exists() else "unknown"
        raise ArchiveLocked(
            f"another process (number {who}) is indexing into {data}: wait until it has ended"
        ) from error
