"""Writing changed cables into vectors and words, in an order that a killed run cannot harm.

Keys are noted in the catalog, then vectors and words are written; the caller then lets the catalog take the
cables. What is noted and not taken is mended by the next run.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from vectorstore.archive import Archive
from vectorstore.catalog import Catalog, row_of
from vectorstore.changes import Change
from vectorstore.chroma import Embedded
from vectorstore.lock import one_writer


@contextmanager
def writing(archive: Archive) -> Iterator[None]:
    """Be the archive's one writer, and let it go afterwards, so that another process can be it."""
    with one_writer(archive.data):
        try:
            yield
        finally:
            archive.release()


def write(
    archive: Archive, changes: Sequence[Change], advance: Callable[[int], None] = lambda n: None
) -> None:
    """Write what the changes ask for; `advance(n)` is told of each n passages embedded."""
    with archive.catalog.transaction():
        for change in changes:
            archive.catalog.begin_writing(change.touched)
    archive.vectors.write(_embedded(archive, changes, advance))
    for change in changes:
        described = {key: change.details[key] for key in change.describe}
        if described:
            archive.vectors.write_details(described, {key: change.known[key].windows for key in described})
    archive.vectors.drop([window for change in changes for window in change.stale])
    entries = [entry for change in changes for entry in change.entries()]
    archive.paragraph_words.write(entries, gone=[row_of(key) for change in changes for key in change.gone])
    archive.cable_words.write([change.cable_entry() for change in changes])


def take(catalog: Catalog, changes: Sequence[Change]) -> None:
    """Let the catalog take the cables that both stores have confirmed; inside a transaction."""
    for change in changes:
        catalog.put_cable(change.cable, change.known, file=change.file, place=change.place)
    catalog.written()
    if changes:
        next_generation(catalog)


def next_generation(catalog: Catalog) -> None:
    """Tell those who read the archive that it has changed."""
    catalog.remember("generation", str(int(catalog.meta("generation") or 0) + 1))


def _embedded(
    archive: Archive, changes: Sequence[Change], advance: Callable[[int], None]
) -> Iterator[Embedded]:
    """The passages of all changes, embedded together so that lengths can be sorted."""
    texts = [text for change in changes for key in change.embed for text in change.windows[key]]
    if not texts:
        return
    vectors = archive.embedder.encode(texts, advance)
    start = 0
    for change in changes:
        for key in change.embed:
            end = start + len(change.windows[key])
            yield Embedded(key, vectors[start:end], change.details[key])
            start = end
