"""Sides beside each other: a column each, every one searched on its own; a side without an answer is named."""

from dataclasses import replace
from itertools import zip_longest

from qa.answer import Answer, BlockKind, Outcome
from qa.answers.base import draft_of, refused
from qa.answers.context import AnswerContext
from qa.answers.sentence_ranking import by_worth, choose
from qa.generation.quotation import AnswerBuilder, in_reading_order
from qa.understanding.hints import read_hints
from qa.understanding.request import Request
from qa.understanding.sides import titles_of
from qa.verification.answerability import Verdict
from vectorstore.retrieval.evidence import Evidence

MAX_SIDE_WORDS = 175


class ComparisonAnswerer:
    """Quotes what the cables say of each side."""

    written = False

    def __init__(self, context: AnswerContext) -> None:
        self._context = context

    def gather(self, request: Request) -> Answer:
        """The best paragraphs of each side, in turn; `parts` keeps each side's own."""
        sides = [self._side(request, side) for side in request.sides] or [self._context.search(request)]
        turns = [e for turn in zip_longest(*sides) for e in turn if e is not None]
        return replace(draft_of(request, {e.key: e for e in turns}.values()), parts=tuple(map(tuple, sides)))

    def _side(self, request: Request, side: str) -> list[Evidence]:
        hints = read_hints(side, self._context.view)
        own = replace(request, meaning=side, searched="", own_words="", hints=hints)
        if len(request.exact.posts) > 1 and len(hints.posts) == 1:  # posts are compared: what each one wrote
            own = replace(own, filters=replace(request.filters, posts=hints.posts))
        if len(request.cables) > 1 and len(hints.cables) == 1:
            own = replace(own, filters=replace(own.filters, cables=hints.cables))
        return self._context.search(own, scored=8)

    def compose(self, request: Request, draft: Answer) -> Answer:
        """A column a side."""
        verdict = self._context.verdict(request, draft)
        if len(request.cables) > 1 and draft.evidence:
            verdict = Verdict(Outcome.ANSWERED)
        if verdict.outcome is Outcome.REFUSED:
            return refused(draft, absent=verdict.absent)
        builder = AnswerBuilder()
        sides = titles_of(request.sides or (request.meaning,))
        for side, found in zip(sides, draft.parts, strict=True):
            new = [evidence for evidence in found if evidence.key not in builder.evidence]
            chosen = in_reading_order(choose(by_worth(new), max_words=MAX_SIDE_WORDS, max_paragraphs=5))
            builder.quote(chosen, side, kind=BlockKind.TABLE)
        missing = [side for side, found in zip(sides, draft.parts, strict=True) if not found]
        gap = f"Nothing is found for {' and '.join(missing)}." if missing else ""
        return replace(builder.answer(draft, verdict.outcome), gap=gap, absent=self._context.unknown(request))
