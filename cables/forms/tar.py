"""TAR archives of any other form, packed with gzip, bzip2, xz or not at all."""

import bz2
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from cables.forms.container import Archive, ArchiveMember

_MAGIC_OFFSET = 257
_TAR_MAGIC = b"ustar"


class Tar(Archive):
    """A TAR archive; its members are recognised one by one."""

    name = "TAR archive"

    def likeness(self, head: bytes) -> int:
        """Certain by the magic word of the first member's block, packed or not."""
        return 100 if is_tar(head) else 0

    def entries(self, stream: BinaryIO) -> Iterator[ArchiveMember]:
        """The files of the archive in one pass; links and devices are refused."""
        with tarfile.open(fileobj=stream, mode="r|*") as archive:
            for info in archive:
                if not info.isdir():
                    opener = partial(archive.extractfile, info)
                    yield ArchiveMember(info.name, opener, stream.tell, _refusal(info))


def is_tar(head: bytes) -> bool:
    """Whether a TAR archive begins so, packed or not."""
    return _unpacked_head(head)[_MAGIC_OFFSET : _MAGIC_OFFSET + len(_TAR_MAGIC)] == _TAR_MAGIC


def _refusal(info: tarfile.TarInfo) -> str | None:
    return None if info.isreg() else "a link or device, so it is not read: pack the file itself"


def _unpacked_head(head: bytes) -> bytes:
    """The first block of a TAR archive, whatever it is packed with; the bytes themselves where that fails."""
    try:
        if head.startswith(b"\x1f\x8b"):
            return zlib.decompressobj(31).decompress(head, 512)
        if head.startswith(b"BZh"):
            return bz2.BZ2Decompressor().decompress(head, 512)
        if head.startswith(b"\xfd7zXZ"):
            return lzma.LZMADecompressor().decompress(head, 512)
    except (zlib.error, OSError, lzma.LZMAError):
        return head
    return head
