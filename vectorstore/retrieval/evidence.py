"""Evidence: a paragraph that was retrieved for a question, with why it was retrieved."""

from collections.abc import Mapping
from dataclasses import dataclass

from cables import Marking, MarkingState, Role
from cables.text import Piece, sentences
from vectorstore.storage.catalog_rows import ParagraphHit

MAX_SENTENCES = 500
"""Of a paragraph, that can be quoted; the longest of 11,625 real ones has 451, a list of names."""


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of a paragraph: its text with its offsets, its index in the paragraph, and the chance from
    0 to 1 that it answers (0 where the reranker has not scored it)."""

    piece: Piece
    place: int
    chance: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A paragraph that was retrieved for a question.

    It always has its `sentences`: they are cut once, here, and everyone behind the retriever uses these.
    """

    found: ParagraphHit
    score: float
    cosine: float
    """Cosine of the question's vector and the paragraph's nearest one, -1 to 1; 0 where it was not compared."""
    why: Mapping[str, float]
    """What each signal added to the score: words, meaning, cable, named, date, post, reference."""
    support: float = 0.0
    """How strongly it answers, as a logit of late interaction; 0 where the reranker has not compared it."""
    also: tuple[str, ...] = ()
    """Keys of paragraphs elsewhere that say the same in the same words."""
    sentences: tuple[ScoredSentence, ...] = ()
    """The paragraph's first MAX_SENTENCES sentences, in order; cut from its text where they are not given."""
    scored: bool = False
    """Whether the reranker has given each sentence its chance."""

    def __post_init__(self) -> None:
        if not self.sentences:
            pieces = sentences(self.text)[:MAX_SENTENCES]
            cut = tuple(ScoredSentence(piece, n) for n, piece in enumerate(pieces))
            object.__setattr__(self, "sentences", cut)

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
        return self.found.paragraph.marking or Marking(self.found.classification, printed=self.found.printed)

    @property
    def marking_words(self) -> str:
        """The marking for people, and that there is none or that it could not be read."""
        if self.found.marking_state is MarkingState.MARKED or self.found.paragraph.marking:
            return str(self.marking)
        unmarked = self.found.marking_state is MarkingState.NOT_MARKED
        return "NOT MARKED" if unmarked else f"{self.marking} (marking not readable)"

    @property
    def best_chance(self) -> float:
        """The chance of the sentence that most likely answers; 0 where none was scored."""
        return max((sentence.chance for sentence in self.sentences), default=0.0)
