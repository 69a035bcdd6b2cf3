"""What every kind of answer is: an answerer, its draft, its refusal."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from qa.answer import Answer, Outcome
from qa.text.wordlists import rows_of
from qa.understanding.language import ENGLISH
from qa.understanding.request import Request
from vectorstore.retrieval.evidence import Evidence

_REFUSALS = Path(__file__).with_name("refusals.tsv")


class Answerer(Protocol):
    """A kind of answer."""

    written: bool
    """Whether a chat model, where there is one, writes it from the evidence."""

    def gather(self, request: Request) -> Answer:
        """The draft: evidence, nothing said yet."""

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The finished answer, without a chat model."""


def draft_of(request: Request, evidence: Iterable[Evidence] = ()) -> Answer:
    """A draft with its evidence and how the question was understood."""
    return Answer(
        request.text,
        kind=request.kind,
        evidence=tuple(evidence),
        meaning=request.searched or request.meaning,
        interpretation=request.interpretation,
        slots=request.slots,
        meant=request.meant,
        notice="; ".join(f"“{word}” is read as “{better}”" for word, better in request.corrected),
        done=False,
    )


def refused(draft: Answer, notice: str = "", absent: tuple[str, ...] = ()) -> Answer:
    """The draft as a refusal."""
    notice = notice or draft.notice
    return replace(draft, outcome=Outcome.REFUSED, notice=notice, absent=absent, done=True)


def with_foreign_notice(request: Request, answer: Answer) -> Answer:
    """A refusal in the asker's language, with what can be done; other answers as they are."""
    if not answer.refused or request.language == ENGLISH:
        return answer
    return replace(answer, notice=answer.notice or dict(rows_of(_REFUSALS)).get(request.language, ""))
