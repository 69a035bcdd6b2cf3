"""Several sentences of several paragraphs, the likeliest first: items of a list, what stands near some keywords."""

from dataclasses import replace

from qa.answer import Answer, Outcome
from qa.answers.base import draft_of, refused
from qa.answers.context import AnswerContext
from qa.answers.passage import SCORED_PARAGRAPHS
from qa.answers.sentence_ranking import choose, pairs_of
from qa.generation.quotation import AnswerBuilder, in_reading_order
from qa.understanding.request import Request

MAX_LIST_WORDS = 300
MIN_CHANCE = 0.02
"""Chance of answering below which a sentence is no item of a list."""


class BroadAnswerer:
    """Quotes sentences of several paragraphs: items of a list, what stands near some keywords."""

    written = True

    def __init__(
        self, context: AnswerContext, *, max_words: int, max_paragraphs: int, max_sentences: int
    ) -> None:
        self._context = context
        self._limits = {
            "max_words": max_words,
            "max_paragraphs": max_paragraphs,
            "max_sentences": max_sentences,
        }

    def gather(self, request: Request) -> Answer:
        """The best paragraphs, twice as many of them with scored sentences."""
        return draft_of(request, self._context.search(request, scored=SCORED_PARAGRAPHS))

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The likeliest sentences, paragraph by paragraph, the best first."""
        verdict = self._context.verdict(request, draft)
        if verdict.outcome is Outcome.REFUSED:
            return refused(draft, absent=verdict.absent)
        builder = AnswerBuilder()
        pairs = [pair for pair in pairs_of(draft.evidence) if pair[1].chance >= MIN_CHANCE]
        builder.quote(in_reading_order(choose(pairs or pairs_of(draft.evidence)[:1], **self._limits)))
        return replace(builder.answer(draft, verdict.outcome), absent=verdict.absent)
