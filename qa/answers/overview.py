"""What the archive says about a broad topic: paragraphs of several cables, spread over posts and time."""

from dataclasses import replace

from qa.answer import Answer, Outcome
from qa.answers.base import (
    MAX_BROAD_WORDS,
    Group,
    Page,
    Parts,
    by_worth,
    choose,
    draft_of,
    in_reading_order,
    refused,
)
from qa.understanding.request import Request

MAX_OF_PARAGRAPH = 2
MAX_OF_CABLE = 10
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
            by_worth(draft.evidence),
            max_words=MAX_BROAD_WORDS,
            max_sentences=MAX_OF_PARAGRAPH,
            max_of_cable=MAX_OF_CABLE,
        )
        page.add(Group(in_reading_order(chosen)))
        return replace(page.answer(draft, verdict.outcome), absent=verdict.absent)
