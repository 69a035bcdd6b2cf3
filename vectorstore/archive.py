"""The archive: the cables that Reftel knows, in one data directory, and the parts that keep them.

catalog.sqlite   what every cable says, word for word; it names the folders that are in use
vectors/NAME/    a Chroma collection
words/NAME/      the word indexes, of paragraphs and of whole cables
uploads/         files that were added from the page: sources like any other
"""

import logging
import shutil
import sqlite3
import threading
import time
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.access import EVERYTHING, Clearance
from vectorstore.embedding.cache import MAX_CACHE_BYTES, VectorCache, cache_home
from vectorstore.embedding.embedder import EmbedderNotFound, SentenceEmbedder
from vectorstore.errors import UserError
from vectorstore.index_spec import LOCAL, SHARED, WORDS, IndexPaths, IndexSpec
from vectorstore.interfaces import Embedder, LexicalIndex, VectorStore
from vectorstore.storage.bm25 import BM25Index
from vectorstore.storage.catalog import SqliteCatalog
from vectorstore.storage.catalog_view import ArchiveMissing, CatalogView
from vectorstore.storage.chroma import ChromaVectors
from vectorstore.storage.memory import return_freed_memory
from vectorstore.storage.token_vectors import SqliteTokenStore, VectorsWithTokens

if TYPE_CHECKING:
    from vectorstore.storage.chroma_server import Server

log = logging.getLogger(__name__)

CATALOG = "catalog.sqlite"
"""The catalog's file in the data directory."""

LEFTOVERS = "restoring-"
"""How folders begin that a restore which was cut off has left."""


class IndexSpecMismatch(UserError):
    """The archive was built with another embedder; the message says what to do."""


