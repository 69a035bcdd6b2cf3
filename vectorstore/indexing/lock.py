"""One writer at a time: the lock that an indexer holds, and who holds it."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.errors import UserError


class ArchiveLocked(UserError):
    """Another process is writing to the archive; the message says which."""


@contextmanager
def one_writer(data: Path) -> Iterator[None]:
    """Hold the archive's lock, or raise ArchiveLocked. A killed process holds none."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    holder = data / "indexing.pid"
    lock = FileLock(data / "indexing.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        who = holder.read_text() if holder.exists() else "another process"
        raise ArchiveLocked(
            f"{data} is being written to by {who}: wait until that has ended; nothing was changed"
        ) from error
    try:
        holder.write_text(_myself())
        yield
    finally:
        lock.release()


def _myself() -> str:
    """`reftel watch` (process 123 on the machine oak, since 2026-11-26 14:02 UTC)."""
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])
    since = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    return f"`{command}` (process {os.getpid()} on {socket.gethostname()}, since {since})"
