"""Several questions in one: each answered in its own way, one after the other; one without an answer is named."""

from collections.abc import Callable
from dataclasses import replace
from itertools import zip_longest

from qa.answer import Answer, Kind, Outcome
from qa.answers.base import Answerer, draft_of, refused
from qa.generation.quotation import AnswerBuilder
from qa.understanding.request import Request


class PartsAnswerer:
    """Answers the parts of a request."""

    written = True

    def __init__(self, answerer_of: Callable[[Request], Answerer]) -> None:
        self._answerer_of = answerer_of

    def gather(self, request: Request) -> Answer:
        """The evidence of the whole, then of each part in turn; `parts` keeps each one's own."""
        whole = replace(request, parts=(), kind=Kind.PASSAGE)
        drafts = [self._answerer_of(part).gather(part).evidence for part in request.parts]
        turns = [e for turn in zip_longest(*drafts) for e in turn if e is not None]
        turns = [*self._answerer_of(whole).gather(whole).evidence, *turns]
        return replace(draft_of(request, {e.key: e for e in turns}.values()), parts=tuple(drafts))

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The answers under their questions."""
        builder = AnswerBuilder()
        answers = [
            self._answerer_of(part).compose(part, draft_of(part, evidence))
            for part, evidence in zip(request.parts, draft.parts, strict=True)
        ]
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
