"""Bring the archive in step with its sources: read, embed, store what is new or changed, drop what is gone.

A cable may stand in several files (`places`); it stays as long as it stands in one. A killed run is harmless:
the stores are written before the catalog takes a cable, and what was half written is mended by the next run.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

import cables
from cables import Cable, forms
from cables.forms import Failure, Reading
from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive
from vectorstore.index_spec import IndexSpec
from vectorstore.indexing import fingerprint, writer
from vectorstore.indexing.diff import CableDiff, since
from vectorstore.indexing.lock import ArchiveLocked
from vectorstore.indexing.rebuild import rebuild
from vectorstore.keys import row_of, text_hash, window_id
from vectorstore.maintenance import doctor
from vectorstore.storage.catalog import KnownFile, SqliteCatalog

__all__ = ["ArchiveLocked", "Indexer", "Progress", "Report"]

log = logging.getLogger(__name__)


SETTLED = 2_000_000_000
"""Nanoseconds after its last change from which a file's times are trusted."""


@dataclass
class Report:
    """What a run did: cable ids by outcome, failures with their files, what the parser found odd."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    withdrawn: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    mended: list[str] = field(default_factory=list)
    """What had to be written again before anything was read, and why, in words."""
    paragraphs: int = 0
    embedded: int = 0
    seconds: float = 0.0

    @property
    def nothing(self) -> bool:
        """Whether the run met no cable at all, and no failure either."""
        return not (self.new or self.changed or self.unchanged or self.withdrawn or self.failed)

    def summary(self) -> dict[str, object]:
        """The report as the catalog keeps it."""
        return {
            "new": len(self.new), "changed": len(self.changed), "unchanged": self.unchanged,
            "withdrawn": self.withdrawn, "mended": self.mended, "paragraphs": self.paragraphs,
            "embedded": self.embedded, "notes": dict(self.notes),
            "failed": [{"path": str(f.path), "line": f.line, "reason": f.reason} for f in self.failed],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: bytes of the sources done and in all, paragraphs embedded so far."""

    done: int
    total: int
    embedded: int


Cluster = Callable[[Iterable[Path]], Iterable[tuple[Path, Iterable[Reading | Failure]]]]
"""Reads files elsewhere: each, in their order, with its cables and what could not be read."""


