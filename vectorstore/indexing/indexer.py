"""Brings the archive in step with its sources: reads, embeds and stores what is new or changed, drops what is gone.

A cable may stand in several files (`places`); it stays as long as it stands in one. A killed run is harmless: the
stores are written before the catalog takes a cable, and what was half written is mended by the next run.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import cables
from cables import forms
from cables.forms import Failure, Reading
from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive
from vectorstore.archive.index_state import IndexState, next_generation
from vectorstore.indexing import reconcile, writer
from vectorstore.indexing.diff import CableDiff, since
from vectorstore.indexing.progress import Meter, Progress
from vectorstore.indexing.rebuild import drop_leftovers, rebuild
from vectorstore.indexing.report import Report, printable
from vectorstore.indexing.sources import SourceFile, file_size, is_unchanged, look_at, sources
from vectorstore.indexing.versions import VersionChoice
from vectorstore.indexing.writer import BATCH_PARAGRAPHS
from vectorstore.storage.catalog import SqliteCatalog
from vectorstore.storage.precedence import GivingWay

log = logging.getLogger(__name__)

Reader = Callable[[Path], Iterable[Reading | Failure]]
Cluster = Callable[[Iterable[Path]], Iterable[tuple[Path, Iterable[Reading | Failure]]]]
"""Reads files elsewhere: each, in their order, with its cables and what could not be read."""


class Indexer:
    """One run over some sources. Only one indexer works on an archive at a time.

    A `dry` one writes nothing: its report says what a run would do. `batch` is the number of paragraphs that are
    embedded and stored together.
    """

    def __init__(
        self,
        archive: Archive,
        *,
        dry: bool = False,
        progress: Callable[[Progress], None] = lambda p: None,
        reader: Reader = forms.read,
        cluster: Cluster | None = None,
        batch: int = BATCH_PARAGRAPHS,
    ) -> None:
        self.archive = archive
        self.dry = dry
        self.report = Report()
        self._reader = reader
        self._read = cluster or self._read_here
        self._batch = batch
        self._show = progress
        self._giving_way = GivingWay(archive.data)
        self._meter = Meter(self._shown)
        self._changes: dict[str, CableDiff] = {}
        self._pending = 0
        self._files: list[tuple[SourceFile, list[str], bool]] = []
        """Files of the batch, the ids of their cables, and whether all of each was read."""
        self._looked_at: dict[Path, SourceFile] = {}
        self._versions = VersionChoice(self.report)

    def _shown(self, progress: Progress) -> None:
        self._show(progress)
        self._giving_way.pause()

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
        started, clock = datetime.now(UTC), time.monotonic()
        roots = list(paths)
        with nullcontext() if self.dry else writer.writing(self.archive), self.catalog.readable():
            self._prepare()
            found = list(sources(self.archive, roots))
            self.report.failed += [one for one in found if isinstance(one, Failure)]
            files = [one for one in found if isinstance(one, Path)]
            self._index(files)
            if prune:
                self._prune(roots, files)
            self._finish(started, clock)
        return self.report

    def withdraw(self, cable_ids: Iterable[str]) -> Report:
        """Take cables out of the archive; ids that it does not have are passed over. Raises as `run`."""
        started, clock = datetime.now(UTC), time.monotonic()
        self.archive.view(EVERYTHING).close()  # raises where these vectors are not the archive's
        with writer.writing(self.archive), self.catalog.readable():
            for cable_id in cable_ids:
                if self.catalog.cable_state(cable_id):
                    self._withdraw(cable_id)
            self._finish(started, clock)
        return self.report

    # Before reading

    def _prepare(self) -> None:
        """Build again what was built otherwise, mend what a killed run or a damaged disk left."""
        state = IndexState.read(self.catalog.meta)
        changes = self.archive.spec.changes(state.spec) if state else []
        unfinished = self.catalog.unfinished()
        self._explain(changes, unfinished)
        if self.dry:
            return
        if changes:
            rebuild(self.archive, self._meter.add, batch=self._batch)
        else:
            self._mend(unfinished)
        with self.catalog.transaction():
            for name, value in self.archive.facts().items():
                self.catalog.remember(name, value)

    def _explain(self, changes: list[str], unfinished: list[str]) -> None:
        self.report.mended += changes
        if unfinished and not changes:
            self.report.mended.append(f"a run was cut off: {len(unfinished)} keys are checked and mended")
        older = self.catalog.files_of_other_parsers(cables.VERSION)
        if older:
            self.report.mended.append(
                f"the parser is another: {older} files are read again when they are indexed"
            )
        if not self.dry:
            for line in self.report.mended:
                log.warning(line)

    def _mend(self, unfinished: list[str]) -> None:
        drop_leftovers(self.archive)
        if unfinished:
            reconcile.mend(self.archive, unfinished, self._meter.add, batch=self._batch)
        elif reconcile.plainly_disagree(self.archive):
            findings = reconcile.mend(self.archive, embedded=self._meter.add, batch=self._batch)
            self.report.mended += map(str, findings)

    # Reading

    def _index(self, files: list[Path]) -> None:
        sizes = {file: file_size(file) for file in files}
        self._meter.total = sum(sizes.values())
        for file, items in self._read(self._due(files)):
            self._take_file(file, items)
            self._meter.read += sizes[file]
        self._flush()

    def _read_here(self, paths: Iterable[Path]) -> Iterator[tuple[Path, Iterable[Reading | Failure]]]:
        return ((path, self._reader(path)) for path in paths)

    def _due(self, paths: Iterable[Path]) -> Iterator[Path]:
        """The files that must be read; the others are counted unchanged."""
        for path in paths:
            source, known = look_at(path, self.catalog)
            held = self.catalog.ids_in_file(source.name)
            if held and is_unchanged(source, known):
                self.report.unchanged += len(held)
                if known != source.current:
                    self._files.append((source, held, True))
            else:
                self._looked_at[path] = source
                yield path

    def _take_file(self, path: Path, items: Iterable[Reading | Failure]) -> None:
        """Take the changes of one file into the batch."""
        source = self._looked_at.pop(path)
        failed, held = len(self.report.failed), []
        self._versions.begin(source.name)
        forms: set[str] = set()
        for item in items:
            if isinstance(item, Failure):
                self.report.failed.append(item)
            else:
                forms.add(item.form)
                self._take(item, source.name)
                held.append(item.cable.id)
        self.report.forms.update(filter(None, forms))
        self._files.append((source, held, len(self.report.failed) == failed))

    def _take(self, read: Reading, file: str) -> None:
        cable, place = read.cable, read.where
        if cable.id in self._changes or self._pending >= self._batch:
            self._flush()
        is_new = self.catalog.cable_state(cable.id) is None
        if not self._versions.replaces(cable, file, place, self.catalog):
            self.report.unchanged += 1
            return
        if is_new:
            self.report.new.append(cable.id)
        elif cable.id not in self.report.new:
            self.report.changed.append(cable.id)
        at = " ".join(filter(None, (f"{printable(file)}:{read.line or 1}", place, cable.id)))
        for note in cable.notes:
            self.report.note(note.partition(":")[0], f"{at}: {note}")
        self.report.paragraphs += len(cable.paragraphs)
        change = since(self.catalog.known_paragraphs(cable.id), cable, file, place)
        self._changes[cable.id] = change
        self._pending += len(change.embed)

    # Writing

    def _flush(self) -> None:
        """Write the batch: stores first, the catalog last."""
        changes, files = list(self._changes.values()), self._files
        self._changes, self._files, self._pending = {}, [], 0
        if self.dry:
            self._meter.embedded += sum(len(change.embed) for change in changes)
        else:
            if changes:
                writer.write(self.archive, changes, self._meter.of_batch(changes))
            with self.catalog.transaction():
                writer.take(self.catalog, changes)
                self._versions.write(self.catalog, (change.cable for change in changes))
                self._take_files(files)
                self.catalog.groups.bind()
        self._meter.written()

    def _take_files(self, files: Iterable[tuple[SourceFile, list[str], bool]]) -> None:
        for source, held, whole in files:
            whole = whole and source.current is not None
            self.catalog.put_places(source.name, held, all_of_them=whole)
            if whole and source.current:
                self.catalog.put_file(source.current)

    # Withdrawing

    def _prune(self, roots: list[Path], files: list[Path]) -> None:
        """Withdraw what no file holds any more; a folder that cannot be read says nothing about its files."""
        present = {str(file.resolve()) for file in files}
        unreadable = tuple(f"{file.resolve()}/" for file in files if file.is_dir())
        for path in self.catalog.files_under(roots):
            if path.startswith(unreadable):
                continue
            candidates = {*self.catalog.cables_of_file(path), *self.catalog.ids_in_file(path)}
            if path not in present and not self.dry:
                with self.catalog.transaction():
                    self.catalog.forget_file(path)
                    self.catalog.versions.drop_file(path)
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
        writer.drop_from_stores(self.archive, cable_id, known)
        with self.catalog.transaction():
            self.catalog.drop_cable(cable_id)
            self.catalog.versions.drop_all(cable_id)
            self.catalog.written(keys)
            next_generation(self.catalog)

    def _finish(self, started: datetime, clock: float) -> None:
        self.report.seconds, self.report.embedded = time.monotonic() - clock, self._meter.embedded
        if not self.dry:
            with self.catalog.transaction():
                began = started.isoformat(timespec="seconds")
                self.catalog.put_run(began, self.report.seconds, self.report.summary())
