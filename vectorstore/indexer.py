"""Bring the archive in step with its sources: read, embed, store what is new or changed, drop what is gone.

The order makes a killed run harmless: keys are noted in the catalog, then vectors and words are written, and
only then does the catalog take the cable and its file. What a killed run left is healed by the next one.
"""

import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

import cables
from cables import Cable, Paragraph, forms
from cables.forms import Failure
from vectorstore import passages
from vectorstore.archive import Archive
from vectorstore.catalog import Catalog, KnownFile, KnownParagraph, day_of, level_of, row_of, text_hash
from vectorstore.chroma import Details, Embedded, window_id
from vectorstore.lexical import Entry

log = logging.getLogger(__name__)

BATCH = 1024
"""Passages that are embedded and stored together: enough to sort by length, little enough to lose."""


class ArchiveLocked(Exception):
    """Another process is indexing; the message says which."""


@dataclass
class Report:
    """What a run did: cable ids by outcome, failures with their files, what the parser found odd."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    withdrawn: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    paragraphs: int = 0
    embedded: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: bytes of the sources done and in all, paragraphs embedded so far."""

    done: int
    total: int
    embedded: int


@dataclass
class _Change:
    """A cable on its way into the stores."""

    cable: Cable
    file: str
    place: str
    known: dict[str, KnownParagraph]
    windows: dict[str, list[str]]
    before: dict[str, KnownParagraph]

    @property
    def to_embed(self) -> list[str]:
        """Keys whose passages are new."""
        return [k for k, now in self.known.items() if k not in self.before or self.before[k].passages != now.passages]

    @property
    def to_describe(self) -> list[str]:
        """Keys whose vectors stay and whose metadata changed."""
        old = self.before
        return [
            key
            for key, now in self.known.items()
            if key in old and old[key].passages == now.passages and old[key].details != now.details
        ]

    @property
    def gone(self) -> list[KnownParagraph]:
        """Paragraphs that the cable no longer has."""
        return [known for key, known in self.before.items() if key not in self.known]

    def stale_windows(self) -> list[str]:
        """Ids of vectors that nothing will overwrite."""
        ids = [window_id(known.key, n) for known in self.gone for n in range(known.windows)]
        for key in self.to_embed:
            before = self.before[key].windows if key in self.before else 0
            ids += [window_id(key, n) for n in range(len(self.windows[key]), before)]
        return ids


