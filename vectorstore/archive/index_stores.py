"""The stores of one index: its vectors with their token vectors, its words of paragraphs and of whole cables.

They lie in the data directory, or on a Chroma server and in PostgreSQL. Each opens when it is first used.
"""

import shutil
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.archive.index_spec import LOCAL_VECTORS, LOCAL_WORDS, POSTGRES_WORDS, IndexPaths, IndexSpec
from vectorstore.errors import BM25Damaged, UserError, VectorsDamaged
from vectorstore.interfaces import Embedder, LexicalIndex, VectorStore
from vectorstore.storage.bm25 import BM25Index
from vectorstore.storage.chroma import ChromaVectors, read_in_child
from vectorstore.storage.token_vectors import SqliteTokenStore

if TYPE_CHECKING:
    from vectorstore.storage.chroma_server import Server

MAX_QUICKLY_PROBED = 50_000
"""Vectors up to which a quick check loads their graph, to see that it can be loaded; above, it takes too long."""


class Store(StrEnum):
    """The stores of an index."""

    VECTORS = "vectors"
    PARAGRAPH_WORDS = "paragraph_words"
    CABLE_WORDS = "cable_words"


@dataclass(frozen=True, slots=True)
class Backends:
    """Where stores lie: in the data directory, vectors on a Chroma server, words in PostgreSQL."""

    data: Path
    server: "Server | None" = None
    words_url: str = ""

    def spec(self, embedder: Embedder) -> IndexSpec:
        """What an index in these stores is made with."""
        store = f"vectors on {self.server}" if self.server else LOCAL_VECTORS
        words = POSTGRES_WORDS if self.words_url else LOCAL_WORDS
        return IndexSpec(embedder.fingerprint, words=words, store=store)

    def folders(self, paths: IndexPaths) -> dict[Store, Path]:
        """The folder of each store."""
        words = self.data / "words" / paths.words
        return {
            Store.VECTORS: self.data / "vectors" / paths.vectors,
            Store.PARAGRAPH_WORDS: words / "paragraphs",
            Store.CABLE_WORDS: words / "cables",
        }

    def open_vectors(self, paths: IndexPaths, *, with_tokens: bool) -> VectorStore:
        """The vectors of an index. Raises VectorsDamaged, ServerUnavailable."""
        folder = self.folders(paths)[Store.VECTORS]
        tokens = SqliteTokenStore(folder / "tokens.sqlite") if with_tokens else None
        if not self.server:
            return ChromaVectors(folder, tokens)
        from vectorstore.storage.chroma_server import ChromaServerVectors

        return ChromaServerVectors(self.server, paths.vectors, tokens)

    def read_vectors_in_child(self, paths: IndexPaths) -> None:
        """Raises VectorsDamaged where vectors in the data directory are missing or crash the process that reads them."""
        if not self.server:
            read_in_child(self.folders(paths)[Store.VECTORS])

    def open_words(self, paths: IndexPaths, store: Store) -> LexicalIndex:
        """One of the word indexes. Raises BM25Damaged, PostgresUnavailable."""
        if not self.words_url:
            return BM25Index(self.folders(paths)[store])
        from vectorstore.storage.postgres_bm25 import PostgresBM25

        return PostgresBM25(self.words_url, f"{store}_{paths.words}")


class IndexStores:
    """The stores of the index in `paths`; `with_tokens` says whether its embedder has late interaction."""

    def __init__(self, backends: Backends, paths: IndexPaths, *, with_tokens: bool) -> None:
        self.paths = paths
        self.folders = backends.folders(paths)
        self._backends = backends
        self._with_tokens = with_tokens
        self._vectors: VectorStore | None = None
        self._words: dict[Store, LexicalIndex] = {}
        self._opening = threading.RLock()

    @property
    def vectors(self) -> VectorStore:
        """The vectors of paragraphs, with their token vectors."""
        with self._opening:
            if self._vectors is None:
                self._vectors = self._open_vectors()
            return self._vectors

    def _open_vectors(self) -> VectorStore:
        return self._backends.open_vectors(self.paths, with_tokens=self._with_tokens)

    @property
    def paragraph_words(self) -> LexicalIndex:
        """BM25 over paragraphs."""
        return self._lexical(Store.PARAGRAPH_WORDS)

    @property
    def cable_words(self) -> LexicalIndex:
        """BM25 over whole cables."""
        return self._lexical(Store.CABLE_WORDS)

    def _lexical(self, store: Store) -> LexicalIndex:
        with self._opening:
            if store not in self._words:
                self._words[store] = self._backends.open_words(self.paths, store)
            return self._words[store]

    def reload_words(self) -> None:
        """See the word indexes as they were last committed."""
        self.paragraph_words.reload()
        self.cable_words.reload()

    def reopen_vectors(self) -> None:
        """See what another process has written; the vectors that are open answer until the others are loaded."""
        fresh = self._open_vectors()
        fresh.probe()
        self._vectors = fresh

    def release(self) -> None:
        """Let go of the word indexes, which one process at a time may hold for writing, and flush the tokens."""
        if self._vectors is not None and self._vectors.tokens:
            self._vectors.tokens.flush()
        for index in self._words.values():
            index.close()

    def damaged(self, *, quickly: bool = False) -> dict[Store, UserError]:
        """The stores that cannot be read, with the reason; `quickly` leaves a large graph of vectors unread."""
        found: dict[Store, UserError] = {}
        with _noting(found, Store.VECTORS):
            if not quickly:
                self._backends.read_vectors_in_child(self.paths)
            if not quickly or self.vectors.count() < MAX_QUICKLY_PROBED:
                self.vectors.probe()
        for store in (Store.PARAGRAPH_WORDS, Store.CABLE_WORDS):
            with _noting(found, store):
                self._lexical(store).probe()
        return found

    def missing(self, cables: int, paragraphs: int, vectors: int) -> list[str]:
        """What the stores lack of so many, in words; what was committed since they were opened counts."""
        self.reload_words()
        counts = (
            ("vectors", self.vectors.count(), vectors),
            ("paragraphs in the word index", self.paragraph_words.count(), paragraphs),
            ("cables in the word index", self.cable_words.count(), cables),
        )
        lacking = [f"{held:,} of {wanted:,} {what}" for what, held, wanted in counts if held < wanted]
        if self.vectors.tokens is not None and (held := self.vectors.tokens.count()) < vectors:
            lacking.append(f"{held:,} of {vectors:,} passages' token vectors")
        return lacking

    def discard(self, stores: Collection[Store]) -> None:
        """Delete damaged stores; they are empty when they are used again."""
        for store in stores:
            if store is Store.VECTORS:
                if self._backends.server:
                    self.vectors.discard()
                self._vectors = None
            else:
                self._words.pop(store, None)
            if self.folders[store].exists() and not (store is Store.VECTORS and self._backends.server):
                shutil.rmtree(self.folders[store])


@contextmanager
def _noting(found: dict[Store, UserError], store: Store) -> Iterator[None]:
    try:
        yield
    except (VectorsDamaged, BM25Damaged) as error:
        found[store] = error
