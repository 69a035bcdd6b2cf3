"""Several questions in one: each answered in its own way, one after the other; one without an answer is named.

Where each asks for a passage and has one, the whole is answered as one passage: that is shorter, and repeats nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import zip_longest

from qa.answer import Answer, Kind, Outcome
from qa.answers.base import Answerer, draft_of, refused
from qa.generation.quotation import AnswerBuilder
from qa.understanding.request import Request


class MultiPartAnswerer:
    """Answers the parts of a request."""

    written = True

    def __init__(self, answerer_of: Callable[[Request], Answerer]) -> None:
        self._answerer_of = answerer_of

    def gather(self, request: Request) -> Answer:
        """The evidence of the whole, then of each part in turn; `parts` keeps the whole's and each one's own."""
        drafts = [self._answerer_of(part).gather(part).evidence for part in (_whole(request), *request.parts)]
        turns = [e for turn in zip_longest(*drafts[1:]) for e in turn if e is not None]
        found = {e.key: e for e in [*drafts[0], *turns]}
        return replace(draft_of(request, found.values()), parts=tuple(drafts))

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The answers under their questions."""
        answers = [
            self._answerer_of(part).compose(part, draft_of(part, evidence))
            for part, evidence in zip(request.parts, draft.parts[1:], strict=True)
        ]
        if all(a.kind is Kind.PASSAGE and not a.refused for a in answers):
            whole = _whole(request)
            answer = self._answerer_of(whole).compose(whole, replace(draft, evidence=draft.parts[0]))
            return replace(answer, evidence=draft.evidence)
        return self._one_by_one(request, draft, answers)

    def _one_by_one(self, request: Request, draft: Answer, answers: Sequence[Answer]) -> Answer:
        builder = AnswerBuilder()
        absent = tuple(dict.fromkeys(name for answer in answers for name in answer.absent))
        if all(answer.refused for answer in answers):
            return refused(draft, absent=absent)
        for part, answer in zip(request.parts, answers, strict=True):
            if not answer.refused:
                builder.append(answer, part.text)
        missing = [
            f"“{part.text}”" for part, answer in zip(request.parts, answers, strict=True) if answer.refused
        ]
        gap = f"The archive does not answer {' and '.join(missing)}." if missing else ""
        closest = missing or any(answer.outcome is Outcome.CLOSEST for answer in answers)
        outcome = Outcome.CLOSEST if closest else Outcome.ANSWERED
        return replace(builder.answer(draft, outcome), absent=absent, gap=gap)


def _whole(request: Request) -> Request:
    return replace(request, parts=(), kind=Kind.PASSAGE)
