"""The word indexes as a reader sees them: of the paragraphs that they may see, and of no others.

BM25 weighs a word by how many texts hold it. In one index for all, paragraphs that are kept back would move
the scores of the others and show which words they hold. So a reader from whom something is kept gets indexes
of their own, in memory: built when they first ask, then only what has changed is indexed again.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from cables import Cable
from vectorstore.archive import Archive
from vectorstore.embedding import chunking
from vectorstore.interfaces import IndexEntry, LexicalIndex
from vectorstore.keys import row_of
from vectorstore.storage.bm25 import BM25Index
from vectorstore.storage.catalog_view import CatalogView

BATCH_CABLES = 500
"""Cables that are read and indexed together."""

Passages = dict[str, list[tuple[str, str]]]
"""For each cable (key, hash of what is indexed of it) of its paragraphs."""


@dataclass(frozen=True, slots=True)
class _OwnIndexes:
    """A reader's indexes of paragraphs and of whole cables, with the passages that they hold."""

    paragraphs: BM25Index = field(default_factory=lambda: BM25Index(None))
    cables: BM25Index = field(default_factory=lambda: BM25Index(None))
    held: Passages = field(default_factory=dict)

    def follow(self, view: CatalogView) -> None:
        """Index what the view shows otherwise than at the last call."""
        now = view.passages()
        stale = [cable for cable, passages in self.held.items() if now.get(cable) != passages]
        if stale:
            self.paragraphs.write([], gone=[row_of(key) for cable in stale for key, _ in self.held[cable]])
            self.cables.write([], gone=[row_of(cable) for cable in stale])
        for cable in stale:
            del self.held[cable]
        new = [cable for cable in now if cable not in self.held]
        for start in range(0, len(new), BATCH_CABLES):
            self._add([view.cable(cable) for cable in new[start : start + BATCH_CABLES]])
        self.held.update(now)
        for index in (self.paragraphs, self.cables):
            index.reload()
            index.close()  # a writer holds memory and threads, and there may be nothing to write for days

    def _add(self, cables: Sequence[Cable | None]) -> None:
        present = [cable for cable in cables if cable is not None]
        self.paragraphs.write(
            IndexEntry(row_of(paragraph.key), chunking.header(cable, paragraph), paragraph.text)
            for cable in present
            for paragraph in cable.paragraphs
        )
        self.cables.write(
            IndexEntry(row_of(cable.id), cable.subject or "", " ".join(p.text for p in cable.paragraphs))
            for cable in present
        )


class ScopedBM25:
    """Words of paragraphs and of whole cables: the archive's where all may be seen, else a reader's own.

    A reader's own indexes are built by the constructor, which takes seconds for a large archive.
    """

    def __init__(self, archive: Archive, view: CatalogView) -> None:
        self._archive = archive
        self._view = view
        self._own = None if view.clearance.whole else _OwnIndexes()
        self._generation: str | None = None
        self._lock = threading.Lock()
        self.refresh()

    @property
    def paragraphs(self) -> LexicalIndex:
        """BM25 over paragraphs."""
        return self._own.paragraphs if self._own else self._archive.paragraph_words

    @property
    def cables(self) -> LexicalIndex:
        """BM25 over whole cables."""
        return self._own.cables if self._own else self._archive.cable_words

    def refresh(self) -> None:
        """See what has been indexed since the last call; the archive's own words are refreshed by it."""
        if self._own is None or not self._lock.acquire(blocking=False):
            return  # another question is at it; this one is answered from what is there
        try:
            generation = self._view.meta("generation") or ""
            if generation != self._generation:
                self._own.follow(self._view)
                self._generation = generation
        finally:
            self._lock.release()
