"""What one or a few paragraphs say: the sentences that answer, from the paragraphs that answer best."""

from dataclasses import replace

from qa.answer import Answer, Outcome
from qa.answers.base import Parts, choose, draft_of, pairs_of, refused
from qa.generation.quotation import AnswerBuilder, in_reading_order
from qa.understanding.premise import premise_of
from qa.understanding.request import Request

MAX_LIST_WORDS = 300
SCORED_PARAGRAPHS = 12
"""Best paragraphs whose sentences are scored: the next item of a list may stand in a further one."""
MIN_CHANCE = 0.02
"""Chance of answering below which a sentence is no item of a list."""


class PassageAnswerer:
    """Quotes the few sentences that answer."""

    written = True

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def gather(self, request: Request) -> Answer:
        """The best paragraphs."""
        return draft_of(request, self._parts.search(request, scored=SCORED_PARAGRAPHS))

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The sentences that answer; a refusal where none do."""
        names = request.names
        if not request.own_words and names and len(self._parts.unknown(names)) == len(names):
            return refused(draft, absent=names)
        answer = self._parts.extractive.answer(draft.meaning, draft)
        if answer.refused and _goes_on(request, draft):
            return self._parts.extractive.quoted(draft, Outcome.CLOSEST)
        premise = premise_of(request.text)
        if premise and not answer.refused and not self._parts.says(premise):
            gap = f"The archive does not say that {premise.text}. This is what it has nearest to it."
            return replace(answer, outcome=Outcome.CLOSEST, gap=gap)
        return answer


def _goes_on(request: Request, draft: Answer) -> bool:
    """Whether a follow-up finds best what the conversation has cited: it is shown, not refused."""
    cited = {key.partition(".")[0] for key in request.cited}
    return bool(request.own_words) and bool(draft.evidence) and draft.evidence[0].cable_id in cited


class BroadAnswerer:
    """Quotes sentences of several paragraphs: items of a list, what stands near some keywords."""

    written = True

    def __init__(self, parts: Parts, *, max_words: int, max_paragraphs: int, max_sentences: int) -> None:
        self._parts = parts
        self._limits = {
            "max_words": max_words,
            "max_paragraphs": max_paragraphs,
            "max_sentences": max_sentences,
        }

    def gather(self, request: Request) -> Answer:
        """The best paragraphs, twice as many of them with scored sentences."""
        return draft_of(request, self._parts.search(request, scored=SCORED_PARAGRAPHS))

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The likeliest sentences, paragraph by paragraph, the best first."""
        verdict = self._parts.verdict(request, draft)
        if verdict.outcome is Outcome.REFUSED:
            return refused(draft, absent=verdict.absent)
        builder = AnswerBuilder()
        pairs = [pair for pair in pairs_of(draft.evidence) if pair[1].chance >= MIN_CHANCE]
        builder.quote(in_reading_order(choose(pairs or pairs_of(draft.evidence)[:1], **self._limits)))
        return replace(builder.answer(draft, verdict.outcome), absent=verdict.absent)
