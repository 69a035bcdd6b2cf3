"""What an answer rests on, and what else was found: evidence with reasons, nearest cables, what to ask next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.answer import Answer
from vectorstore.retrieval.evidence import Evidence
from web.render.formatting import SIGNALS, named

MAX_NEAREST_CABLES = 5
MAX_FOUND_PARAGRAPHS = 12
MAX_FURTHER_QUESTIONS = 3
MIN_SIGNAL = 0.005
"""A smaller part of the score, of either sign, is not worth a line."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason why a paragraph was found: its part of the score, and as a share from 0 to 1."""

    words: str
    value: float
    share: float


@dataclass(frozen=True, slots=True)
class FoundItem:
    """A paragraph that was found, and why."""

    evidence: Evidence
    signals: Sequence[Signal]


def found_items(answer: Answer) -> list[FoundItem]:
    """Evidence that the answer does not cite."""
    cited = {citation.evidence.key for citation in answer.citations}
    others = [evidence for evidence in answer.evidence if evidence.key not in cited]
    return [FoundItem(evidence, _signals(evidence)) for evidence in others[:MAX_FOUND_PARAGRAPHS]]


def _signals(evidence: Evidence) -> list[Signal]:
    return [
        Signal(SIGNALS.get(name, name), value, min(max(value, 0.0), 1.0))
        for name, value in evidence.why.items()
        if abs(value) >= MIN_SIGNAL
    ]


def nearest_cables(evidence: Iterable[Evidence]) -> list[Evidence]:
    """The best paragraph of each of the nearest cables."""
    best: dict[str, Evidence] = {}
    for item in evidence:
        best.setdefault(item.cable_id, item)
    return list(best.values())[:MAX_NEAREST_CABLES]


def further_questions(answer: Answer) -> list[str]:
    """Follow-ups that the evidence can answer: what posts say that the answer does not cite."""
    cited = {citation.evidence.found.post for citation in answer.citations}
    posts = dict.fromkeys(e.found.post for e in answer.evidence if e.found.post and e.found.post not in cited)
    return [f"What does {named(post)} say about that?" for post in list(posts)[:MAX_FURTHER_QUESTIONS]]