class Archive:
    """One data directory with an embedder. Parts open when they are first used.

    `folders` says which vectors and words to use; without it those that the catalog names, if they were built
    as this archive builds, else new ones beside them.
    """

    def __init__(
        self,
        data: Path,
        embedder: Embedder,
        folders: IndexPaths | None = None,
        *,
        server: "Server | None" = None,
        words_url: str = "",
    ) -> None:
        self.data = data
        self.words_url = words_url
        self.embedder = embedder
        self.server = server
        self._folders = folders
        self._generation: str | None = None
        self._next_look = 0.0
        self._refreshing = threading.Lock()

    @property
    def catalog_path(self) -> Path:
        """The catalog's file."""
        return self.data / CATALOG

    @property
    def uploads(self) -> Path:
        """Where files are kept that were added from the page."""
        return self.data / "uploads"

    def holds(self, path: Path) -> bool:
        """Whether a path is one of the archive's own files, which are no sources; what was uploaded is."""
        own, added = self._resolved
        there = path.resolve()
        return there.is_relative_to(own) and not there.is_relative_to(added)

    @cached_property
    def _resolved(self) -> tuple[Path, Path]:
        """Where the data directory and its uploads really lie."""
        return self.data.resolve(), self.uploads.resolve()

    @cached_property
    def catalog(self) -> SqliteCatalog:
        """The indexer's side of the catalog."""
        return SqliteCatalog(self.catalog_path)

    @cached_property
    def recipe(self) -> IndexSpec:
        """What this archive builds vectors and words with."""
        store = f"vectors on {self.server}" if self.server else LOCAL
        return IndexSpec(self.embedder.fingerprint, words=SHARED if self.words_url else WORDS, store=store)

    @property
    def build(self) -> IndexPaths:
        """The vectors and words that are used."""
        if self._folders is None:
            named = self._named() if self.catalog_path.exists() else None
            self._folders = named or self._own_folders()
        return self._folders

    def _own_folders(self) -> IndexPaths:
        return IndexPaths.of(self.recipe, self._id())

    def _id(self) -> str:
        """What tells the archive from others on the same servers."""
        return self.catalog.meta("archive") or ""

    def identity(self) -> dict[str, str]:
        """What the catalog remembers of a build: its recipe, where it lies, the embedder to load."""
        return {"built with": str(self.recipe), "folders": str(self.build), "embedder": self.embedder.name}

    def _named(self) -> IndexPaths | None:
        """The folders that the catalog names, where they can be used."""
        try:
            view = CatalogView(self.catalog_path, EVERYTHING)
            built, folders = view.meta("built with"), view.meta("folders")
            view.close()
        except sqlite3.DatabaseError:
            return None  # who opens the catalog is told
        if built and folders and self.recipe.can_ask(IndexSpec.read(built)):
            return IndexPaths.read(folders)
        return None

    @property
    def folders(self) -> dict[str, Path]:
        """Where vectors and words lie, by the name of the part that keeps them."""
        words = self.data / "words" / self.build.words
        return {
            "vectors": self.data / "vectors" / self.build.vectors,
            "paragraph_words": words / "paragraphs",
            "cable_words": words / "cables",
        }

    @cached_property
    def vectors(self) -> VectorStore:
        """The collection of this embedder's vectors."""
        return self._open_vectors()

    def _open_vectors(self) -> VectorStore:
        folder, vectors = self.folders["vectors"], self._vectors_alone()
        if self.embedder.late_interaction is None:
            return vectors
        return VectorsWithTokens(vectors, SqliteTokenStore(folder / "tokens.sqlite"))

    def _vectors_alone(self) -> VectorStore:
        if self.server:
            from vectorstore.storage.chroma_server import ChromaServerVectors

            return ChromaServerVectors(self.server, self.build.vectors)
        return ChromaVectors(self.folders["vectors"])

    @cached_property
    def paragraph_words(self) -> LexicalIndex:
        """BM25 over paragraphs."""
        return self._open_words("paragraph_words")

    @cached_property
    def cable_words(self) -> LexicalIndex:
        """BM25 over whole cables."""
        return self._open_words("cable_words")

    def _open_words(self, part: str) -> LexicalIndex:
        if self.words_url:
            from vectorstore.storage.postgres_bm25 import PostgresBM25

            return PostgresBM25(self.words_url, f"{part}_{self.build.words}")
        return BM25Index(self.folders[part])

    def warm(self) -> None:
        """Start to load what a question needs, in a thread, so that other work need not wait for it.

        What cannot be loaded is told to who asks for it. No daemon: at exit it must not run on in a library
        that is being taken down.
        """
        if not self.catalog_path.exists():
            return

        def load() -> None:
            with suppress(EmbedderNotFound):
                self.embedder.encode_query("The first question should not wait for the model.")

        threading.Thread(target=load, name="warming the model").start()

    def view(self, clearance: Clearance) -> CatalogView:
        """The archive as someone of this clearance sees it.

        Raises ArchiveMissing where nothing has been indexed, IndexSpecMismatch where vectors would be mixed.
        """
        view = CatalogView(self.catalog_path, clearance)
        self._check_built(view)
        return view

    def _check_built(self, view: CatalogView) -> None:
        built = view.meta("built with")
        if built is None:
            raise ArchiveMissing(self.catalog_path)
        if not self.recipe.can_ask(IndexSpec.read(built)):
            raise IndexSpecMismatch(
                f"the archive in {self.data} was built with {built}, you ask with {self.recipe}: "
                "run `reftel index` to build it again, or set REFTEL_EMBEDDER back"
            )

    def rebuilt(self, view: CatalogView) -> bool:
        """Whether the archive has been built again with another embedder, with which it must be opened."""
        built = view.meta("built with")
        return built is not None and not self.recipe.can_ask(IndexSpec.read(built))

    def refresh(self, view: CatalogView) -> None:
        """See what an indexer, here or in another process, has written since the last question.

        Raises IndexSpecMismatch where it was built again with another embedder.
        """
        generation = view.meta("generation")
        if generation == self._generation or time.monotonic() < self._next_look:
            return
        if not self._refreshing.acquire(blocking=False):
            return  # another question is at it; this one is answered from what is open
        try:
            self._refresh(view, generation)
        finally:
            self._refreshing.release()

    def _refresh(self, view: CatalogView, generation: str | None) -> None:
        self._check_built(view)
        named = IndexPaths.read(view.meta("folders") or str(self.build))
        if named != self.build:
            self.reopen(named)
        self.reload_words()
        if self._generation is not None and not self.vectors.live:
            clock = time.monotonic()
            vectors = self._open_vectors()
            vectors.probe()
            self.__dict__["vectors"] = vectors
            return_freed_memory()  # the graph as it was
            # A large graph takes seconds to load: while an indexer writes on, a tenth of the time goes to it.
            self._next_look = time.monotonic() + 9 * (time.monotonic() - clock)
        self._generation = generation

    def reload_words(self) -> None:
        """See the word indexes as they were last committed."""
        self.paragraph_words.reload()
        self.cable_words.reload()

    def release(self) -> None:
        """Let go of the word indexes, which one process at a time may hold for writing, and settle the tokens."""
        if "vectors" in self.__dict__ and self.vectors.tokens:
            self.vectors.tokens.flush()
        for part in ("paragraph_words", "cable_words"):
            if part in self.__dict__:
                self.__dict__[part].close()

    def reopen(self, folders: IndexPaths | None = None) -> None:
        """Open vectors and words afresh at their next use: those in `folders`, or that the catalog names."""
        self._folders = folders
        for part in self.folders:
            self.__dict__.pop(part, None)

    def beside(self) -> "Archive":
        """The same archive with the folders in which its own recipe is built, whatever the catalog names."""
        beside = Archive(
            self.data, self.embedder, self._own_folders(), server=self.server, words_url=self.words_url
        )
        beside.__dict__["catalog"] = self.catalog
        return beside

    def drop_leftovers(self) -> None:
        """Delete the folders of builds that are neither used nor being built."""
        kept = [self.build]
        building = self.catalog.meta("building")
        if building:
            kept.append(IndexPaths.read(building))
        if self.server:
            self.server.drop_others(self._id(), {k.vectors for k in kept})
        for kind, names in (("vectors", {k.vectors for k in kept}), ("words", {k.words for k in kept})):
            for folder in (self.data / kind).glob("*"):
                if folder.name not in names:
                    log.info("dropping %s, which an earlier build left", folder)
                    shutil.rmtree(folder) if folder.is_dir() else folder.unlink()
        for folder in self.data.glob(f"{LEFTOVERS}*"):
            shutil.rmtree(folder)


