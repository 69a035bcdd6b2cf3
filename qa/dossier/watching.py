"""A saved search or question, and what has come into the archive for it since."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answer import Outcome, Question
from qa.answers.lookup import as_evidence, told_in
from qa.generation.quotation import Chosen, readable
from vectorstore.query import Filters, TextQuery
from vectorstore.storage.arrivals import Arrival
from vectorstore.storage.catalog_view import CatalogView

if TYPE_CHECKING:
    from qa.chain import Chain

MAX_ARRIVALS = 5_000
"""New cables that are looked through, the latest; more come with a whole collection."""
MAX_NEWS = 100
"""Cables that a watch lists at once."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Words that are searched for, or a question that is asked, among what arrives."""

    id: str
    text: str
    since: int
    """The arrival behind which the watch began."""
    seen: int
    """The arrival up to which its owner has seen what is new."""

    @property
    def is_question(self) -> bool:
        """Whether it is asked; else its words are searched for."""
        return self.text.rstrip().endswith("?")


@dataclass(frozen=True, slots=True)
class NewCable:
    """A cable that is new for a watch: when it arrived, and the sentence that shows why."""

    arrival: Arrival
    chosen: Chosen


def last_arrival(view: CatalogView) -> int:
    """The number of the latest arrival that may be seen; 0 where nothing has arrived."""
    return next((arrival.number for arrival in view.arrivals()), 0)


def news_for(watch: Watch, chain: "Chain", since: int) -> list[NewCable]:
    """What arrived after number `since` and is found by the search, or answers the question; the latest first.

    Nothing yet while the archive's stores are still being opened again (`Archive.refresh`).
    """
    view = chain.retriever.view
    if not chain.retriever.archive.refresh(view):
        return []
    arrived = {a.cable_id: a for a in view.arrivals(since, MAX_ARRIVALS)}
    if not arrived:
        return []
    found = (
        _answering(watch, chain, tuple(arrived))
        if watch.is_question
        else _holding(watch, chain, tuple(arrived))
    )
    first = {chosen[0].cable_id: chosen for chosen in reversed(list(found))}
    news = [NewCable(arrived[cable_id], chosen) for cable_id, chosen in first.items()]
    return sorted(news, key=lambda one: -one.arrival.number)[:MAX_NEWS]


def _holding(watch: Watch, chain: "Chain", cables: Sequence[str]) -> Iterator[Chosen]:
    """A sentence of each paragraph that holds the words."""
    text = TextQuery.parse(watch.text)
    if text:
        filters = Filters(cables=tuple(cables), text=text)
        hits, _, _ = chain.retriever.view.text_hits(filters, limit=10 * MAX_NEWS)
        phrases = [phrase.words for group in text.all_of for phrase in group]
        yield from (told_in(as_evidence(hit.hit), phrases) for hit in hits)


def _answering(watch: Watch, chain: "Chain", cables: Sequence[str]) -> Iterator[Chosen]:
    """The quotes with which the new cables alone answer the question; no chat model is asked."""
    request = chain.read(Question(watch.text, filters=Filters(cables=tuple(cables)), standalone=True))
    answerer = chain.answerers[request.kind]
    answer = answerer.compose(request, answerer.gather(request))
    if answer.outcome is Outcome.ANSWERED:
        for citation in answer.citations:
            said = [s for s in readable(citation.evidence) if s.piece.text in citation.quotes]
            yield (
                citation.evidence,
                (said or readable(citation.evidence) or list(citation.evidence.sentences))[0],
            )
