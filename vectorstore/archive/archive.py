"""The archive: the cables that Reftel knows, in one data directory, and the stores in which they are found.

catalog.sqlite   what every cable says, word for word; it names the folders that are in use
vectors/NAME/    a Chroma collection
words/NAME/      the word indexes, of paragraphs and of whole cables
uploads/         files that were added from the page: sources like any other

`archive.factory` puts one together.
"""

import logging
import sqlite3
import threading
import time
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.access import EVERYTHING, Clearance
from vectorstore.archive.index_spec import IndexPaths, IndexSpec
from vectorstore.archive.index_state import IndexState
from vectorstore.archive.index_stores import Backends, IndexStores, Store
from vectorstore.embedding.embedder import EmbedderNotFound
from vectorstore.errors import StoreIncomplete, UserError
from vectorstore.interfaces import Embedder, LexicalIndex, VectorStore
from vectorstore.storage.catalog import SqliteCatalog
from vectorstore.storage.catalog_view import ArchiveMissing, CatalogView
from vectorstore.storage.memory import return_freed_memory

if TYPE_CHECKING:
    from vectorstore.storage.chroma_server import Server

log = logging.getLogger(__name__)

CATALOG = "catalog.sqlite"
"""The catalog's file in the data directory."""
REOPENING_SHARE = 9
"""How many times as long as it took to load vectors again they are used, while an indexer writes on."""


class IndexSpecMismatch(UserError):
    """The archive was built with another embedder; the message says what to do."""


