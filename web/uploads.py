"""Indexing from the page: uploaded files are kept under the data directory and indexed in a thread."""

import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vectorstore.archive import Archive
from vectorstore.catalog import CatalogDamaged
from vectorstore.indexer import ArchiveLocked, Indexer, Progress, Report

LOOK = 0.3
"""Seconds between two looks at a run."""


@dataclass
class Running:
    """An indexing run as the page sees it: under way, done with a report, or failed with words."""

    started: float = field(default_factory=time.monotonic)
    progress: Progress | None = None
    report: Report | None = None
    problem: str = ""

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self.started


def keep(files: Sequence[Path], folder: Path) -> list[Path]:
    """Copy uploaded files into the folder, under their own names; the same name again replaces the file."""
    folder.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(file, folder / file.name)) for file in files]


def index(archive: Archive, sources: Sequence[Path]) -> Iterator[Running]:
    """Index sources, and say every moment how far it is; the last state has a report or a problem."""
    running = Running()

    def look(progress: Progress) -> None:
        running.progress = progress

    def work() -> None:
        try:
            running.report = Indexer(archive, progress=look).run(sources)
        except (ArchiveLocked, CatalogDamaged, OSError) as error:
            running.problem = str(error)

    thread = threading.Thread(target=work, name="indexing", daemon=True)
    thread.start()
    while thread.is_alive():
        yield running
        thread.join(LOOK)
    yield running


def known_sources(archive: Archive) -> list[Path]:
    """Every file from which the archive was made."""
    return [Path(path) for path in archive.catalog.files_under([Path("/")])]


def octets(folder: Path) -> int:
    """What a folder takes on disk, in bytes."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
