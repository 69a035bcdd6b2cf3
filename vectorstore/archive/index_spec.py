"""What an index is made with, and the names of its folders.

Everything beside the catalog can be made from it. Vectors and words that were made together have folders of their
own, named by what they were made with; the catalog names the present ones. When the embedder, the passages or the
analysis of words change, new folders are filled beside the old ones, which go on answering, and one transaction
then lets the catalog name the new ones.
"""

from dataclasses import dataclass
from hashlib import sha256

from vectorstore.embedding import chunking
from vectorstore.storage import bm25

PASSAGES_SPEC = (
    f"passages {chunking.PASSAGES_VERSION} of {chunking.WINDOW_WORDS} words, {chunking.OVERLAP_WORDS} shared, "
    f"header {chunking.MAX_HEADER_WORDS}"
)
LOCAL_VECTORS = "vectors in the data directory"
LOCAL_WORDS = f"words {bm25.ANALYSIS_VERSION}"
POSTGRES_WORDS = f"{LOCAL_WORDS} in PostgreSQL"


@dataclass(frozen=True, slots=True)
class IndexSpec:
    """What an index is made with: the embedder's fingerprint, the cut of passages, the analysis of words."""

    embedder: str
    passages: str = PASSAGES_SPEC
    words: str = LOCAL_WORDS
    store: str = LOCAL_VECTORS
    """Where the vectors lie."""

    def __str__(self) -> str:
        return f"{self.embedder}; {self.passages}; {self.words}; {self.store}"

    @classmethod
    def read(cls, text: str) -> "IndexSpec":
        """The spec that `str` wrote; one of an older form equals none of today's."""
        parts = text.rsplit("; ", 3)
        return cls(*parts) if len(parts) == 4 else cls(text, "", "", "")

    @property
    def local(self) -> bool:
        """Whether vectors and words are in the data directory, in the form of today."""
        return (self.words, self.store) == (LOCAL_WORDS, LOCAL_VECTORS)

    def paths(self, archive: str) -> "IndexPaths":
        """Where an index of this spec is made; on a server, which archives share, with the archive's id."""
        vectors = _name(self.embedder, self.passages, self.store)
        words = _name(self.passages, self.words)
        return IndexPaths(
            vectors if self.store == LOCAL_VECTORS else f"{vectors}-{archive}",
            words if self.words == LOCAL_WORDS else f"{words}_{archive}",
        )

    def changes(self, before: "IndexSpec") -> list[str]:
        """What is made otherwise than `before`, in words, each with what must be done again."""
        parts = (
            ("embedder", before.embedder, self.embedder, "every paragraph is embedded again"),
            ("cut of passages", before.passages, self.passages, "every paragraph is embedded again"),
            ("place of vectors", before.store, self.store, "every paragraph is embedded again"),
            ("analysis of words", before.words, self.words, "all words are indexed again"),
        )
        return [f"the {part} was {old}, now {new}: {cost}" for part, old, new, cost in parts if old != new]

    def can_search(self, built: "IndexSpec") -> bool:
        """Whether questions encoded by this spec find what was built by the other."""
        return (self.embedder, self.words, self.store) == (built.embedder, built.words, built.store)


@dataclass(frozen=True, slots=True)
class IndexPaths:
    """The names of the folders of an index; on a server that of vectors is a collection's."""

    vectors: str
    words: str

    @classmethod
    def read(cls, text: str) -> "IndexPaths":
        """The names that `str` wrote. Raises ValueError."""
        vectors, words = text.split()
        return cls(vectors, words)

    def __str__(self) -> str:
        return f"{self.vectors} {self.words}"


def _name(*parts: str) -> str:
    return sha256("; ".join(parts).encode()).hexdigest()[:16]
