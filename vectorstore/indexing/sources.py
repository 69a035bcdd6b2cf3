"""The files of a run: which of them must be read, and how a file is recognised as unchanged."""

import os
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import cables
from cables import forms
from cables.forms import Failure
from vectorstore.archive import Archive
from vectorstore.indexing.report import printable
from vectorstore.storage.catalog import KnownFile, SqliteCatalog

SETTLED_NANOSECONDS = 2_000_000_000
"""Time after a file's last change from which its times are trusted."""
HASHED_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file by the path it was given with and its resolved name, and as it is now (None: it cannot be read)."""

    path: Path
    name: str
    current: KnownFile | None = None


def sources(archive: Archive, roots: Iterable[Path]) -> Iterator[Path | Failure]:
    """The files under `roots` that are not the archive's own; what is no file that can be read is a Failure."""
    for path in forms.find_files(roots):
        failure = unreadable(path)
        if failure:
            yield failure
        elif not archive.holds(path):
            yield path


def unreadable(path: Path) -> Failure | None:
    """Why a path can be no source: a loop of links, a pipe or a device, a name that is not UTF-8."""
    shown = Path(printable(str(path)))
    try:
        name = str(path.resolve())
        mode = os.stat(path).st_mode
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        if isinstance(error, FileNotFoundError | PermissionError):
            return None  # reading it says what to do
        return Failure(shown, "a link that leads nowhere or in a circle: remove it")
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        return Failure(shown, "no file but a pipe, a socket or a device: remove it from the sources")
    if name != printable(name):
        return Failure(shown, "its name, or a folder's above it, is not UTF-8: rename it")
    return None


def file_size(path: Path) -> int:
    """Bytes of a file; 0 where it cannot be read."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def look_at(path: Path, catalog: SqliteCatalog) -> tuple[SourceFile, KnownFile | None]:
    """A file as it is now, and as the catalog knows it.

    It is hashed only where size or times differ from what is known. A file that was written a moment ago may be
    written again within the same tick of the clock: no time is kept of it, so that the next run looks again.
    """
    name = str(path.resolve())
    known = catalog.file(name)
    return SourceFile(path, name, _current(path, name, known)), known


def is_unchanged(source: SourceFile, known: KnownFile | None) -> bool:
    """Whether bytes and parser are what they were; a copy of the same bytes has another time."""
    current = source.current
    return bool(known and current and (known.hash, known.parser) == (current.hash, current.parser))


def _current(path: Path, name: str, known: KnownFile | None) -> KnownFile | None:
    try:
        status = path.stat()
        now = KnownFile(name, status.st_size, status.st_mtime_ns, status.st_ctime_ns, "", cables.VERSION)
        if known and replace(now, hash=known.hash) == known:
            return known
        if abs(time.time_ns() - max(now.modified, now.changed)) < SETTLED_NANOSECONDS:
            now = replace(now, modified=0)
        digest = blake2b(digest_size=16)
        with path.open("rb") as file:
            while block := file.read(HASHED_BLOCK_BYTES):
                digest.update(block)
    except OSError:
        return None  # reading it reports why
    return replace(now, hash=digest.hexdigest())
