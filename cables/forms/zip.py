"""ZIP archives of any other form."""

import stat
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from cables.forms.base import UnreadableError
from cables.forms.container import Archive, ArchiveMember

_ENCRYPTED_FLAG = 0x1


class Zip(Archive):
    """A ZIP archive; its members are recognised one by one."""

    name = "ZIP archive"

    def likeness(self, head: bytes) -> int:
        """Certain by its first bytes."""
        return 100 if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) else 0

    def entries(self, stream: BinaryIO) -> Iterator[ArchiveMember]:
        """The files of the archive; links and locked files are refused."""
        with zipfile.ZipFile(stream) as archive:
            if "[Content_Types].xml" in archive.NameToInfo:
                raise UnreadableError("an Office document: save it as plain text")
            for info in archive.infolist():
                if not info.is_dir():
                    opener, size = partial(archive.open, info), info.compress_size
                    yield ArchiveMember(info.filename, opener, partial(int, size), _refusal(info))


def _refusal(info: zipfile.ZipInfo) -> str | None:
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a link, so it is not read: pack the file itself"
    if info.flag_bits & _ENCRYPTED_FLAG:
        return "locked with a password: unpack it first"
    return None
