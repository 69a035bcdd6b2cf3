"""The archive: the cables that Reftel knows, in one data directory, and the parts that keep them.

    catalog.sqlite   what every cable says, word for word
    vectors/         the Chroma collection
    words/           the word indexes, of paragraphs and of whole cables
"""

import hashlib
from functools import cached_property
from pathlib import Path

from vectorstore import lexical, passages
from vectorstore.catalog import Catalog
from vectorstore.chroma import Vectors
from vectorstore.clearance import Clearance
from vectorstore.embeddings import Embedder
from vectorstore.lexical import Words
from vectorstore.view import ArchiveMissing, View


class BuiltOtherwise(Exception):
    """The archive was built with another embedder; the message says what to do."""


class Archive:
    """One data directory with an embedder. Parts open when they are first used."""

    def __init__(self, data: Path, embedder: Embedder) -> None:
        self.data = data
        self.embedder = embedder
        self._generation: str | None = None

    @property
    def catalog_path(self) -> Path:
        """The catalog's file."""
        return self.data / "catalog.sqlite"

    @cached_property
    def catalog(self) -> Catalog:
        """The indexer's side of the catalog."""
        return Catalog(self.catalog_path)

    @cached_property
    def built_with(self) -> str:
        """What vectors depend on: the embedder and the passages' version."""
        return f"{self.embedder.fingerprint} passages {passages.VERSION}"

    @cached_property
    def vectors(self) -> Vectors:
        """The collection of this embedder's vectors."""
        name = "paragraphs-" + hashlib.sha256(self.built_with.encode()).hexdigest()[:16]
        return Vectors(self.data / "vectors", name)

    @cached_property
    def paragraph_words(self) -> Words:
        """BM25 over paragraphs."""
        return Words(self.data / "words" / f"paragraphs-{lexical.VERSION}-{passages.VERSION}")

    @cached_property
    def cable_words(self) -> Words:
        """BM25 over whole cables."""
        return Words(self.data / "words" / f"cables-{lexical.VERSION}-{passages.VERSION}")

    def view(self, clearance: Clearance) -> View:
        """The archive as someone of this clearance sees it.

        Raises ArchiveMissing where nothing has been indexed, BuiltOtherwise where vectors would be mixed.
        """
        view = View(self.catalog_path, clearance)
        built = view.meta("built with")
        if built is None:
            raise ArchiveMissing(self.catalog_path)
        if built != self.built_with:
            raise BuiltOtherwise(
                f"the archive in {self.data} was built with {built}, you ask with {self.built_with}: "
                "run `reftel index` to embed it again, or set REFTEL_EMBEDDER back"
            )
        return view

    def refresh(self, view: View) -> None:
        """See what an indexer, here or in another process, has written since the last question."""
        generation = view.meta("generation")
        if generation != self._generation:
            self.paragraph_words.reload()
            self.cable_words.reload()
            if self._generation is not None:
                self.__dict__.pop("vectors", None)
            self._generation = generation


def open_archive(data: Path, embedder: str, vector_cache: Path | None = None) -> Archive:
    """The archive in `data` with the embedder of that name; raises EmbedderNotFound."""
    from vectorstore.cache import VectorCache

    return Archive(data, Embedder(embedder, cache=VectorCache(vector_cache) if vector_cache else None))
