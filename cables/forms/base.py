"""What every form gives and takes: sources of bytes in, readings and failures out."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, ClassVar

from cables.model import Cable

HEAD_BYTES = 65_536
"""Bytes at a source's beginning by which its form is recognised."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A cable that was read; `where` names the member of an archive or the row of a table, `line` counts from 1."""

    cable: Cable
    where: str = ""
    line: int | None = None
    form: str = ""
    """The name of the form in which it was found."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be read as a cable, why, and what to do; `line` counts from 1."""

    path: Path
    reason: str
    line: int | None = None
    where: str = ""


class UnreadableError(Exception):
    """A source that is not read any further; the message says why and what to do."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(slots=True)
class Allowance:
    """What may still come out of an archive and those inside it, against archives made to fill a disk."""

    bytes_left: int = 4 * 1024**3
    members_left: int = 500_000


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes to read: a file, or a member inside one.

    `path` is the file on disk, `where` the way inside it (`inner.zip/08BEIJING1.txt`), `name` the last name,
    `depth` the number of archives around it.
    """

    path: Path
    name: str
    opener: Callable[[], BinaryIO]
    where: str = ""
    depth: int = 0
    allowance: Allowance = field(default_factory=Allowance)
    columns: Mapping[str, str] = field(default_factory=dict)
    """Columns of a table that its reader is told: `{"id": "doc_nbr", "text": "body"}`."""
    as_document: bool = False
    """Whether a text without a telegram's marks is taken in all the same."""

    def open(self) -> BinaryIO:
        """The bytes from their beginning; may raise OSError."""
        return self.opener()

    def head(self) -> bytes:
        """The first bytes, by which the form is recognised."""
        with self.open() as stream:
            return stream.read(HEAD_BYTES)

    def whole(self, limit: int) -> bytes:
        """All bytes. Raises UnreadableError where there are more than `limit`; may raise OSError."""
        with self.open() as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise UnreadableError(
                f"over {limit // 2**20} MB: no cable is so long; split the file, one cable each"
            )
        return data

    def failure(self, reason: str, line: int | None = None, where: str = "") -> Failure:
        """A failure at this source, at a `line` of it, or at `where` inside it: a member, a document, a row."""
        return Failure(self.path, reason, line, self.inside(where))

    def reading(self, cable: Cable, where: str = "", line: int | None = None) -> Reading:
        """A reading from this source, or from `where` inside it."""
        return Reading(cable, self.inside(where), line)

    def inside(self, where: str) -> str:
        """The way to `where` from the file on disk."""
        return "/".join(part for part in (self.where, where) if part)

    def member(self, name: str, opener: Callable[[], BinaryIO]) -> "Source":
        """A member of this archive."""
        return replace(
            self,
            name=name.rsplit("/", 1)[-1],
            opener=opener,
            where=self.inside(name),
            depth=self.depth + 1,
        )


class Form(ABC):
    """One form in which cables come. A module of this folder holds one, and is found by lying there."""

    name: ClassVar[str]
    """For people: "published page"."""

    @abstractmethod
    def likeness(self, head: bytes) -> int:
        """How surely a source that begins so is of this form: 0 not at all, 100 beyond doubt."""

    @abstractmethod
    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """The cables of a source, one by one. What cannot be read is a Failure. Raises OSError, UnreadableError."""


def is_skipped(name: str) -> bool:
    """Whether a file or member of this name is passed over in silence: hidden, a README, a licence."""
    return name.startswith(".") or name.lower().startswith(("readme", "license", "licence"))
