"""Builds: what vectors and words are made with, and where one making of them lies.

Everything beside the catalog can be made anew from it. Vectors and words of one making have their own
folders, named by what they were made with; the catalog names the present ones. When the embedder, the
passages or the analysis of words change, new folders are filled beside the old ones, which go on answering,
and one transaction then lets the catalog name the new ones.
"""

from dataclasses import dataclass
from hashlib import sha256

from vectorstore.embedding import chunking
from vectorstore.storage import bm25

PASSAGES = (
    f"passages {chunking.VERSION} of {chunking.WINDOW_WORDS} words, {chunking.OVERLAP_WORDS} shared, "
    f"header {chunking.MAX_HEADER_WORDS}"
)
LOCAL = "vectors in the data directory"
WORDS = f"words {bm25.VERSION}"
SHARED = f"{WORDS} in PostgreSQL"


@dataclass(frozen=True, slots=True)
class IndexSpec:
    """What a build is made with: the embedder's fingerprint, how passages are cut, how words are analyzed."""

    embedder: str
    passages: str = PASSAGES
    words: str = WORDS
    store: str = LOCAL
    """Where the vectors lie."""

    def __str__(self) -> str:
        return f"{self.embedder}; {self.passages}; {self.words}; {self.store}"

    @classmethod
    def read(cls, text: str) -> "IndexSpec":
        """The recipe that `str` wrote; one of an older form is like none of today's."""
        parts = text.rsplit("; ", 3)
        return cls(*parts) if len(parts) == 4 else cls(text, "", "", "")

    @property
    def vectors(self) -> str:
        """A name for the vectors made so."""
        return sha256(f"{self.embedder}; {self.passages}; {self.store}".encode()).hexdigest()[:16]

    @property
    def lexicon(self) -> str:
        """A name for the words made so."""
        return sha256(f"{self.passages}; {self.words}".encode()).hexdigest()[:16]

    def changes(self, before: "IndexSpec") -> list[str]:
        """What is made otherwise than `before`, in words, each with what must be done again."""
        parts = (
            ("embedder", before.embedder, self.embedder, "every paragraph is embedded again"),
            ("cut of passages", before.passages, self.passages, "every paragraph is embedded again"),
            ("place of vectors", before.store, self.store, "every paragraph is embedded again"),
            ("analysis of words", before.words, self.words, "all words are indexed again"),
        )
        return [f"the {part} was {old}, now {new}: {cost}" for part, old, new, cost in parts if old != new]

    def can_ask(self, built: "IndexSpec") -> bool:
        """Whether questions put with this recipe find what was built with the other."""
        return (self.embedder, self.words, self.store) == (built.embedder, built.words, built.store)


@dataclass(frozen=True, slots=True)
class IndexPaths:
    """The names of the folders that a build lies in; on a server that of vectors is a collection's."""

    vectors: str
    words: str

    @classmethod
    def of(cls, recipe: IndexSpec, archive: str) -> "IndexPaths":
        """Where a build of this recipe is made; on a server, which archives share, with the archive's id."""
        vectors = recipe.vectors if recipe.store == LOCAL else f"{recipe.vectors}-{archive}"
        return cls(vectors, recipe.lexicon if recipe.words == WORDS else f"{recipe.lexicon}_{archive}")

    @classmethod
    def read(cls, text: str) -> "IndexPaths":
        """The folders that `str` wrote."""
        return cls(*text.split())

    def __str__(self) -> str:
        return f"{self.vectors} {self.words}"
