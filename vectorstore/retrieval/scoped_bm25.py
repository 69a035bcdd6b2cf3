"""The word indexes as a reader sees them: of the paragraphs that they may see, and of no others.

BM25 weighs a word by how many texts hold it. In one index for all, paragraphs that are kept back would move
the scores of the others and tell which words they hold. So a reader from whom something is kept gets
indexes of their own, in memory: made when they first ask, then only what has changed is indexed again.
"""

import threading

from vectorstore.archive import Archive
from vectorstore.embedding import chunking
from vectorstore.keys import row_of, text_hash
from vectorstore.storage.bm25 import BM25Index, IndexEntry
from vectorstore.storage.catalog_view import CatalogView

BATCH = 500
"""Cables that are read and indexed together."""


class ScopedBM25:
    """Words of paragraphs and of whole cables: the archive's where all may be seen, else a reader's own."""

    def __init__(self, archive: Archive, view: CatalogView) -> None:
        self._archive = archive
        self._view = view
        self._own = None if view.clearance.whole else (BM25Index(None), BM25Index(None))
        self._known: dict[str, tuple[str, tuple[int, ...]]] = {}
        self._generation: str | None = None
        self._lock = threading.Lock()
        self.refresh()

    @property
    def paragraphs(self) -> BM25Index:
        """BM25 over paragraphs."""
        return self._own[0] if self._own else self._archive.paragraph_words

    @property
    def cables(self) -> BM25Index:
        """BM25 over whole cables."""
        return self._own[1] if self._own else self._archive.cable_words

    def refresh(self) -> None:
        """See what has been indexed since the last look; the archive's own words are refreshed by it."""
        if self._own is None:
            return
        with self._lock:
            generation = self._view.meta("generation") or ""
            if generation != self._generation:
                self._follow()
                self._generation = generation

    def _follow(self) -> None:
        now = {
            cable: (text_hash(*(passage for _, passage in own)), tuple(row_of(key) for key, _ in own))
            for cable, own in self._view.passages().items()
        }
        for cable in self._known.keys() - now.keys():
            self._write([], [cable])
        changed = [cable for cable, state in now.items() if self._known.get(cable) != state]
        for start in range(0, len(changed), BATCH):
            part = changed[start : start + BATCH]
            self._write(part, [cable for cable in part if cable in self._known])
        self._known = now
        for words in self._own or ():
            words.close()  # a writer holds memory and threads, and there may be nothing to write for days

    def _write(self, cable_ids: list[str], gone: list[str]) -> None:
        """Put these cables' words in; `gone` are cables whose former words go."""
        assert self._own is not None
        cables = [cable for cable in map(self._view.cable, cable_ids) if cable is not None]
        paragraphs = [
            IndexEntry(row_of(paragraph.key), chunking.header(cable, paragraph), paragraph.text)
            for cable in cables
            for paragraph in cable.paragraphs
        ]
        whole = [
            IndexEntry(row_of(cable.id), cable.subject or "", " ".join(p.text for p in cable.paragraphs))
            for cable in cables
        ]
        self._own[0].write(paragraphs, gone=[row for cable in gone for row in self._known[cable][1]])
        self._own[1].write(whole, gone=[row_of(cable) for cable in gone])
        for words in self._own:
            words.reload()