class Indexer:
    """One run over some sources. Only one indexer works on an archive at a time."""

    def __init__(self, archive: Archive, *, progress: Callable[[Progress], None] = lambda p: None) -> None:
        self.archive = archive
        self.report = Report()
        self._progress = progress
        self._done = self._total = 0
        self._changes: dict[str, _Change] = {}
        self._files: list[KnownFile] = []
        self._bytes = 0

    @property
    def catalog(self) -> Catalog:
        """The archive's catalog."""
        return self.archive.catalog

    def run(self, paths: Iterable[Path], *, prune: bool = False) -> Report:
        """Index files and folders; with `prune`, withdraw cables whose files are gone from under `paths`.

        Raises ArchiveLocked where another process is indexing.
        """
        started, clock = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
        roots = list(paths)
        with _lock(self.archive.data):
            self._prepare()
            files = list(forms.find_files(roots))
            sizes = {file: _size(file) for file in files}
            self._total = sum(sizes.values())
            for file in files:
                self._read(file)
                self._bytes += sizes[file]
                if sum(len(change.to_embed) for change in self._changes.values()) >= BATCH:
                    self._flush()
            self._flush()
            if prune:
                self._prune(roots)
            self.report.seconds = time.monotonic() - clock
            self._keep_report(started)
        return self.report

    def withdraw(self, cable_ids: Iterable[str]) -> None:
        """Take cables out of the archive."""
        for cable_id in cable_ids:
            known = self.catalog.known_paragraphs(cable_id)
            with self.catalog.transaction():
                self.catalog.begin_writing(known)
            self.archive.vectors.drop([window_id(p.key, n) for p in known.values() for n in range(p.windows)])
            self.archive.paragraph_words.write([], gone=[row_of(key) for key in known])
            self.archive.cable_words.write([], gone=[row_of(cable_id)])
            with self.catalog.transaction():
                self.catalog.drop_cable(cable_id)
                self.catalog.written()
                _next_generation(self.catalog)
            self.report.withdrawn.append(cable_id)

    # Before reading: heal what a killed run left, embed again what was built otherwise

    def _prepare(self) -> None:
        if self.catalog.meta("built with") not in (None, self.archive.built_with):
            log.warning(
                "the archive was built with %s, now %s: embedding it again",
                self.catalog.meta("built with"), self.archive.built_with,
            )  # fmt: skip
            self._again(self.catalog.cable_ids())
        self._heal()
        with self.catalog.transaction():
            self.catalog.remember("built with", self.archive.built_with)

    def _heal(self) -> None:
        """Write again what a killed run may have half written; drop what no cable holds."""
        keys = self.catalog.unfinished()
        if not keys:
            return
        log.warning("a run was cut off: writing %d paragraphs again", len(keys))
        existing = self.catalog.paragraph_keys()
        orphans = [key for key in keys if key not in existing]
        self.archive.vectors.drop([id for id in self.archive.vectors.ids() if id.partition("#")[0] in set(orphans)])
        self.archive.paragraph_words.write([], gone=[row_of(key) for key in orphans])
        self._again(sorted({key.partition(".")[0] for key in keys if key in existing}))
        with self.catalog.transaction():
            self.catalog.written()

    def _again(self, cable_ids: Iterable[str]) -> None:
        """Write cables of the catalog to the stores as if they were new."""
        for cable_id in cable_ids:
            cable, state = self.catalog.cable(cable_id), self.catalog.cable_state(cable_id)
            if cable is not None and state is not None:
                self._changes[cable_id] = _change(cable, state[1], "", {})
            if sum(len(change.to_embed) for change in self._changes.values()) >= BATCH:
                self._flush()
        self._flush()

    # Reading

    def _read(self, path: Path) -> None:
        """Take the changes of one file into the batch."""
        known = self.catalog.file(str(path.resolve()))
        current = _fingerprint(path, known)
        if current is not None and known == current:
            self.report.unchanged += len(self.catalog.cables_of_file(known.path))
            return
        failed = len(self.report.failed)
        for item in forms.read(path):
            if isinstance(item, Failure):
                self.report.failed.append(item)
            else:
                self._take(item.cable, str(path.resolve()), item.where)
        if current is not None and len(self.report.failed) == failed:
            self._files.append(current)

    def _take(self, cable: Cable, file: str, place: str) -> None:
        if cable.id in self._changes:
            self._flush()
        state = self.catalog.cable_state(cable.id)
        if state is not None and not self._replaces(cable, file, state):
            self.report.unchanged += 1
            return
        (self.report.changed if state else self.report.new).append(cable.id)
        self.report.notes.update(note.partition(":")[0] for note in cable.notes)
        self.report.paragraphs += len(cable.paragraphs)
        self._changes[cable.id] = _change(cable, file, place, self.catalog.known_paragraphs(cable.id))

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
        if changes:
            self._write_stores(changes)
        with self.catalog.transaction():
            for change in changes:
                self.catalog.put_cable(change.cable, change.known, file=change.file, place=change.place)
            for file in files:
                self.catalog.put_file(file)
            self.catalog.written()
            if changes:
                _next_generation(self.catalog)
        self._changes, self._files = {}, []
        self._done += self._bytes
        self._bytes = 0
        self._progress(Progress(self._done, self._total, self.report.embedded))

    def _write_stores(self, changes: list[_Change]) -> None:
        stale = [window for change in changes for window in change.stale_windows()]
        gone = [row_of(known.key) for change in changes for known in change.gone]
        with self.catalog.transaction():
            for change in changes:
                self.catalog.begin_writing([*change.to_embed, *change.to_describe, *(k.key for k in change.gone)])
        self.archive.vectors.write(self._embedded(changes))
        for change in changes:
            details = {key: _details(change.cable, key) for key in change.to_describe}
            if details:
                self.archive.vectors.write_details(details, {k: change.known[k].windows for k in details})
        self.archive.vectors.drop(stale)
        self.archive.paragraph_words.write(
            (_entry(change.cable, paragraph) for change in changes for paragraph in change.cable.paragraphs
             if paragraph.key in change.to_embed),
            gone,
        )  # fmt: skip
        self.archive.cable_words.write([_cable_entry(change.cable) for change in changes])

    def _embedded(self, changes: list[_Change]) -> Iterator[Embedded]:
        """The new passages of the batch, embedded together so that lengths can be sorted."""
        keys = [(change, key) for change in changes for key in change.to_embed]
        texts = [text for change, key in keys for text in change.windows[key]]
        before, done = self.report.embedded, 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            share = done / max(len(texts), 1)
            self.report.embedded = before + round(share * len(keys))
            self._progress(Progress(self._done + round(share * self._bytes), self._total, self.report.embedded))

        vectors = self.archive.embedder.encode(texts, advance) if texts else np.empty((0, 0), np.float32)
        start = 0
        for change, key in keys:
            end = start + len(change.windows[key])
            yield Embedded(key, vectors[start:end], _details(change.cable, key))
            start = end

    # Withdrawing

    def _prune(self, roots: list[Path]) -> None:
        present = {str(file.resolve()) for file in forms.find_files(roots)}
        for path in list(self.catalog.files_under(roots)):
            if path not in present:
                self.withdraw(self.catalog.cables_of_file(path))
                with self.catalog.transaction():
                    self.catalog.forget_file(path)

    def _keep_report(self, started: str) -> None:
        report = self.report
        summary = {
            "new": len(report.new), "changed": len(report.changed), "unchanged": report.unchanged,
            "withdrawn": report.withdrawn, "paragraphs": report.paragraphs, "notes": dict(report.notes),
            "failed": [{"path": str(f.path), "line": f.line, "reason": f.reason} for f in report.failed],
        }  # fmt: skip
        with self.catalog.transaction():
            self.catalog.put_run(started, report.seconds, summary)


