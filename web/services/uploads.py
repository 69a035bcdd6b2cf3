"""Indexing from the page: uploaded files are read in a bounded process, kept and indexed in a thread.

A file that holds no cable is not kept, and one that it would have replaced stays.
"""

import re
import secrets
import shutil
import threading
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath

from cables.sandbox import SandboxedReader
from vectorstore.archive import Archive
from vectorstore.indexing.indexer import Indexer
from vectorstore.indexing.progress import Progress
from vectorstore.indexing.report import Report
from vectorstore.storage.catalog_rows import Run
from web.errors import TooManyFiles, UploadFailed, message_for
from web.metrics import UPLOADS

SAMPLES = Path(__file__).parents[2] / "samples"
"""Cables that were written to try Reftel with."""
POLL_SECONDS = 0.3
"""Seconds between two looks at a run."""
MAX_FILES = 500
"""Files that are added at once."""
MAX_NAME_CHARS = 120
"""Letters of a file's name that are kept."""
_DEVICE_NAME_RE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


@dataclass
class IndexRunProgress:
    """An indexing run as the page sees it: under way, done with a report, or failed with words."""

    started: float = field(default_factory=time.monotonic)
    progress: Progress | None = None
    report: Report | None = None
    problem: str = ""
    over: bool = False
    is_first: bool = False
    """Whether the archive had no cables when it began."""

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self.started


@dataclass(frozen=True, slots=True)
class UploadedFiles:
    """An uploaded file in its place; `before` is the file of the same name that it replaced."""

    path: Path
    before: Path | None

    def settle(self, good: bool) -> None:
        """Keep the file, or put back what was there before it."""
        if not good:
            self.path.unlink(missing_ok=True)
            if self.before is not None:
                self.before.replace(self.path)
        elif self.before is not None:
            self.before.unlink(missing_ok=True)


def safe_name(name: str) -> str:
    """The last part of a name, without what a file system or a page could take for more than a name."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    plain = re.sub(r"[^\w .()'-]+", "_", unicodedata.normalize("NFC", last)).strip(" .")
    stem, dot, end = plain.rpartition(".")
    short = (
        f"{stem[: MAX_NAME_CHARS - len(end) - 1]}.{end}" if dot and len(end) < 10 else plain[:MAX_NAME_CHARS]
    )
    return f"_{short}" if _DEVICE_NAME_RE.match(short) or not short else short


def keep(files: Sequence[Path], folder: Path) -> list[UploadedFiles]:
    """Move uploaded files into the folder, under names that are safe. Raises TooManyFiles, UploadFailed."""
    if len(files) > MAX_FILES:
        raise TooManyFiles(
            f"{len(files)} files at once; {MAX_FILES} are the most: put them into a ZIP archive"
        )
    try:
        return _moved(files, folder)
    except OSError as error:
        raise UploadFailed(f"The files could not be kept: {error.strerror or 'no room'}") from error


def _moved(files: Sequence[Path], folder: Path) -> list[UploadedFiles]:
    folder.mkdir(parents=True, exist_ok=True)
    kept: dict[Path, UploadedFiles] = {}
    for file in files:
        path = folder / safe_name(file.name)
        if path in kept:
            path = path.with_name(f"{path.stem}-{secrets.token_hex(3)}{path.suffix}")
        before = path.with_name(f".before-{secrets.token_hex(6)}") if path.is_file() else None
        if before is not None:
            path.replace(before)
        kept[path] = UploadedFiles(path, before)
        shutil.copyfile(file, path, follow_symlinks=False)
        with suppress(OSError):  # Gradio's own copy, which it would keep
            file.unlink()
            file.parent.rmdir()
    return list(kept.values())


def add(archive: Archive, files: Sequence[UploadedFiles]) -> Iterator[IndexRunProgress]:
    """Index uploaded files, as `index`; those that hold no cable are gone afterwards."""
    with SandboxedReader() as reader:
        try:
            yield from index(archive, [kept.path for kept in files], reader)
        finally:
            for kept in files:
                good = reader.found.get(kept.path, 0) > 0
                UPLOADS.labels("kept" if good else "refused").inc()
                kept.settle(good)


def index(archive: Archive, sources: Sequence[Path], reader: SandboxedReader) -> Iterator[IndexRunProgress]:
    """Index sources, and say every moment how far it is; the last state has a report or a problem."""
    running = IndexRunProgress(is_first=not known_sources(archive))

    def look(progress: Progress) -> None:
        running.progress = progress

    def work() -> None:
        try:
            running.report = Indexer(archive, progress=look, reader=reader).run(sources)
        except BaseException as error:  # noqa: BLE001 - the end of a thread; the page is told
            running.problem = message_for(error)
        finally:
            running.over = True

    thread = threading.Thread(target=work, name="indexing", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            yield running
            thread.join(POLL_SECONDS)
        yield running
    finally:
        thread.join()  # the run is finished, even if the page has been left


def known_sources(archive: Archive) -> list[Path]:
    """Every file from which the archive was made."""
    return [Path(path) for path in archive.catalog.files_under([Path("/")])]


def octets(folder: Path) -> int:
    """What a folder takes on disk, in bytes."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def failing(archive: Archive, runs: Sequence[Run]) -> list[tuple[str, int | None, str]]:
    """(path, line, reason) of files that could not be read when last tried; `runs` are the latest first."""
    found: dict[str, tuple[str, int | None, str]] = {}
    for run in runs:
        for failure in run.report.get("failed", ()):
            found.setdefault(failure["path"], (failure["path"], failure["line"], failure["reason"]))
    return [failure for path, failure in found.items() if not _read_since(archive, path)]


def _read_since(archive: Archive, path: str) -> bool:
    """Whether a file that failed is gone, or was read in its present state."""
    known, file = archive.catalog.file(str(Path(path).resolve())), Path(path)
    if not file.exists():
        return True
    return known is not None and known.modified == file.stat().st_mtime_ns
