"""Builds vectors and words anew beside the present ones, which answer meanwhile, and changes over at the end.

What an attempt that was cut off has made is found in its folders and kept: only the rest is made. Nobody
reads the new folders before the catalog names them, and it does so in the transaction in which it takes over
what the new build notes of each paragraph.
"""

from collections.abc import Callable

from vectorstore.archive import Archive
from vectorstore.indexing import writer
from vectorstore.indexing.reconcile import ConsistencyCheck


def rebuild(archive: Archive, embedded: Callable[[int], None] = lambda n: None) -> None:
    """Build as the archive's recipe says, and use that from now on. For the one who holds the lock."""
    beside = archive.beside()
    try:
        _build(beside, embedded)
    finally:
        beside.release()
    with archive.catalog.transaction():
        archive.catalog.swap(beside.identity())
        writer.next_generation(archive.catalog)
    archive.reopen(beside.build)


def _build(beside: Archive, embedded: Callable[[int], None]) -> None:
    catalog = beside.catalog
    with catalog.transaction():
        catalog.begin_rebuild(str(beside.build))
    writer.discard(beside, writer.damaged(beside))
    survey = ConsistencyCheck(beside, beside=True)
    for batch in writer.batches(survey.changes()):
        faulty = [change for change in batch if survey.is_faulty(change)]
        if faulty:
            writer.fill(beside, faulty)
            embedded(sum(len(change.embed) for change in faulty))
        with catalog.transaction():
            catalog.put_rebuilt(known for change in batch for known in change.known.values())
    survey.drop_strays()
