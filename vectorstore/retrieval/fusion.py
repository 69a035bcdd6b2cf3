"""Fusion of the retrievers' scores: BM25 and cosine have different units, so each is scaled before they are summed.

A retriever's scores for one text become numbers between 0, at its 200th best, and 1, at its best.
"""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vectorstore.interfaces import EncodedQuery
from vectorstore.keys import row_of

SCALED_CANDIDATES = 200
"""Place of the score that becomes 0."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each signal counts; chosen by cross-validation over cables (docs/retrieval.md).

    The scaled scores of the retrievers are multiplied by theirs; every other weight is added once.
    """

    meaning: float = 0.62
    """Of the nearest vector of a paragraph."""
    words: float = 0.38
    """Of a paragraph's BM25 score."""
    cable: float = 0.3
    """Of the BM25 score of its whole cable."""
    header: float = 0.6
    """Of a word in the header above a paragraph, against 1 in its text."""
    date: float = 0.45
    """Of a cable in the period that the question names."""
    post: float = 0.1
    """Of a cable from a post that the question names."""
    tag: float = 0.05
    """Of a cable with a TAGS code, of a country or a subject, that the question names."""
    level: float = 0.1
    """Of a cable with a classification that the question names."""
    named: float = 1.0
    """Of the cable whose id the question names."""
    referred: float = 0.05
    """Of a paragraph whose cable is referred to by one of the best cables."""
    own_words: float = 0.5
    """Of the scores for a follow-up's own words, against 1 for the question as it was interpreted."""
    repeated: float = 0.3
    """Taken from paragraphs that the conversation has cited already."""
    same_cable: float = 0.2
    """Of the cable that the conversation cited last."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps the scores of one retriever to 0..1: `floor` and below to 0, `top` to 1."""

    floor: float
    top: float

    @classmethod
    def of(cls, scores: Iterable[float]) -> "Scale":
        """The scale of the scores that a retriever gave for one text."""
        best = heapq.nlargest(SCALED_CANDIDATES, scores)
        return cls(best[-1], best[0]) if best else cls(0.0, 0.0)

    def __call__(self, score: float, flat: float = 1.0) -> float:
        """The scaled score; `flat` where all scores of the retriever are the same."""
        return max(0.0, (score - self.floor) / (self.top - self.floor)) if self.top > self.floor else flat


def scaled(scores: Mapping[int, float]) -> dict[int, float]:
    """Scores by row, each between 0 and 1."""
    scale = Scale.of(scores.values())
    return {row: scale(score) for row, score in scores.items()}


@dataclass(slots=True)
class Signals:
    """What the retrievers found for one text: scaled scores by row, of `cables` by the row of the cable."""

    query: EncodedQuery
    meaning: dict[int, float]
    words: dict[int, float]
    cables: dict[int, float]
    cosines: dict[int, float]
    """Unscaled, by row."""

    def cable(self, cable_id: str) -> float:
        """The scaled score of a whole cable."""
        return self.cables.get(row_of(cable_id), 0.0)

    def add(self, other: "Signals", weight: float) -> None:
        """Add another text's scores at a weight; of two cosines the higher stays."""
        for mine, theirs in (
            (self.meaning, other.meaning),
            (self.words, other.words),
            (self.cables, other.cables),
        ):
            for row, score in theirs.items():
                mine[row] = mine.get(row, 0.0) + weight * score
        for row, cosine in other.cosines.items():
            self.cosines[row] = max(cosine, self.cosines.get(row, -1.0))
