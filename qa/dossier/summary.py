"""What a chat model writes about a dossier: an answer over its paragraphs, every sentence checked as in any answer."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from qa.answer import Answer, Kind
from qa.dossier.dossier import DossierPage
from qa.generation.quotation import AnswerBuilder
from qa.understanding.request import Request
from vectorstore.query import Filters, Query
from vectorstore.retrieval.evidence import Evidence

if TYPE_CHECKING:
    from qa.chain import Chain

MAX_PARAGRAPHS = 20
"""Near the subject that the model is given, beside what was pinned and a paragraph of each cable, as far as they fit."""
MAX_QUOTED = 6
"""Lines that stand in the place of a summary which could not be written."""


def summary_of(page: DossierPage, chain: "Chain") -> Answer | None:
    """The finished summary; None where there is no model or nothing to sum up."""
    states = list(summarise(page, chain))
    return states[-1] if states else None


def summarise(page: DossierPage, chain: "Chain") -> Iterator[Answer]:
    """States of the summary as it is written; none where there is no model or nothing to sum up."""
    if chain.writing is None or not page.lines:
        return
    about = page.dossier.subject
    question = f"What do the cables report about {about}?" if about else "What do these cables report?"
    given = _given(page, chain, about or question)
    draft = Answer(question, kind=Kind.OVERVIEW, evidence=given, meaning=question, done=False)
    request = Request(Kind.OVERVIEW, question, question, filters=Filters(cables=_cables(page)))
    for state in chain.writing.answer(request, draft, partial(_quoted, page)):
        if state.model or state.done:  # before that its paragraphs are quoted, which the page does already
            yield state


def _given(page: DossierPage, chain: "Chain", words: str) -> tuple[Evidence, ...]:
    """What was pinned, then of each cable the paragraph of its line, the nearest cables first, then what is near."""
    near = chain.retriever.search(Query(words, filters=Filters(cables=_cables(page)), limit=MAX_PARAGRAPHS))
    lines = {evidence.cable_id: evidence for evidence, _ in page.lines}
    nearest_first = dict.fromkeys((*(evidence.cable_id for evidence in near), *lines))
    pinned = [pin.evidence for pin in page.pins if pin.evidence]
    every = (*pinned, *(lines[cable_id] for cable_id in nearest_first), *near)
    return tuple({evidence.key: evidence for evidence in every}.values())


def _cables(page: DossierPage) -> tuple[str, ...]:
    return tuple(evidence.cable_id for evidence, _ in page.lines)


def _quoted(page: DossierPage, request: Request, draft: Answer) -> Answer:
    """The dossier's own lines: what stands where the model gives nothing that can be shown."""
    builder = AnswerBuilder()
    builder.quote(page.lines[:MAX_QUOTED])
    return builder.answer(draft)
