"""The archive: the cables that Reftel knows, in one data directory, and the parts that keep them.

catalog.sqlite   what every cable says, word for word
vectors/         the Chroma collection
words/           the word indexes, of paragraphs and of whole cables
uploads/         files that were added from the page: sources like any other
"""

import hashlib
import shutil
import time
from functools import cached_property
from pathlib import Path

from vectorstore import lexical, passages
from vectorstore.catalog import Catalog
from vectorstore.chroma import Vectors
from vectorstore.clearance import Clearance
from vectorstore.embeddings import Embedder
from vectorstore.lexical import Words
from vectorstore.view import ArchiveMissing, View

CATALOG = "catalog.sqlite"
"""The catalog's file in the data directory."""


class BuiltOtherwise(Exception):
    """The archive was built with another embedder; the message says what to do."""


class Archive:
    """One data directory with an embedder. Parts open when they are first used."""

    def __init__(self, data: Path, embedder: Embedder) -> None:
        self.data = data
        self.embedder = embedder
        self._generation: str | None = None
        self._next_look = 0.0

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
        there, own, added = path.resolve(), self.data.resolve(), self.uploads.resolve()
        return there.is_relative_to(own) and not there.is_relative_to(added)

    @cached_property
    def catalog(self) -> Catalog:
        """The indexer's side of the catalog."""
        return Catalog(self.catalog_path)

    @cached_property
    def built_with(self) -> str:
        """What vectors depend on: the embedder and the passages' version."""
        return f"{self.embedder.fingerprint} passages {passages.VERSION}"

    @property
    def folders(self) -> dict[str, Path]:
        """Where vectors and words lie, by the name of the part that keeps them."""
        words = self.data / "words"
        return {
            "vectors": self.data / "vectors",
            "paragraph_words": words / f"paragraphs-{lexical.VERSION}-{passages.VERSION}",
            "cable_words": words / f"cables-{lexical.VERSION}-{passages.VERSION}",
        }

    @cached_property
    def vectors(self) -> Vectors:
        """The collection of this embedder's vectors."""
        return self._open_vectors()

    def _open_vectors(self) -> Vectors:
        name = "paragraphs-" + hashlib.sha256(self.built_with.encode()).hexdigest()[:16]
        return Vectors(self.folders["vectors"], name)

    @cached_property
    def paragraph_words(self) -> Words:
        """BM25 over paragraphs."""
        return Words(self.folders["paragraph_words"])

    @cached_property
    def cable_words(self) -> Words:
        """BM25 over whole cables."""
        return Words(self.folders["cable_words"])

    def view(self, clearance: Clearance) -> View:
        """The archive as someone of this clearance sees it.

        Raises ArchiveMissing where nothing has been indexed, BuiltOtherwise where vectors would be mixed.
        """
        view = View(self.catalog_path, clearance)
        self._check_built(view)
        return view

    def _check_built(self, view: View) -> None:
        built = view.meta("built with")
        if built is None:
            raise ArchiveMissing(self.catalog_path)
        if built != self.built_with:
            raise BuiltOtherwise(
                f"the archive in {self.data} was built with {built}, you ask with {self.built_with}: "
                "run `reftel index` to embed it again, or set REFTEL_EMBEDDER back"
            )

    def refresh(self, view: View) -> None:
        """See what an indexer, here or in another process, has written since the last question.

        Raises BuiltOtherwise where it was built again with another embedder.
        """
        generation = view.meta("generation")
        if generation == self._generation or time.monotonic() < self._next_look:
            return
        self._check_built(view)
        self.reload_words()
        if self._generation is not None:
            clock = time.monotonic()
            vectors = self._open_vectors()
            vectors.probe()
            self.__dict__["vectors"] = vectors
            # A large graph takes seconds to load: while an indexer writes on, a tenth of the time goes to it.
            self._next_look = time.monotonic() + 9 * (time.monotonic() - clock)
        self._generation = generation

    def reload_words(self) -> None:
        """See the word indexes as they were last committed."""
        self.paragraph_words.reload()
        self.cable_words.reload()

    def release(self) -> None:
        """Let go of the word indexes, which one process at a time may hold for writing."""
        for part in ("paragraph_words", "cable_words"):
            if part in self.__dict__:
                self.__dict__[part].close()

    def reopen(self) -> None:
        """Open vectors and words afresh when they are next used."""
        for part in self.folders:
            self.__dict__.pop(part, None)

    def drop_leftovers(self) -> None:
        """Delete what earlier embedders and versions left beside the present vectors and words."""
        self.vectors.drop_others()
        present = set(self.folders.values())
        for folder in (self.data / "words").iterdir():
            if folder not in present:
                shutil.rmtree(folder)


def open_archive(data: Path, embedder: str, vector_cache: Path | None = None) -> Archive:
    """The archive in `data` with the embedder of that name; raises EmbedderNotFound."""
    from vectorstore.cache import VectorCache

    return Archive(data, Embedder(embedder, cache=VectorCache(vector_cache) if vector_cache else None))
