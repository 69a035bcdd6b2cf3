"""What is read from the catalog: paragraphs, cables and runs, as retrieval and lists need them."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from cables import Level, MarkingState, Paragraph

MATCH_START, MATCH_END = "\x02", "\x03"
"""Stand around the words that were found in a snippet; cables are stripped of such characters."""


class CandidateRow(NamedTuple):
    """What ranking needs of a paragraph; its text and the rest are read of the best only."""

    row: int
    key: str
    cable_id: str
    post: str | None
    day: int | None
    level: int
    """Of the cable's classification."""


@dataclass(frozen=True, slots=True)
class ParagraphHit:
    """A paragraph as the retriever and the answerers see it, with what they need of its cable."""

    row: int
    cable_id: str
    post: str | None
    day: int | None
    subject: str | None
    classification: Level
    paragraph: Paragraph
    printed: str | None = None
    """The word of the cable's classification where it is not its level's: LIMITED OFFICIAL USE."""
    marking_state: MarkingState = MarkingState.MARKED


@dataclass(frozen=True, slots=True)
class CableSummary:
    """A cable in a list, with the number of its paragraphs that may be seen."""

    id: str
    day: int | None
    post: str | None
    subject: str | None
    level: Level
    paragraphs: int


@dataclass(frozen=True, slots=True)
class TextHit:
    """A paragraph that holds the words of a full-text query, with the words around them.

    `snippet` has them between MATCH_START and MATCH_END.
    """

    hit: ParagraphHit
    snippet: str


@dataclass(frozen=True, slots=True)
class Run:
    """One indexing run: when it started (UTC), how long it took, what it reported."""

    number: int
    started: datetime
    seconds: float
    report: dict[str, Any]

    @classmethod
    def read(cls, number: int, started: str, seconds: float, report: str) -> "Run":
        """The run in a row of the catalog."""
        return cls(number, datetime.fromisoformat(started), seconds, json.loads(report))
