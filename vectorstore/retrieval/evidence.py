"""Evidence: a paragraph found for a question, with why it was found."""

from collections.abc import Mapping
from dataclasses import dataclass

from cables import Marking, Role
from cables.text import Piece
from vectorstore.storage.catalog_view import ParagraphHit


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of the paragraph; `chance` is the reranker's, from 0 to 1, that it answers."""

    piece: Piece
    place: int
    chance: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """A paragraph found for a question, and why."""

    found: ParagraphHit
    score: float
    cosine: float
    """Nearness in meaning of the question to the paragraph, -1 to 1; 0 where only words found it."""
    why: Mapping[str, float]
    """What each signal gave: words, meaning, cable, named, date, post, reference."""
    support: float = 0.0
    """How strongly it answers, as a logit of the comparison token by token; 0 where there was none."""
    also: tuple[str, ...] = ()
    """Keys of paragraphs elsewhere that say the same in the same words."""
    sentences: tuple[ScoredSentence, ...] = ()
    """Its sentences as the reranker sees them; empty where it has not looked."""

    @property
    def key(self) -> str:
        """The paragraph's key."""
        return self.found.paragraph.key

    @property
    def cable_id(self) -> str:
        """Its cable's id."""
        return self.found.cable_id

    @property
    def number(self) -> int | None:
        """The paragraph's number as printed."""
        return self.found.paragraph.number

    @property
    def text(self) -> str:
        """The paragraph's reading text."""
        return self.found.paragraph.text

    @property
    def role(self) -> Role:
        """Who speaks."""
        return self.found.paragraph.role

    @property
    def marking(self) -> Marking:
        """The paragraph's marking, or its cable's classification where it has none."""
        return self.found.paragraph.marking or Marking(self.found.classification)