@contextmanager
def _lock(data: Path) -> Iterator[None]:
    """One writer: the lock's file says who holds it."""
    data.mkdir(parents=True, exist_ok=True)
    holder = data / "indexing.pid"
    try:
        with FileLock(data / "indexing.lock", timeout=0):
            holder.write_text(str(os.getpid()))
            yield
    except Timeout as error:
        who = holder.read_text() if holder.exists() else "unknown"
        raise ArchiveLocked(
            f"another process (number {who}) is indexing into {data}: wait until it has ended"
        ) from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _fingerprint(path: Path, known: KnownFile | None) -> KnownFile | None:
    """The file as it is now; its content is hashed only where size or time differ from what is known."""
    try:
        stat = path.stat()
        if known and (known.size, known.modified, known.parser) == (stat.st_size, stat.st_mtime_ns, cables.VERSION):
            return known
        digest = blake2b(digest_size=16)
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError:
        return None  # reading it reports why
    return KnownFile(str(path.resolve()), stat.st_size, stat.st_mtime_ns, digest.hexdigest(), cables.VERSION)


def _change(cable: Cable, file: str, place: str, before: dict[str, KnownParagraph]) -> _Change:
    windows = {paragraph.key: passages.windows(cable, paragraph) for paragraph in cable.paragraphs}
    known = {
        key: KnownParagraph(key, text_hash(*texts), len(texts), text_hash(repr(_details(cable, key))))
        for key, texts in windows.items()
    }
    return _Change(cable, file, place, known, windows, before)


def _details(cable: Cable, key: str) -> Details:
    """A paragraph's metadata in Chroma; None and empty lists are not allowed there."""
    paragraph = next(p for p in cable.paragraphs if p.key == key)
    marking = paragraph.marking or cable.classification
    details: dict[str, str | int | list[str] | None] = {
        "cable": cable.id, "key": key, "number": paragraph.number, "post": cable.post, "date": day_of(cable),
        "classification": int(level_of(cable)), "marking": int(marking.level) if marking else None,
        "level": int(level_of(cable, paragraph)), "caveats": list(marking.caveats) if marking else [],
        "tags": [tag.code for tag in cable.tags], "section": paragraph.section, "role": paragraph.role.value,
        "subject": cable.subject,
    }  # fmt: skip
    return {name: value for name, value in details.items() if value not in (None, [])}


def _entry(cable: Cable, paragraph: Paragraph) -> Entry:
    return Entry(row_of(paragraph.key), passages.header(cable, paragraph), paragraph.text)


def _cable_entry(cable: Cable) -> Entry:
    return Entry(row_of(cable.id), cable.subject or "", " ".join(p.text for p in cable.paragraphs))


def _next_generation(catalog: Catalog) -> None:
    catalog.remember("generation", str(int(catalog.meta("generation") or 0) + 1))