class Indexer:
    """One run over some sources. Only one indexer works on an archive at a time.

    A `dry` one writes nothing: its report says what a run would do.
    """

    def __init__(
        self,
        archive: Archive,
        *,
        dry: bool = False,
        progress: Callable[[Progress], None] = lambda p: None,
        reader: Callable[[Path], Iterable[Reading | Failure]] = forms.read,
        cluster: Cluster | None = None,
    ) -> None:
        self.archive = archive
        self._reader = reader
        self._read = cluster or self._read_here
        self.dry = dry
        self.report = Report()
        self._progress = progress
        self._done = self._total = self._bytes = 0
        self._changes: dict[str, CableDiff] = {}
        self._pending = 0
        self._looked = False
        """Whether this run has seen that all of the stores is as the catalog counts, not only what was cut off."""
        self._current: dict[Path, KnownFile | None] = {}
        self._files: list[tuple[KnownFile | None, str, list[str]]] = []

    @cached_property
    def catalog(self) -> SqliteCatalog:
        """The archive's catalog; for a dry run without an archive an empty one in memory."""
        if self.dry and not self.archive.catalog_path.exists():
            return SqliteCatalog(Path(":memory:"))
        return self.archive.catalog

    def run(self, paths: Iterable[Path], *, prune: bool = False) -> Report:
        """Index files and folders; with `prune`, withdraw cables that no file under `paths` holds any more.

        Raises ArchiveLocked where another process is indexing, CatalogDamaged, OSError.
        """
        started, clock = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
        roots = list(paths)
        with nullcontext() if self.dry else writer.writing(self.archive), self.catalog.readable():
            self._prepare()
            files = [file for file in forms.find_files(roots) if not self.archive.holds(file)]
            sizes = {file: _size(file) for file in files}
            self._total = sum(sizes.values())
            for file, items in self._read(self._due(files)):
                self._take_file(file, items)
                self._bytes += sizes[file]
            self._flush()
            if prune:
                self._prune(roots, files)
            self._finish(started, clock)
            if not self.dry and self._looked:
                self.archive.release()  # so that the files are as they stay
                fingerprint.put(self.archive)
        return self.report

    def withdraw(self, cable_ids: Iterable[str]) -> Report:
        """Take cables out of the archive; ids that it does not have are passed over. Raises as `run`."""
        started, clock = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
        self.archive.view(EVERYTHING).close()  # raises where these vectors are not the archive's
        with writer.writing(self.archive), self.catalog.readable():
            for cable_id in cable_ids:
                if self.catalog.cable_state(cable_id):
                    self._withdraw(cable_id)
            self._finish(started, clock)
        return self.report

    def _prepare(self) -> None:
        """Build anew what was built otherwise, and mend what a killed run or a damaged disk left."""
        built = self.catalog.meta("built with")
        changes = self.archive.recipe.changes(IndexSpec.read(built)) if built else []
        unfinished = self.catalog.unfinished()
        self._looked = bool(changes) or not unfinished
        self.report.mended += changes
        if unfinished and not changes:
            self.report.mended.append(f"a run was cut off: {len(unfinished)} keys are checked and mended")
        older = self.catalog.files_of_other_parsers(cables.VERSION)
        if older:
            self.report.mended.append(
                f"the parser is another: {older} files are read again when they are indexed"
            )
        if self.dry:
            return
        for line in self.report.mended:
            log.warning(line)
        if changes:
            rebuild(self.archive, self._advance)
        else:
            self._mend(unfinished)
        with self.catalog.transaction():
            for name, value in self.archive.identity().items():
                self.catalog.remember(name, value)

    def _mend(self, unfinished: list[str]) -> None:
        self.archive.drop_leftovers()
        if unfinished:
            doctor.mend(self.archive, unfinished, embedded=self._advance)
        elif not fingerprint.holds(self.archive) and doctor.needs_mending(self.archive):
            self.report.mended += map(str, doctor.mend(self.archive, embedded=self._advance))

    # Reading

    def _read_here(self, paths: Iterable[Path]) -> Iterator[tuple[Path, Iterable[Reading | Failure]]]:
        return ((path, self._reader(path)) for path in paths)

    def _due(self, paths: Iterable[Path]) -> Iterator[Path]:
        """The files that must be read; the others are counted unchanged."""
        for path in paths:
            name = str(path.resolve())
            known = self.catalog.file(name)
            current = _fingerprint(path, name, known)
            held = self.catalog.ids_in_file(name)
            if current is None or known is None or not held or not _same_content(known, current):
                self._current[path] = current
                yield path
                continue
            self.report.unchanged += len(held)
            if known != current:
                self._files.append((current, name, held))

    def _take_file(self, path: Path, items: Iterable[Reading | Failure]) -> None:
        """Take the changes of one file into the batch."""
        name, current = str(path.resolve()), self._current.pop(path)
        failed, held = len(self.report.failed), []
        for item in items:
            if isinstance(item, Failure):
                self.report.failed.append(item)
            else:
                held.append(item.cable.id)
                self._take(item.cable, name, item.where)
        self._files.append((current if len(self.report.failed) == failed else None, name, held))

    def _take(self, cable: Cable, file: str, place: str) -> None:
        if cable.id in self._changes or self._pending >= writer.BATCH:
            self._flush()
        state = self.catalog.cable_state(cable.id)
        if state is not None and not self._replaces(cable, file, state):
            self.report.unchanged += 1
            return
        if state is None:
            self.report.new.append(cable.id)
        elif cable.id not in self.report.new:
            self.report.changed.append(cable.id)
        self.report.notes.update(note.partition(":")[0] for note in cable.notes)
        self.report.paragraphs += len(cable.paragraphs)
        change = since(self.catalog.known_paragraphs(cable.id), cable, file, place)
        self._changes[cable.id] = change
        self._pending += len(change.embed)

    def _replaces(self, cable: Cable, file: str, state: tuple[str, str, bool]) -> bool:
        """Whether a cable takes the place of the one known under its id."""
        known_hash, known_file, known_corrected = state
        if known_hash == text_hash(cable.original):
            return self.catalog.cable(cable.id) != cable  # the parser has learned something
        if known_corrected and not cable.corrected and file != known_file:
            self.report.notes["a corrected copy was kept"] += 1
            return False
        return True

    # Writing

    def _flush(self) -> None:
        """Write the batch: stores first, the catalog last."""
        changes, files = list(self._changes.values()), self._files
        self._changes, self._files, self._pending = {}, [], 0
        if self.dry:
            self.report.embedded += sum(len(change.embed) for change in changes)
        else:
            if changes:
                writer.write(self.archive, changes, self._watch(changes))
            with self.catalog.transaction():
                writer.take(self.catalog, changes)
                for current, name, held in files:
                    self.catalog.put_places(name, held, all_of_them=current is not None)
                    if current is not None:
                        self.catalog.put_file(current)
        self._done += self._bytes
        self._bytes = 0
        self._progress(Progress(self._done, self._total, self.report.embedded))

    def _watch(self, changes: list[CableDiff]) -> Callable[[int], None]:
        """What is told of embedded passages, and tells the progress in paragraphs."""
        keys = sum(len(change.embed) for change in changes)
        passages = sum(len(change.windows[key]) for change in changes for key in change.embed)
        before, done = self.report.embedded, 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            share = done / max(passages, 1)
            self.report.embedded = before + round(share * keys)
            self._progress(
                Progress(self._done + round(share * self._bytes), self._total, self.report.embedded)
            )

        return advance

    def _advance(self, paragraphs: int) -> None:
        """Progress of mending, whose end is not known."""
        self.report.embedded += paragraphs
        self._progress(Progress(self._done, self._total, self.report.embedded))

    # Withdrawing

    def _prune(self, roots: list[Path], files: list[Path]) -> None:
        """Withdraw what no file holds any more; a folder that cannot be read says nothing about its files."""
        present = {str(file.resolve()) for file in files}
        unreadable = [f"{file.resolve()}/" for file in files if file.is_dir()]
        for path in self.catalog.files_under(roots):
            if any(path.startswith(folder) for folder in unreadable):
                continue
            candidates = {*self.catalog.cables_of_file(path), *self.catalog.ids_in_file(path)}
            if path not in present and not self.dry:
                with self.catalog.transaction():
                    self.catalog.forget_file(path)
                    self.catalog.put_places(path, [], all_of_them=True)
            for cable_id in sorted(candidates):
                self._keep_or_withdraw(cable_id, gone=path)
        self._flush()

    def _keep_or_withdraw(self, cable_id: str, gone: str) -> None:
        """A cable whose file may be gone: read it from another file, or withdraw it where there is none."""
        if self.catalog.cable_state(cable_id) is None:
            return
        others = [file for file in self.catalog.files_with(cable_id) if file != gone or Path(file).exists()]
        if not others:
            self._withdraw(cable_id)
            return
        if self.catalog.origin(cable_id)[0] in others or self.dry:
            return
        with self.catalog.transaction():
            self.catalog.put_origin(cable_id, others[0])
            self.catalog.forget_file(others[0])
        for file, items in self._read_here(self._due([Path(others[0])])):
            self._take_file(file, items)

    def _withdraw(self, cable_id: str) -> None:
        """Drop a cable: from the stores, then from the catalog."""
        self.report.withdrawn.append(cable_id)
        if self.dry:
            return
        known = self.catalog.known_paragraphs(cable_id)
        keys = [cable_id, *known]
        with self.catalog.transaction():
            self.catalog.begin_writing(keys)
        self.archive.vectors.drop([window_id(p.key, n) for p in known.values() for n in range(p.windows)])
        self.archive.paragraph_words.write([], gone=[row_of(key) for key in known])
        self.archive.cable_words.write([], gone=[row_of(cable_id)])
        with self.catalog.transaction():
            self.catalog.drop_cable(cable_id)
            self.catalog.written(keys)
            writer.next_generation(self.catalog)

    def _finish(self, started: str, clock: float) -> None:
        self.report.seconds = time.monotonic() - clock
        if not self.dry:
            with self.catalog.transaction():
                self.catalog.put_run(started, self.report.seconds, self.report.summary())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _fingerprint(path: Path, name: str, known: KnownFile | None) -> KnownFile | None:
    """The file as it is now, by its resolved name; hashed only where size or times differ from what is known.

    A file that was written a moment ago may be written again within the same tick of the clock: no time is
    kept of it, so that the next run looks again.
    """
    try:
        stat = path.stat()
        now = KnownFile(name, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, "", cables.VERSION)
        if known and replace(now, hash=known.hash) == known:
            return known
        if abs(time.time_ns() - max(now.modified, now.changed)) < SETTLED:
            now = replace(now, modified=0)
        digest = blake2b(digest_size=16)
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError:
        return None  # reading it reports why
    return replace(now, hash=digest.hexdigest())


def _same_content(known: KnownFile, current: KnownFile) -> bool:
    """Whether a file's bytes and the parser are what they were; a copy made anew has another time."""
    return (known.hash, known.parser) == (current.hash, current.parser)
