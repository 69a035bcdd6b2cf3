"""Candidates: paragraphs on their way to evidence, scored by the retrievers and by what the question names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from vectorstore.keys import cable_of
from vectorstore.query import Query, QueryHints
from vectorstore.retrieval.fusion import Signals, Weights
from vectorstore.storage.catalog_rows import CandidateRow

LAST_DAY = 99_999_999


class Candidate(NamedTuple):
    """A paragraph with its score, its cosine to the question, and what each signal added."""

    row: CandidateRow
    score: float
    cosine: float
    why: dict[str, float]

    def with_signal(self, name: str, weight: float) -> "Candidate":
        """The candidate with a further signal in its score."""
        return self._replace(score=self.score + weight, why={**self.why, name: weight}) if weight else self


@dataclass(frozen=True, slots=True)
class Boost:
    """A weight that is added to every candidate to which something applies."""

    name: str
    weight: float
    applies: Callable[[CandidateRow], bool]


def best_first(candidate: Candidate) -> tuple[float, str]:
    """What candidates are sorted by: equal scores by their keys, so that the order is always the same."""
    return -candidate.score, candidate.row.key


def boosts(query: Query, tagged: set[str], weights: Weights) -> list[Boost]:
    """What the query adds or takes beside the retrievers' scores; `tagged`: cables with a TAGS code it names."""
    hints, cited = query.hints, query.cited
    last_cable = cable_of(cited[-1]) if cited else ""
    every = (
        (hints.cables, Boost("named", weights.named, lambda row: row.cable_id in hints.cables)),
        (hints.since or hints.until, Boost("date", weights.date, lambda row: _in_period(row.day, hints))),
        (hints.posts, Boost("post", weights.post, lambda row: row.post in hints.posts)),
        (tagged, Boost("tag", weights.tag, lambda row: row.cable_id in tagged)),
        (hints.levels, Boost("level", weights.level, lambda row: row.level in hints.levels)),
        (cited, Boost("repeated", -weights.repeated, lambda row: row.key in cited)),
        (cited, Boost("same cable", weights.same_cable, lambda row: row.cable_id == last_cable)),
    )
    return [boost for given, boost in every if given]


def score(row: CandidateRow, signals: Signals, boosted: Sequence[Boost], weights: Weights) -> Candidate:
    """A paragraph with the sum of all that speaks for it."""
    scores = (
        ("meaning", weights.meaning * signals.meaning.get(row.row, 0.0)),
        ("words", weights.words * signals.words.get(row.row, 0.0)),
        ("cable", weights.cable * signals.cable(row.cable_id)),
    )
    why = {name: value for name, value in scores if value}
    why |= {boost.name: boost.weight for boost in boosted if boost.applies(row)}
    return Candidate(row, sum(why.values()), signals.cosines.get(row.row, 0.0), why)


def _in_period(day: int | None, hints: QueryHints) -> bool:
    return day is not None and (hints.since or 0) <= day <= (hints.until or LAST_DAY)
