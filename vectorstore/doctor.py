"""The archive's checker: proves that catalog, vectors and words agree, and makes them agree again.

The catalog is the judge. Every paragraph in it must have its vectors, made of its present text and described
as it is, and stand once in the word index; nothing else may be there. What does not agree is written again
from the catalog, so a lost or damaged folder of vectors or words costs time and no cable.
"""

import logging
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from vectorstore import stores
from vectorstore.archive import Archive
from vectorstore.catalog import row_of
from vectorstore.changes import Change, as_it_is, details_hash
from vectorstore.chroma import VectorsDamaged, window_id
from vectorstore.lexical import WordsDamaged

log = logging.getLogger(__name__)

BATCH = 1024
"""Paragraphs that are written together."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree: what, and the paragraphs, vectors or cables that it concerns."""

    what: str
    items: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.items:
            return self.what
        more = ", ..." if len(self.items) > 3 else ""
        return f"{self.what} ({len(self.items)}): {', '.join(self.items[:3])}{more}"


def check(archive: Archive) -> list[Finding]:
    """Everything that does not agree; empty where all is well. Raises CatalogDamaged."""
    archive.catalog.check_pages()
    damaged = _damaged(archive)
    if damaged:
        return [Finding(str(error)) for error in damaged.values()]
    findings = _built_otherwise(archive)
    unfinished = archive.catalog.unfinished()
    if unfinished:
        findings.append(Finding("noted by a run that was cut off", tuple(unfinished)))
    survey = _Survey(archive)
    for _ in survey.faulty(archive.catalog.cable_ids()):
        pass
    altered = archive.catalog.altered()
    if altered:
        findings.append(
            Finding("cables whose stored original was altered (index their files again)", tuple(altered))
        )
    return findings + survey.findings()


def heal(archive: Archive) -> list[Finding]:
    """Write what does not agree again from the catalog; what was found.

    Raises ArchiveLocked, CatalogDamaged, OSError.
    """
    with stores.writing(archive):
        archive.catalog.check_pages()
        return mend(archive)


def needs_mending(archive: Archive) -> bool:
    """Whether the stores plainly do not hold what the catalog counts; costs the same for any archive."""
    if _damaged(archive):
        return True
    archive.reload_words()
    held = archive.cable_words.count(), archive.paragraph_words.count(), archive.vectors.count()
    return held != archive.catalog.counts()


def mend(
    archive: Archive, keys: Iterable[str] | None = None, embedded: Callable[[int], None] = lambda n: None
) -> list[Finding]:
    """Make the stores agree with the catalog, for the cables of `keys` alone or for all; what was found.

    For the one who holds the lock. It can be cut off and go on later: only what is missing is written.
    """
    damaged = _damaged(archive)
    if damaged:
        _discard(archive, damaged)
    survey = _Survey(archive, None if damaged else keys)
    batch: list[Change] = []
    for change in survey.faulty(survey.cables):
        batch.append(change)
        if sum(len(c.embed) + len(c.words) for c in batch) >= BATCH:
            _write(archive, batch, embedded)
            batch = []
    _write(archive, batch, embedded)
    archive.vectors.drop(list(survey.vectors))
    archive.paragraph_words.write([], gone=survey.stray_rows)
    archive.cable_words.write([], gone=survey.stray_cable_rows)
    with archive.catalog.transaction():
        archive.catalog.written()
        stores.next_generation(archive.catalog)
    return [Finding(str(error)) for error in damaged.values()] + survey.findings()


def _write(archive: Archive, changes: list[Change], embedded: Callable[[int], None]) -> None:
    if not changes:
        return
    noted = archive.catalog.unfinished()
    stores.write(archive, changes)
    embedded(sum(len(change.embed) for change in changes))
    with archive.catalog.transaction():
        stores.take(archive.catalog, changes)
        archive.catalog.begin_writing(noted)  # what is noted stays so until all of it is mended


