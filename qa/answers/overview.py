"""What the archive says about a broad topic: paragraphs of several cables, spread over posts and time."""

from dataclasses import replace

from qa.answer import Answer, Outcome
from qa.answers.base import (
    MAX_WORDS,
    Group,
    Page,
    Parts,
    choose,
    draft_of,
    in_reading_order,
    pairs_of,
    refused,
)
from qa.generation.extractive import Chosen
from qa.understanding.request import Request
from vectorstore.retrieval.evidence import Evidence

MAX_OF_CABLE = 7
"""Sentences of one cable."""


class OverviewAnswerer:
    """Quotes four to eight paragraphs of several cables, grouped by cable."""

    written = True

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def gather(self, request: Request) -> Answer:
        """The best paragraphs for the question and for its bare topic."""
        return draft_of(request, self._parts.search(request, scored=20))

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The likeliest sentences, at most so many of a cable."""
        absent = self._parts.unknown(request.names)
        verdict = self._parts.judge.verdict(request.meaning, draft.evidence)
        if verdict.outcome is Outcome.REFUSED or (request.names and len(absent) == len(request.names)):
            return refused(draft, absent=verdict.absent)
        page = Page()
        chosen = choose(
            spread_pairs(draft.evidence),
            max_words=MAX_WORDS,
            max_paragraphs=9,
            max_sentences=3,
            max_of_cable=MAX_OF_CABLE,
        )
        page.add(Group(in_reading_order(chosen)))
        return replace(page.answer(draft, verdict.outcome), absent=verdict.absent)


def spread_pairs(evidence: tuple[Evidence, ...]) -> list[Chosen]:
    """Sentences in rounds: the best of each paragraph, then the second best of each."""
    ranks: dict[str, int] = {}
    ranked = []
    for pair in pairs_of(evidence):
        ranks[pair[0].key] = rank = ranks.get(pair[0].key, 0) + 1
        ranked.append((pair[1].chance * 0.75 ** (rank - 1), pair))
    return [pair for _, pair in sorted(ranked, key=lambda one: -one[0])]
