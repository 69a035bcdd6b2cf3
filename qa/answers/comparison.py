"""Sides beside each other: a column each, every one searched on its own; a side without an answer is named."""

from dataclasses import replace

from qa.answer import Answer, BlockKind, Outcome
from qa.answers.base import Group, Page, Parts, by_worth, choose, draft_of, in_reading_order, refused
from qa.understanding.hints import read_hints
from qa.understanding.request import Request
from vectorstore.retrieval.evidence import Evidence

MAX_SIDE_WORDS = 175


class ComparisonAnswerer:
    """Quotes what the cables say of each side."""

    written = False

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def gather(self, request: Request) -> Answer:
        """The best paragraphs of each side, in turn."""
        sides = [self._side(request, side) for side in request.sides] or [self._parts.search(request)]
        longest = max(map(len, sides))
        turns = [side[n] for n in range(longest) for side in sides if n < len(side)]
        return draft_of(request, _once(turns))

    def _side(self, request: Request, side: str) -> list[Evidence]:
        own = replace(request, meaning=side, own="", hints=read_hints(side, self._parts.view))
        return self._parts.search(own, scored=8)

    def compose(self, request: Request, draft: Answer) -> Answer:
        """A column a side."""
        absent = self._parts.unknown(request.names)
        verdict = self._parts.judge.verdict(request.meaning, draft.evidence)
        if verdict.outcome is Outcome.REFUSED or (request.names and absent):
            return refused(draft, absent=absent or verdict.absent)
        page = Page()
        taken: set[str] = set()
        for side in request.sides or (request.meaning,):
            found = [e for e in self._side(request, side) if e.key not in taken]
            chosen = in_reading_order(choose(by_worth(found), max_words=MAX_SIDE_WORDS, max_paragraphs=5))
            taken |= {e.key for e, _ in chosen}
            page.add(Group(chosen, side.strip(" ?.,"), kind=BlockKind.TABLE))
        return page.answer(draft, verdict.outcome)


def _once(evidence: list[Evidence]) -> list[Evidence]:
    return list({e.key: e for e in evidence}.values())
