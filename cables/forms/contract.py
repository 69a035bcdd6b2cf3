"""What every form gives and takes: sources of bytes in, readings and failures out."""

import io
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, ClassVar

from cables.model import Cable

HEAD = 65_536
"""Bytes at a source's beginning by which its form is recognised."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A cable that was read; `where` names the member of an archive or the row of a table."""

    cable: Cable
    where: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be read as a cable, why, and what to do; `line` counts from 1."""

    path: Path
    reason: str
    line: int | None = None
    where: str = ""


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

    def open(self) -> BinaryIO:
        """The bytes from their beginning; may raise OSError."""
        return self.opener()

    def head(self) -> bytes:
        """The first bytes, by which the form is recognised."""
        with self.open() as stream:
            return stream.read(HEAD)

    def failure(self, reason: str, line: int | None = None, where: str = "") -> Failure:
        """A failure at this source, or at `where` inside it."""
        return Failure(self.path, reason, line, "/".join(part for part in (self.where, where) if part))

    def reading(self, cable: Cable, where: str = "") -> Reading:
        """A reading from this source, or from `where` inside it."""
        return Reading(cable, "/".join(part for part in (self.where, where) if part))

    def member(self, name: str, data: bytes) -> "Source":
        """A member of this archive, its bytes already in hand."""
        where = "/".join(part for part in (self.where, name) if part)
        return Source(self.path, name.rsplit("/", 1)[-1], lambda: io.BytesIO(data), where, self.depth + 1)


class Form(ABC):
    """One form in which cables come. A module of this folder holds one, and is found by lying there."""

    name: ClassVar[str]
    """For people: "published page"."""

    @abstractmethod
    def likeness(self, head: bytes) -> int:
        """How surely a source that begins so is of this form: 0 not at all, 100 beyond doubt."""

    @abstractmethod
    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """The cables of a source, one by one. What cannot be read is a Failure; only OSError is raised."""