class Archive:
    """One data directory with an embedder; the stores open when they are first used.

    `paths` says which index to use; without it the one that the catalog names, if questions of this embedder
    can search it, else a new one beside it.
    """

    def __init__(
        self,
        data: Path,
        embedder: Embedder,
        paths: IndexPaths | None = None,
        *,
        server: "Server | None" = None,
        words_url: str = "",
        spec: IndexSpec | None = None,
        catalog: SqliteCatalog | None = None,
    ) -> None:
        self.data = data
        self.embedder = embedder
        self.backends = Backends(data, server, words_url)
        self.spec = spec or self.backends.spec(embedder)
        """What this archive builds an index with."""
        self._paths = paths
        self._catalog = catalog
        self._stores: IndexStores | None = None
        self._complete: IndexStores | None = None
        """The stores that were found to hold what the catalog counts."""
        self._state: IndexState | None = None
        self._next_look = 0.0
        self._refreshing = threading.Lock()
        self._opening = threading.RLock()

    @property
    def catalog_path(self) -> Path:
        """The catalog's file."""
        return self.data / CATALOG

    @property
    def uploads(self) -> Path:
        """Where files are kept that were added from the page."""
        return self.data / "uploads"

    def holds(self, path: Path) -> bool:
        """Whether a path is one of the archive's own files, which are no sources; what was uploaded is.

        Raises OSError where the path cannot be resolved.
        """
        own, added = self._resolved
        there = path.resolve()
        return there.is_relative_to(own) and not there.is_relative_to(added)

    @cached_property
    def _resolved(self) -> tuple[Path, Path]:
        return self.data.resolve(), self.uploads.resolve()

    # The stores

    @property
    def catalog(self) -> SqliteCatalog:
        """The indexer's side of the catalog; made where there is none. Raises CatalogDamaged, OSError."""
        with self._opening:
            if self._catalog is None:
                self._catalog = SqliteCatalog(self.catalog_path)
            return self._catalog

    def reopen_catalog(self) -> None:
        """Open the catalog again at its next use: another file has taken its place."""
        self._catalog = None

    @property
    def stores(self) -> IndexStores:
        """The stores of the index that is used."""
        with self._opening:
            if self._stores is None:
                paths = self._paths or self._named_paths() or self.own_paths()
                with_tokens = self.embedder.late_interaction is not None
                self._stores = IndexStores(self.backends, paths, with_tokens=with_tokens)
            return self._stores

    @property
    def folders(self) -> dict[Store, Path]:
        """Where the stores lie."""
        return self.stores.folders

    @property
    def vectors(self) -> VectorStore:
        """The vectors of paragraphs."""
        return self.stores.vectors

    @property
    def paragraph_words(self) -> LexicalIndex:
        """BM25 over paragraphs."""
        return self.stores.paragraph_words

    @property
    def cable_words(self) -> LexicalIndex:
        """BM25 over whole cables."""
        return self.stores.cable_words

    def reopen(self, paths: IndexPaths | None = None) -> None:
        """Open the stores again at their next use: of the index in `paths`, or that the catalog names."""
        with self._opening:
            self._paths, self._stores = paths, None

    def release(self) -> None:
        """Let go of what one process at a time may hold."""
        if self._stores is not None:
            self._stores.release()

    def own_paths(self) -> IndexPaths:
        """Where this archive builds an index, whatever the catalog names."""
        return self.spec.paths(self.catalog.meta("archive") or "")

    def _named_paths(self) -> IndexPaths | None:
        """The index that the catalog names, where this archive can search it."""
        state = remembered_state(self.catalog_path)
        return state.paths if state and self.spec.can_search(state.spec) else None

    def beside(self) -> "Archive":
        """The same archive with the index that it builds itself, whatever the catalog names."""
        backends = self.backends
        return Archive(
            self.data,
            self.embedder,
            self.own_paths(),
            server=backends.server,
            words_url=backends.words_url,
            spec=self.spec,
            catalog=self.catalog,
        )

    def facts(self) -> dict[str, str]:
        """What the catalog remembers of the index in use."""
        return IndexState(0, self.spec, self.stores.paths, self.embedder.name).facts()

    # Reading

    def warm(self) -> None:
        """Start to load what a question needs, in a thread, so that other work need not wait for it.

        A question raises what cannot be loaded. No daemon: at exit it must not run on in a library that is being
        taken down.
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
        self._searchable(IndexState.read(view.meta))
        return view

    def _searchable(self, state: IndexState | None) -> IndexState:
        if state is None:
            raise ArchiveMissing(self.catalog_path)
        if not self.spec.can_search(state.spec):
            raise IndexSpecMismatch(
                f"the archive in {self.data} was built with {state.spec}, you ask with {self.spec}: "
                "run `reftel index` to build it again, or set REFTEL_EMBEDDER back"
            )
        return state

    def check_complete(self) -> None:
        """Compare what the stores hold with what the catalog counts, once for the stores in use.

        Raises StoreIncomplete: a store that is gone would look like an archive that does not answer. A run that is
        writing, or was cut off, explains a small difference but no empty store.
        """
        stores = self.stores
        if stores is self._complete:
            return
        stores.reload_words()
        view = CatalogView(self.catalog_path, EVERYTHING)
        try:
            state = IndexState.read(view.meta)
            missing = stores.missing(*view.store_counts())
            if missing and view.unfinished() and not any(text.startswith("0 of") for text in missing):
                log.warning("%s holds %s: a run is writing or was cut off", self.data, ", ".join(missing))
                return
        finally:
            view.close()
        if missing:
            raise StoreIncomplete(
                f"the archive in {self.data} is incomplete, it holds {', '.join(missing)}: "
                "`reftel doctor --heal` makes the rest again from the catalog"
            )
        self._complete, self._state = stores, state

    def rebuilt(self, view: CatalogView) -> bool:
        """Whether the archive has been built again with another embedder, with which it must be opened."""
        state = IndexState.read(view.meta)
        return state is not None and not self.spec.can_search(state.spec)

    def refresh(self, view: CatalogView) -> bool:
        """See what an indexer, here or in another process, has written since the last question; whether all is seen.

        Raises IndexSpecMismatch where it was built again with another embedder.
        """
        state = IndexState.read(view.meta)
        if state == self._state:
            return True
        # While another question is at it, or has just been, this one is answered from what is open.
        if time.monotonic() < self._next_look or not self._refreshing.acquire(blocking=False):
            return False
        try:
            self._refresh(self._searchable(state))
        finally:
            self._refreshing.release()
        return True

    def _refresh(self, state: IndexState) -> None:
        if state.paths != self.stores.paths:
            self.reopen(state.paths)
        self.stores.reload_words()
        if self._state is not None and not self.vectors.live:
            clock = time.monotonic()
            self.stores.reopen_vectors()
            return_freed_memory()  # the graph as it was
            # A large graph takes seconds to load: while an indexer writes on, a tenth of the time goes to it.
            self._next_look = time.monotonic() + REOPENING_SHARE * (time.monotonic() - clock)
        self._state = state


def remembered_state(catalog: Path) -> IndexState | None:
    """The state that a catalog's file remembers; None where there is none, or none that can be read."""
    if not catalog.exists():
        return None
    with suppress(sqlite3.DatabaseError):  # opening the catalog raises it
        view = CatalogView(catalog, EVERYTHING)
        try:
            return IndexState.read(view.meta)
        finally:
            view.close()
    return None
