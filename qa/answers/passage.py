"""What one or a few paragraphs say: the sentences that answer, from the paragraphs that answer best."""

from collections.abc import Sequence
from dataclasses import replace

from qa.answer import Answer, Outcome
from qa.answers.base import Group, Page, Parts, choose, draft_of, pairs_of, refused
from qa.generation.extractive import Chosen, with_citations
from qa.understanding.request import Request

MAX_LIST_WORDS = 300
MAX_KEYWORD_PARAGRAPHS = 5
MIN_CHANCE = 0.02
"""Chance of answering below which a sentence is no item of a list."""


class PassageAnswerer:
    """Quotes the few sentences that answer."""

    written = True

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def gather(self, request: Request) -> Answer:
        """The best paragraphs."""
        return draft_of(request, self._parts.search(request))

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The sentences that answer; a refusal where none do."""
        names = request.names
        if not request.own and names and len(self._parts.unknown(names)) == len(names):
            return refused(draft, absent=names)
        answer = list(self._parts.extractive.answer(draft.meaning, draft))[-1]
        return self._closest(draft) if answer.refused and _goes_on(request, draft) else answer

    def _closest(self, draft: Answer) -> Answer:
        chosen = self._parts.extractive.choose(draft.evidence)
        return replace(with_citations(draft, chosen), outcome=Outcome.CLOSEST, done=True)


def _goes_on(request: Request, draft: Answer) -> bool:
    """Whether a follow-up finds best what the conversation has cited: it is shown, not refused."""
    cited = {key.partition(".")[0] for key in request.cited}
    return bool(request.own) and bool(draft.evidence) and draft.evidence[0].cable_id in cited


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
        return draft_of(request, self._parts.search(request, scored=12))

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The likeliest sentences, paragraph by paragraph, the best first."""
        verdict = self._parts.verdict(request, draft)
        if verdict.outcome is Outcome.REFUSED:
            return refused(draft, absent=verdict.absent)
        page = Page()
        pairs = [pair for pair in pairs_of(draft.evidence) if pair[1].chance >= MIN_CHANCE]
        page.add(Group(by_paragraph(choose(pairs or pairs_of(draft.evidence)[:1], **self._limits))))
        return replace(page.answer(draft, verdict.outcome), absent=verdict.absent)


def by_paragraph(chosen: Sequence[Chosen]) -> list[Chosen]:
    """Paragraphs by their best sentence, sentences in their order."""
    keys = list(dict.fromkeys(e.key for e, _ in chosen))
    return sorted(chosen, key=lambda pair: (keys.index(pair[0].key), pair[1].place))
