"""Builds: what vectors and words are made with, and where one making of them lies.

Everything beside the catalog can be made anew from it. Vectors and words of one making have their own
folders, named by what they were made with; the catalog names the present ones. When the embedder, the
passages or the analysis of words change, new folders are filled beside the old ones, which go on answering,
and one transaction then lets the catalog name the new ones.
"""

from dataclasses import dataclass
from hashlib import sha256

from vectorstore import lexical, passages

PASSAGES = (
    f"passages {passages.VERSION} of {passages.WINDOW} words, {passages.OVERLAP} shared, "
    f"header {passages.HEADER}"
)
WORDS = f"words {lexical.VERSION}"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a build is made with: the embedder's fingerprint, how passages are cut, how words are analyzed."""

    embedder: str
    passages: str = PASSAGES
    words: str = WORDS

    def __str__(self) -> str:
        return f"{self.embedder}; {self.passages}; {self.words}"

    @classmethod
    def read(cls, text: str) -> "Recipe":
        """The recipe that `str` wrote; one of an older form is like none of today's."""
        parts = text.rsplit("; ", 2)
        return cls(*parts) if len(parts) == 3 else cls(text, "", "")

    @property
    def vectors(self) -> str:
        """A name for the vectors made so."""
        return sha256(f"{self.embedder}; {self.passages}".encode()).hexdigest()[:16]

    @property
    def lexicon(self) -> str:
        """A name for the words made so."""
        return sha256(f"{self.passages}; {self.words}".encode()).hexdigest()[:16]

    def changes(self, before: "Recipe") -> list[str]:
        """What is made otherwise than `before`, in words, each with what must be done again."""
        parts = (
            ("embedder", before.embedder, self.embedder, "every paragraph is embedded again"),
            ("cut of passages", before.passages, self.passages, "every paragraph is embedded again"),
            ("analysis of words", before.words, self.words, "all words are indexed again"),
        )
        return [f"the {part} was {old}, now {new}: {cost}" for part, old, new, cost in parts if old != new]

    def can_ask(self, built: "Recipe") -> bool:
        """Whether questions put with this recipe find what was built with the other."""
        return (self.embedder, self.words) == (built.embedder, built.words)


@dataclass(frozen=True, slots=True)
class Folders:
    """The names of the folders that a build lies in."""

    vectors: str
    words: str

    @classmethod
    def of(cls, recipe: Recipe) -> "Folders":
        """Where a build of this recipe is made."""
        return cls(recipe.vectors, recipe.lexicon)

    @classmethod
    def read(cls, text: str) -> "Folders":
        """The folders that `str` wrote."""
        return cls(*text.split())

    def __str__(self) -> str:
        return f"{self.vectors} {self.words}"
