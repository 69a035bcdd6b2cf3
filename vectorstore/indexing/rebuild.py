"""Builds an index beside the present one, which answers meanwhile, and changes over at the end.

What an attempt that was cut off has made is found in its folders and kept: only the rest is made. Nobody reads
the new folders before the catalog names them, and it does so in the transaction in which it takes over what the
new index notes of each paragraph.
"""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from vectorstore.archive import Archive
from vectorstore.archive.index_spec import IndexPaths
from vectorstore.archive.index_state import next_generation
from vectorstore.indexing.reconcile import ConsistencyCheck, discard
from vectorstore.indexing.writer import BATCH_PARAGRAPHS, batches, write_stores

log = logging.getLogger(__name__)

RESTORING_PREFIX = "restoring-"
"""How the names of folders begin that a restore which was cut off has left in the data directory."""


def rebuild(
    archive: Archive, embedded: Callable[[int], None] = lambda n: None, *, batch: int = BATCH_PARAGRAPHS
) -> None:
    """Build as the archive's spec says, and use that from now on. For the one who holds the lock."""
    beside = archive.beside()
    try:
        _build(beside, embedded, batch)
    finally:
        beside.release()
    with archive.catalog.transaction():
        archive.catalog.swap(beside.facts())
        next_generation(archive.catalog)
    archive.reopen(beside.stores.paths)


def _build(beside: Archive, embedded: Callable[[int], None], batch: int) -> None:
    catalog = beside.catalog
    with catalog.transaction():
        catalog.begin_rebuild(str(beside.stores.paths))
    discard(beside, beside.stores.damaged())
    check = ConsistencyCheck(beside, beside=True)
    for changes in batches(check.changes(), batch):
        faulty = [change for change in changes if check.is_faulty(change)]
        if faulty:
            write_stores(beside, faulty)
            embedded(sum(len(change.embed) for change in faulty))
        with catalog.transaction():
            catalog.put_rebuilt(known for change in changes for known in change.known.values())
    check.drop_strays()


def drop_leftovers(archive: Archive) -> None:
    """Delete the folders of indexes that are neither used nor being built, and of restores that were cut off."""
    kept = [archive.stores.paths]
    building = archive.catalog.meta("building")
    if building:
        kept.append(IndexPaths.read(building))
    if archive.backends.server:
        archive.backends.server.drop_others(archive.catalog.meta("archive") or "", {k.vectors for k in kept})
    _drop_others(archive.data / "vectors", {k.vectors for k in kept})
    _drop_others(archive.data / "words", {k.words for k in kept})
    for folder in archive.data.glob(f"{RESTORING_PREFIX}*"):
        shutil.rmtree(folder)


def _drop_others(parent: Path, kept: set[str]) -> None:
    for path in parent.glob("*"):
        if path.name not in kept:
            log.info("dropping %s, which an earlier index left", path)
            shutil.rmtree(path) if path.is_dir() else path.unlink()
