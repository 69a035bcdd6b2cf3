"""One file packed by gzip, bzip2, xz or Zstandard: read as the form that it is inside."""

import bz2
import gzip
import io
import lzma
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import BinaryIO

from cables.forms.base import Failure, Form, Reading, Source, UnreadableError
from cables.forms.container import DAMAGE_ERRORS, ArchiveMember, unpacked_member
from cables.forms.tar import is_tar

_GZIP, _BZIP2, _XZ, _ZSTD = b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"


class Compressed(Form):
    """A single file, packed."""

    name = "packed file"

    def likeness(self, head: bytes) -> int:
        """Certain by the first bytes, but for a packed TAR archive."""
        return 99 if head.startswith((_GZIP, _BZIP2, _XZ, _ZSTD)) and not is_tar(head) else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """What is inside; no more comes out of it than out of an archive."""
        from cables.forms import read_source  # here, because the forms are found by looking into this package

        if source.depth > 1:
            raise UnreadableError("a packed file in an archive in an archive: unpack the outer one first")
        name = PurePath(source.name).stem
        try:
            with source.open() as packed:
                entry = ArchiveMember(name, lambda: _unpacker(packed), packed.tell)
                with unpacked_member(source, entry) as opener:
                    yield from read_source(replace(source, name=name, opener=opener, depth=source.depth + 1))
        except DAMAGE_ERRORS as error:
            raise UnreadableError(f"a damaged packed file ({error}): copy it again") from error


def _unpacker(packed: BinaryIO) -> BinaryIO:
    magic = packed.read(6)
    packed.seek(0)
    stream: io.RawIOBase | io.BufferedIOBase | BinaryIO
    if magic.startswith(_GZIP):
        stream = gzip.GzipFile(fileobj=packed)
    elif magic.startswith(_BZIP2):
        stream = bz2.BZ2File(packed)
    elif magic.startswith(_XZ):
        stream = lzma.LZMAFile(packed)  # noqa: SIM115 -- its reader closes it
    else:
        import zstandard  # late: few files need it

        stream = zstandard.ZstdDecompressor().stream_reader(packed)
    return io.BufferedReader(stream)
