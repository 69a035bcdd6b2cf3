"""Writing changed cables into vectors and words, in an order that a killed run cannot harm.

Keys are noted in the catalog, then vectors and words are written; the caller then lets the catalog take the
cables. What is noted and not taken is mended by the next run.
"""

import logging
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from vectorstore.archive import Archive
from vectorstore.errors import BM25Damaged, VectorsDamaged
from vectorstore.indexing.diff import CableDiff
from vectorstore.indexing.lock import one_writer
from vectorstore.interfaces import EmbeddedParagraph
from vectorstore.keys import row_of
from vectorstore.storage.catalog import SqliteCatalog

log = logging.getLogger(__name__)

BATCH = 1024
"""Paragraphs that are embedded and stored together: enough to sort by length, little enough to lose."""

PROBED = 50_000
"""Vectors up to which every run loads their graph, to see that it can be loaded; above, it takes too long."""


@contextmanager
def writing(archive: Archive) -> Iterator[None]:
    """Be the archive's one writer, and let it go afterwards, so that another process can be it."""
    with one_writer(archive.data):
        try:
            yield
        finally:
            archive.release()


def write(
    archive: Archive, changes: Sequence[CableDiff], advance: Callable[[int], None] = lambda n: None
) -> None:
    """Write what the changes ask for; `advance(n)` is told of each n passages embedded."""
    with archive.catalog.transaction():
        for change in changes:
            archive.catalog.begin_writing(change.touched)
    fill(archive, changes, advance)


def fill(
    archive: Archive, changes: Sequence[CableDiff], advance: Callable[[int], None] = lambda n: None
) -> None:
    """Write vectors and words and note nothing: for a build that nobody uses yet."""
    archive.vectors.write(_embedded(archive, changes, advance))
    for change in changes:
        described = {key: change.details[key] for key in change.describe}
        if described:
            archive.vectors.write_details(described, {key: change.known[key].windows for key in described})
    archive.vectors.drop([window for change in changes for window in change.stale])
    entries = [entry for change in changes for entry in change.entries()]
    archive.paragraph_words.write(entries, gone=[row_of(key) for change in changes for key in change.gone])
    archive.cable_words.write([change.cable_entry() for change in changes])


def batches(changes: Iterable[CableDiff]) -> Iterator[list[CableDiff]]:
    """Changes in lists that are written together."""
    batch: list[CableDiff] = []
    for change in changes:
        batch.append(change)
        if sum(len(c.embed) + len(c.words) for c in batch) >= BATCH or len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def take(catalog: SqliteCatalog, changes: Sequence[CableDiff]) -> None:
    """Let the catalog take the cables that both stores have confirmed; inside a transaction."""
    for change in changes:
        catalog.put_cable(change.cable, change.known, file=change.file, place=change.place)
    catalog.written(key for change in changes for key in change.touched)
    if changes:
        next_generation(catalog)


def next_generation(catalog: SqliteCatalog) -> None:
    """Tell those who read the archive that it has changed."""
    catalog.remember("generation", str(int(catalog.meta("generation") or 0) + 1))


def _embedded(
    archive: Archive, changes: Sequence[CableDiff], advance: Callable[[int], None]
) -> Iterator[EmbeddedParagraph]:
    """The passages of all changes, embedded together so that lengths can be sorted."""
    texts = [text for change in changes for key in change.embed for text in change.windows[key]]
    if not texts:
        return
    vectors, tokens = archive.embedder.encode_passages(texts, advance)
    start = 0
    for change in changes:
        for key in change.embed:
            end = start + len(change.windows[key])
            yield EmbeddedParagraph(key, vectors[start:end], change.details[key], tokens[start:end])
            start = end


def damaged(archive: Archive, *, deeply: bool = True) -> dict[str, Exception]:
    """The parts that cannot be read, with the reason; `deeply` loads the vectors' graph however large."""
    errors: dict[str, Exception] = {}
    for part in archive.folders:
        try:
            opened = getattr(archive, part)
            if part == "vectors" and (deeply or opened.count() < PROBED):
                opened.probe()
        except (VectorsDamaged, BM25Damaged) as error:
            errors[part] = error
    return errors


def discard(archive: Archive, parts: Collection[str]) -> None:
    """Remove the folders of damaged parts: everything in them can be made from the catalog."""
    for part in parts:
        log.warning("%s is damaged: making it anew from the catalog", archive.folders[part])
        if part == "vectors" and archive.server:
            archive.vectors.discard()
        elif archive.folders[part].exists():
            shutil.rmtree(archive.folders[part])
    if parts:
        archive.reopen(archive.build)
