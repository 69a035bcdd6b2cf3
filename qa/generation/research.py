"""More than one search for a question: what a chat model plans is searched, at most twice, and joins the evidence."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from langchain_core.language_models import BaseChatModel

from cables import Role
from qa.answer import Answer
from qa.llm.streaming import Meter, with_pauses
from qa.understanding.planning import Planner, step_of
from qa.understanding.request import Request
from vectorstore.query import Filters
from vectorstore.retrieval.evidence import Evidence
from vectorstore.retrieval.retriever import Retriever
from vectorstore.storage.catalog_view import CatalogView

MAX_ROUNDS = 2
MAX_SEARCHES = 4
"""Of a question, over all rounds."""
MAX_PLANNING_SECONDS = 10.0
"""That the model may take for a round; without a plan the first search is all."""
MAX_NEW_PARAGRAPHS = 4
"""That a further search adds."""
MAX_WITH_NEIGHBOURS = 3
"""Paragraphs that bring their neighbours and the summary of their cable along."""


class Researcher:
    """Adds to the evidence of a draft what further searches find."""

    def __init__(
        self, chat: BaseChatModel, retriever: Retriever, *, timeout: float = MAX_PLANNING_SECONDS
    ) -> None:
        self.planner = Planner(chat, timeout=min(timeout, MAX_PLANNING_SECONDS))
        self.retriever = retriever

    def gather(self, request: Request, draft: Answer, meter: Meter) -> Iterator[Answer]:
        """States of the draft, one before each search, and a last one with all that was found."""
        requests = [request]
        for _ in range(MAX_ROUNDS):
            planned: list[Request] = []
            for plan in self._planning(requests, draft.evidence, meter):
                planned = plan
                yield draft  # a reader who has left can end it here
            for search in planned:
                requests.append(search)
                draft = replace(draft, steps=(*draft.steps, step_of(search)))
                yield draft
                found = self.retriever.search(search.query(limit=MAX_NEW_PARAGRAPHS))
                draft = replace(draft, evidence=merged(draft.evidence, found))
            if not planned:
                break
        evidence = with_neighbours(draft.evidence, self.retriever.view, request.filters)
        yield replace(draft, evidence=evidence)

    def _planning(
        self, requests: Sequence[Request], found: Sequence[Evidence], meter: Meter
    ) -> Iterator[list[Request]]:
        """The plan, and nothing now and then while the model thinks."""
        limit = MAX_SEARCHES - (len(requests) - 1)
        if limit <= 0:
            return
        plans = (self.planner.plan(requests, found, limit=limit, meter=meter) for _ in range(1))
        yield from (plan or [] for plan in with_pauses(plans))


def with_neighbours(
    evidence: Sequence[Evidence], view: CatalogView, filters: Filters
) -> tuple[Evidence, ...]:
    """The evidence, the best paragraphs each followed by those around it and by the summary of its cable."""
    known = {one.key for one in evidence}
    found: list[Evidence] = []
    for place, one in enumerate(evidence):
        found.append(one)
        rows = view.rows_of_cable(one.cable_id) if place < MAX_WITH_NEIGHBOURS else []
        hits = view.find(rows, filters)
        for n, row in enumerate(rows):
            near = one.found.row in rows[max(0, n - 1) : n + 2]
            hit = hits.get(row)
            if hit and hit.paragraph.key not in known and (near or hit.paragraph.role is Role.SUMMARY):
                known.add(hit.paragraph.key)
                found.append(Evidence(hit, 0.0, 0.0, {}))
    return tuple(found)


def merged(evidence: Sequence[Evidence], new: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence with what is new in its first half, so that it is among what the model is given."""
    known = {one.key for one in evidence}
    fresh = [one for one in new if one.key not in known]
    place = max(1, len(evidence) // 2)
    return (*evidence[:place], *fresh, *evidence[place:])
