"""What archives share: which members are read, which are refused, and how much may come out."""

import struct
import tarfile
import tempfile
import zipfile
import zlib
from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from lzma import LZMAError
from pathlib import Path
from typing import IO, BinaryIO

from cables.forms.base import Failure, Form, Reading, Source, UnreadableError, is_skipped

_MAX_DEPTH = 1
"""Archives around an archive that is still read: nested once."""
_MAX_IN_MEMORY_BYTES = 8 * 1024 * 1024
_MAX_RATIO = 200
_MIN_RATIO_BYTES = 4 * 1024 * 1024
"""Bytes from which on an unpacked member is measured against its packed size."""
DAMAGE_ERRORS = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, LZMAError, EOFError, NotImplementedError),
    # what the two unpackers raise of their own where lengths and places in an archive make no sense
    *(ValueError, RuntimeError, IndexError, OverflowError, struct.error),
)


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """One member: its name, how to open it, its packed bytes as far as read, why it is refused, if it is."""

    name: str
    opener: Callable[[], IO[bytes] | None]
    packed: Callable[[], int]
    refusal: str | None = None


class Archive(Form):
    """An archive of any of the other forms, one inside another at most."""

    @abstractmethod
    def entries(self, stream: BinaryIO) -> Iterator[ArchiveMember]:
        """The files of an archive in order, folders left out. Raises its unpacker's errors."""

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """The cables of each member; what came before a damaged one was read."""
        if source.depth > _MAX_DEPTH:
            raise UnreadableError("an archive in an archive in an archive: unpack the outer one first")
        with source.open() as stream:
            entries = self.entries(stream)
            while True:
                try:
                    entry = next(entries, None)
                except DAMAGE_ERRORS as error:
                    raise UnreadableError(
                        f"a damaged archive ({error}): copy it again; what came before was read"
                    ) from error
                if entry is None:
                    return
                yield from _read_entry(source, entry)


def _read_entry(source: Source, entry: ArchiveMember) -> Iterator[Reading | Failure]:
    """The cables of one member. Raises UnreadableError when the archive must not be read any further."""
    from cables.forms import read_source  # here, because the forms are found by looking into this package

    parts = entry.name.replace("\\", "/").split("/")
    if any(is_skipped(part) for part in parts if part not in (".", "..")) or parts[0] == "__MACOSX":
        return
    source.allowance.members_left -= 1
    if source.allowance.members_left < 0:
        raise UnreadableError("more than 500,000 files in it: unpack it yourself and index the folder")
    if refusal := entry.refusal or _bad_name(entry.name, parts):
        yield source.failure(refusal, where=entry.name)
        return
    with ExitStack() as stack:
        try:
            opener = stack.enter_context(unpacked_member(source, entry))
        except DAMAGE_ERRORS as error:
            yield source.failure(
                f"damaged inside the archive ({error}): copy the archive again", where=entry.name
            )
            return
        yield from read_source(source.member(entry.name, opener))


def _bad_name(name: str, parts: list[str]) -> str | None:
    if name.startswith(("/", "\\")) or ".." in parts or name[1:2] == ":":
        return "its name leads out of the archive, so it is not read: pack the files again with plain names"
    return None


@contextmanager
def unpacked_member(source: Source, entry: ArchiveMember) -> Iterator[Callable[[], BinaryIO]]:
    """The bytes of a member in memory or in a temporary file, so that they can be read more than once."""
    with entry.opener() or BytesIO() as stream:
        head = _take(stream, source, entry, 0)
        if len(head) < _MAX_IN_MEMORY_BYTES:
            yield lambda: BytesIO(head)
            return
        with tempfile.TemporaryDirectory(prefix="reftel-") as folder:
            path = Path(folder) / "member"
            with path.open("wb") as out:
                chunk, done = head, 0
                while chunk:
                    out.write(chunk)
                    done += len(chunk)
                    chunk = _take(stream, source, entry, done)
            yield lambda: path.open("rb")


def _take(stream: IO[bytes], source: Source, entry: ArchiveMember, done: int) -> bytes:
    """The next bytes of a member, counted; raises UnreadableError when more comes out than may."""
    data = stream.read(_MAX_IN_MEMORY_BYTES)
    source.allowance.bytes_left -= len(data)
    total = done + len(data)
    if source.allowance.bytes_left < 0:
        raise UnreadableError("more than 4 GB comes out of it: unpack it yourself and index the folder")
    if total > _MIN_RATIO_BYTES and total > entry.packed() * _MAX_RATIO:
        raise UnreadableError(
            f"{entry.name} unpacks to more than {_MAX_RATIO} times its size, as an archive made to do harm does"
        )
    return data