def open_archive(
    data: Path,
    embedder: str,
    vector_cache: Path | None = None,
    cache_gb: float = MAX_CACHE_BYTES / 2**30,
    *,
    server: "Server | None" = None,
    words_url: str = "",
) -> Archive:
    """The archive in `data` with the embedder of that name, to index with; raises EmbedderNotFound.

    Vectors are kept in `vector_cache`, else in the user's cache folder, up to `cache_gb` gigabytes (0: none).
    """
    path = vector_cache or cache_home() / "vectors.sqlite"
    cache = VectorCache(path, round(cache_gb * 2**30)) if cache_gb else None
    return Archive(data, SentenceEmbedder(embedder, cache=cache), server=server, words_url=words_url)


def open_to_ask(data: Path, embedder: str, *, server: "Server | None" = None, words_url: str = "") -> Archive:
    """The archive in `data` with the embedder that it was built with, or `embedder` where there is none.

    While an archive is built again with another embedder, or on a server, the old vectors answer.
    Raises EmbedderNotFound.
    """
    path = data / CATALOG
    named = None
    if path.exists():
        with suppress(sqlite3.DatabaseError):  # who opens the catalog is told
            view = CatalogView(path, EVERYTHING)
            named = view.meta("embedder")
            built = IndexSpec.read(view.meta("built with") or "")
            server = None if built.store == LOCAL else server
            words_url = "" if built.words == WORDS else words_url
            view.close()
    # Without a cache: questions are not kept.
    archive = Archive(data, SentenceEmbedder(named or embedder), server=server, words_url=words_url)
    if named and named != embedder:
        log.warning(
            "asking with %s, which the archive was built with; `reftel index` changes to %s", named, embedder
        )
    return archive
