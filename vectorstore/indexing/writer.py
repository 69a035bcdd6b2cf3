"""Writing changed cables into vectors and words, in an order that a killed run cannot harm.

Keys are noted in the catalog, then vectors and words are written, then the catalog takes the cables. What is
noted and not taken is mended by the next run.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from vectorstore.archive import Archive
from vectorstore.archive.index_state import next_generation
from vectorstore.indexing.diff import CableDiff
from vectorstore.indexing.lock import one_writer
from vectorstore.interfaces import EmbeddedParagraph, KnownParagraph
from vectorstore.keys import row_of, window_id
from vectorstore.storage.catalog import SqliteCatalog

BATCH_PARAGRAPHS = 1024
"""Paragraphs that are embedded and stored together: enough to sort by length, little enough to lose."""


@contextmanager
def writing(archive: Archive) -> Iterator[None]:
    """Be the archive's one writer, and let it go afterwards. Raises ArchiveLocked."""
    with one_writer(archive.data):
        try:
            yield
        finally:
            archive.release()


def write(
    archive: Archive, changes: Sequence[CableDiff], advance: Callable[[int], None] = lambda n: None
) -> None:
    """Note the changes, then write them to the stores; `advance(n)` is called for each n passages embedded."""
    with archive.catalog.transaction():
        for change in changes:
            archive.catalog.begin_writing(change.touched)
    write_stores(archive, changes, advance)


def write_stores(
    archive: Archive, changes: Sequence[CableDiff], advance: Callable[[int], None] = lambda n: None
) -> None:
    """Write vectors and words and note nothing: for an index that nobody uses yet."""
    archive.vectors.write(_embedded(archive, changes, advance))
    for change in changes:
        described = {key: change.details[key] for key in change.describe}
        if described:
            archive.vectors.write_details(described, {key: change.known[key].windows for key in described})
    archive.vectors.drop([window for change in changes for window in change.stale])
    entries = [entry for change in changes for entry in change.entries()]
    archive.paragraph_words.write(entries, gone=[row_of(key) for change in changes for key in change.gone])
    archive.cable_words.write([change.cable_entry() for change in changes])


def drop_from_stores(archive: Archive, cable_id: str, known: Mapping[str, KnownParagraph]) -> None:
    """Remove a cable's vectors and words; `known` are its paragraphs."""
    archive.vectors.drop([window_id(p.key, n) for p in known.values() for n in range(p.windows)])
    archive.paragraph_words.write([], gone=[row_of(key) for key in known])
    archive.cable_words.write([], gone=[row_of(cable_id)])


def batches(changes: Iterable[CableDiff], size: int) -> Iterator[list[CableDiff]]:
    """Changes in lists of some `size` paragraphs that are written together."""
    batch: list[CableDiff] = []
    for change in changes:
        batch.append(change)
        if sum(len(c.embed) + len(c.words) for c in batch) >= size or len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def take(catalog: SqliteCatalog, changes: Sequence[CableDiff]) -> None:
    """Let the catalog take the cables that the stores have confirmed; inside a transaction."""
    for change in changes:
        catalog.put_cable(change.cable, change.known, file=change.file, place=change.place)
    catalog.written(key for change in changes for key in change.touched)
    if changes:
        next_generation(catalog)


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
