"""Builds: what vectors and words are made with, and where one making of them lies.

Everything beside the catalog can be made anew from it. Vectors and words of one making have their own folders,
named by what they were made with; the catalog says which ones are the present ones. When the embedder, the
passages or the analysis of words change, new folders are filled beside the old ones, which go on answering, and
the catalog then names the new ones in one transaction.
"""

from dataclasses import dataclass
from hashlib import sha256

from vectorstore import lexical, passages

PASSAGES = f"passages {passages.VERSION} of {passages.WINDOW} words, {passages.OVERLAP} shared, header {passages.HEADER}"
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
        told = []
        if before.embedder != self.embedder:
            told.append(
                f"the embedder was {before.embedder}, now {self.embedder}: every paragraph is embedded again"
            )
        if before.passages != self.passages:
            told.append(
                f"passages were cut as “{before.passages}”, now “{self.passages}”: every paragraph is embedded again"
            )
        if before.words != self.words:
            told.append(
                f"words were analyzed as “{before.words}”, now “{self.words}”: they are indexed again"
            )
        return told

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
