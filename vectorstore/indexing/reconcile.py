"""Compares vectors and words with the catalog, which is the judge, and makes them agree with it."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from cables import Cable
from cables.parsing.telegram import parse_telegram
from vectorstore.archive import Archive
from vectorstore.archive.index_state import next_generation
from vectorstore.archive.index_stores import Store
from vectorstore.errors import UserError
from vectorstore.indexing.diff import CableDiff, as_it_is, details_hash
from vectorstore.indexing.writer import BATCH_PARAGRAPHS, batches, take, write
from vectorstore.keys import cable_of, row_of, window_id

log = logging.getLogger(__name__)


class CatalogEmpty(UserError):
    """The catalog knows no cable, but the stores hold some; the message says what to do."""


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


class ConsistencyCheck:
    """Compares the stores with the catalog, cable by cable; what no cable claims is left over at the end.

    With `keys` it looks at their cables alone. The catalog notes nothing of a build `beside` the present one.
    """

    def __init__(self, archive: Archive, keys: Iterable[str] | None = None, *, beside: bool = False) -> None:
        self.archive = archive
        self._beside = beside
        self._faulty: set[str] = set()
        self.found: dict[str, list[str]] = {}
        noted = None if keys is None else set(keys)
        touched = None if noted is None else sorted({cable_of(key) for key in noted})
        self.cables = archive.catalog.cable_ids(touched)
        self.vectors = {
            id: (details.get("passages"), details_hash(details))
            for id, details in archive.vectors.metadata(touched)
        }
        archive.stores.reload_words()
        rows, cable_rows = self._claimed(noted)
        self._rows = archive.paragraph_words.rows(rows)
        self._cable_rows = archive.cable_words.rows(cable_rows)

    def _claimed(self, noted: set[str] | None) -> tuple[list[int] | None, list[int] | None]:
        """The rows to look at in the two word indexes: those of the cables and of the noted keys."""
        if noted is None:
            return None, None
        keys = noted | {key for id in self.cables for key in self.archive.catalog.known_paragraphs(id)}
        return [row_of(key) for key in keys], [row_of(key) for key in noted | set(self.cables)]

    def faulty(self) -> Iterator[CableDiff]:
        """The cables of which something must be written again, each with just that."""
        return (change for change in self.changes() if self.is_faulty(change))

    def is_faulty(self, change: CableDiff) -> bool:
        """Whether something of a cable must be written again."""
        return bool(change.embed or change.words or change.describe) or change.cable.id in self._faulty

    def changes(self) -> Iterator[CableDiff]:
        """Every cable with what must be written of it."""
        for cable_id in self.cables:
            cable = self.archive.catalog.cable(cable_id)
            if cable is None:
                continue
            change = self._as_noted(cable)
            for key in change.known:
                self._compare(change, key)
            if self._cable_rows.pop(row_of(cable_id), 0) != 1:
                self._note("cables not once in the index of cables", cable_id)
                self._faulty.add(cable_id)
            yield change

    def _as_noted(self, cable: Cable) -> CableDiff:
        """The cable as the catalog notes it; one that was altered is read again from its original."""
        catalog = self.archive.catalog
        change = as_it_is(cable, *catalog.origin(cable.id))
        if self._beside or catalog.known_paragraphs(cable.id) == change.known:
            return change
        self._note("cables whose paragraphs are not those that were indexed", cable.id)
        self._faulty.add(cable.id)
        paragraphs = parse_telegram(cable.original, id=cable.id).paragraphs
        return as_it_is(replace(cable, paragraphs=paragraphs), *catalog.origin(cable.id))

    def _compare(self, change: CableDiff, key: str) -> None:
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

    def drop_strays(self) -> None:
        """Remove what no cable claims; call it when `faulty` has gone through."""
        self.archive.vectors.drop(list(self.vectors))
        self.archive.paragraph_words.write([], gone=list(self._rows))
        self.archive.cable_words.write([], gone=list(self._cable_rows))

    def findings(self) -> list[Finding]:
        """What was found; call it when `faulty` has gone through."""
        strays = {
            "vectors of no paragraph": sorted(self.vectors),
            "entries of no paragraph in the word index": [str(row) for row in self._rows],
            "entries of no cable in the index of cables": [str(row) for row in self._cable_rows],
        }
        return [Finding(what, tuple(items)) for what, items in (self.found | strays).items() if items]


def plainly_disagree(archive: Archive) -> bool:
    """Whether the stores plainly do not hold what the catalog counts; costs the same for any archive."""
    if archive.stores.damaged(quickly=True):
        return True
    archive.stores.reload_words()
    held = archive.cable_words.count(), archive.paragraph_words.count(), archive.vectors.count()
    return held != archive.catalog.counts() or not archive.vectors.complete()


def mend(
    archive: Archive,
    keys: Iterable[str] | None = None,
    embedded: Callable[[int], None] = lambda n: None,
    *,
    batch: int = BATCH_PARAGRAPHS,
) -> list[Finding]:
    """Make the stores agree with the catalog, for the cables of `keys` alone or for all; what was found.

    For the one who holds the lock. It can be cut off and go on later: only what is missing is written.
    """
    damaged = archive.stores.damaged()
    discard(archive, damaged)
    check = ConsistencyCheck(archive, None if damaged else keys)
    for changes in batches(check.faulty(), batch):
        write(archive, changes)
        embedded(sum(len(change.embed) for change in changes))
        with archive.catalog.transaction():
            take(archive.catalog, changes)
    check.drop_strays()
    with archive.catalog.transaction():
        archive.catalog.written()
        next_generation(archive.catalog)
    return [Finding(str(error)) for error in damaged.values()] + check.findings()


def discard(archive: Archive, stores: Collection[Store]) -> None:
    """Delete damaged stores: everything in them can be made from the catalog."""
    for store in stores:
        log.warning("%s is damaged: making it again from the catalog", archive.folders[store])
    archive.stores.discard(stores)
