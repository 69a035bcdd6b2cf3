"""What the archive says about a broad topic: paragraphs of several cables, spread over posts and time."""

from dataclasses import replace

from qa.answer import Answer, Outcome
from qa.answers.base import draft_of, refused
from qa.answers.context import AnswerContext
from qa.answers.sentence_ranking import MAX_BROAD_WORDS, by_worth, choose
from qa.generation.quotation import AnswerBuilder, in_reading_order
from qa.understanding.request import Request

MAX_OF_PARAGRAPH = 2
MAX_OF_CABLE = 10
"""Sentences of one cable."""


class OverviewAnswerer:
    """Quotes four to eight paragraphs of several cables, grouped by cable."""

    written = True

    def __init__(self, context: AnswerContext) -> None:
        self._context = context

    def gather(self, request: Request) -> Answer:
        """The best paragraphs for the question and for its bare topic."""
        return draft_of(request, self._context.search(request, scored=20))

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The likeliest sentences, at most so many of a cable."""
        verdict = self._context.verdict(request, draft)
        if verdict.outcome is Outcome.REFUSED:
            return refused(draft, absent=verdict.absent)
        builder = AnswerBuilder()
        chosen = choose(
            by_worth(draft.evidence),
            max_words=MAX_BROAD_WORDS,
            max_sentences=MAX_OF_PARAGRAPH,
            max_of_cable=MAX_OF_CABLE,
        )
        builder.quote(in_reading_order(chosen))
        return replace(builder.answer(draft, verdict.outcome), absent=verdict.absent)