class _Survey:
    """Compares the stores with the catalog, cable by cable; what no cable claims is left over at the end."""

    def __init__(self, archive: Archive, keys: Iterable[str] | None = None) -> None:
        self.archive = archive
        self.found: dict[str, list[str]] = {}
        noted = None if keys is None else set(keys)
        known = archive.catalog.cable_ids()
        touched = None if noted is None else sorted({key.partition(".")[0] for key in noted})
        self.cables = known if touched is None else [id for id in touched if id in set(known)]
        self.vectors = {
            id: (details.get("passages"), details_hash(details))
            for id, details in archive.vectors.metadata(touched)
        }
        archive.reload_words()
        self._rows = archive.paragraph_words.rows()
        self._cable_rows = archive.cable_words.rows()
        # Of a word index only rows are known: unless keys were noted, all that is left over is stray.
        self._noted_rows = None if noted is None else {row_of(key) for key in noted}

    def faulty(self, cable_ids: Iterable[str]) -> Iterator[Change]:
        """The cables of which something must be written again, each with just that."""
        for cable_id in cable_ids:
            cable = self.archive.catalog.cable(cable_id)
            if cable is None:
                continue
            change = as_it_is(cable, *self.archive.catalog.origin(cable_id))
            for key in change.known:
                self._compare(change, key)
            faults = bool(change.embed or change.words or change.describe)
            if self._cable_rows.pop(row_of(cable_id), 0) != 1:
                self._note("cables not once in the index of cables", cable_id)
                faults = True
            if self.archive.catalog.known_paragraphs(cable_id) != change.known:
                self._note("cables of which the catalog notes other passages", cable_id)
                faults = True
            if faults:
                yield change

    def _compare(self, change: Change, key: str) -> None:
        known = change.known[key]
        held = [self.vectors.pop(window_id(key, n), None) for n in range(known.windows)]
        if None in held:
            self._note("paragraphs without all of their vectors", key)
            change.embed.append(key)
        elif any(state and state[0] != known.passages for state in held):
            self._note("paragraphs with vectors of another text", key)
            change.embed.append(key)
        elif any(state and state[1] != known.details for state in held):
            self._note("paragraphs with metadata of another time", key)
            change.describe.append(key)
        if self._rows.pop(row_of(key), 0) != 1:
            self._note("paragraphs not once in the word index", key)
            change.words.append(key)

    def _note(self, what: str, item: str) -> None:
        self.found.setdefault(what, []).append(item)

    @property
    def stray_rows(self) -> list[int]:
        """Rows of the paragraphs' word index that nothing in the catalog claims."""
        return self._strays(self._rows)

    @property
    def stray_cable_rows(self) -> list[int]:
        """Rows of the cables' word index that nothing in the catalog claims."""
        return self._strays(self._cable_rows)

    def _strays(self, rows: Counter[int]) -> list[int]:
        return [row for row in rows if self._noted_rows is None or row in self._noted_rows]

    def findings(self) -> list[Finding]:
        """What was found; call it when `faulty` has gone through."""
        strays = {
            "vectors of no paragraph": sorted(self.vectors),
            "entries of no paragraph in the word index": [str(row) for row in self.stray_rows],
            "entries of no cable in the index of cables": [str(row) for row in self.stray_cable_rows],
        }
        return [Finding(what, tuple(items)) for what, items in (self.found | strays).items() if items]


def _built_otherwise(archive: Archive) -> list[Finding]:
    built = archive.catalog.meta("built with")
    if built in (None, archive.built_with):
        return []
    return [Finding(f"the archive was built with {built}, you use {archive.built_with}: run `reftel index`")]


def _damaged(archive: Archive) -> dict[str, Exception]:
    """The parts that cannot be read, with the reason."""
    errors: dict[str, Exception] = {}
    for part in archive.folders:
        try:
            opened = getattr(archive, part)
            if part == "vectors":
                opened.probe()
        except (VectorsDamaged, WordsDamaged) as error:
            errors[part] = error
    return errors


def _discard(archive: Archive, parts: Iterable[str]) -> None:
    """Remove the folders of parts: everything in them can be made from the catalog."""
    for part in parts:
        log.warning("%s is damaged: making it anew from the catalog", archive.folders[part])
        shutil.rmtree(archive.folders[part])
    archive.reopen()
