"""What one or a few paragraphs say: the sentences that answer, from the paragraphs that answer best."""

from dataclasses import replace

from cables.text import day_in_words
from qa.answer import Answer, Outcome
from qa.answers.base import draft_of, refused
from qa.answers.context import AnswerContext
from qa.understanding.periods import in_words
from qa.understanding.premise import premise_of
from qa.understanding.request import Request

SCORED_PARAGRAPHS = 12
"""Best paragraphs whose sentences are scored: the next item of a list may stand in a further one."""


class PassageAnswerer:
    """Quotes the few sentences that answer."""

    written = True

    def __init__(self, context: AnswerContext) -> None:
        self._context = context

    def gather(self, request: Request) -> Answer:
        """The best paragraphs."""
        return draft_of(request, self._context.search(request, scored=SCORED_PARAGRAPHS))

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The sentences that answer; a refusal where none do."""
        names = request.names
        if not request.own_words and names and len(self._context.unknown(request)) == len(names):
            return refused(draft, absent=names)
        answer = self._context.extractive.answer(draft.meaning, draft)
        if answer.refused and _goes_on(request, draft):
            return self._context.extractive.quoted(draft, Outcome.CLOSEST)
        if not answer.refused and (gap := self._outside(request)):
            return replace(answer, outcome=Outcome.CLOSEST, gap=gap)
        premise = premise_of(request.meaning)
        if premise and not answer.refused and (doubt := self._context.doubt(premise)):
            gap = f"{doubt} This is what the archive has nearest to it."
            return replace(answer, outcome=Outcome.CLOSEST, gap=gap)
        return answer

    def _outside(self, request: Request) -> str:
        """That the archive has nothing of the time that a question names; empty where it has, or names none."""
        span, first, last = self._context.view.span(), request.exact.since, request.exact.until
        if not span or ((first or 0) <= span[1] and (last or span[0]) >= span[0]):
            return ""
        covered = f"from {day_in_words(span[0])} to {day_in_words(span[1])}"
        return f"The archive holds cables {covered}, none {in_words(first, last)}. This is what it has nearest to it."


def _goes_on(request: Request, draft: Answer) -> bool:
    """Whether a follow-up finds best what the conversation has cited: it is shown, not refused."""
    cited = {key.partition(".")[0] for key in request.cited}
    return bool(request.own_words) and bool(draft.evidence) and draft.evidence[0].cable_id in cited
