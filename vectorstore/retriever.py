"""Question -> evidence: the paragraphs that may answer, best first, as a LangChain retriever.

Two legs find candidates: meaning (vectors) and words (BM25). Each is scaled per question between its best
and its 200th score, so that neither's units matter, and they are summed with the BM25 score of the whole
cable. What the question names (a cable, a month, a post) adds; only filters that the reader set, and the
clearance, take away. Why so and not otherwise is measured in docs/retrieval.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from vectorstore.archive import Archive
from vectorstore.catalog import row_of
from vectorstore.duplicates import same_text
from vectorstore.evidence import Evidence
from vectorstore.reranker import Reranker
from vectorstore.seen import SeenWords
from vectorstore.view import Filters, Found, View

NARROW = 5_000
"""Paragraphs under a filter up to which both legs search only among them; above, they search wider."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each signal counts; chosen by cross-validation over cables (docs/retrieval.md)."""

    meaning: float = 0.62
    words: float = 0.38
    cable: float = 0.3
    header: float = 0.6
    """Of a word in the header above a paragraph, against 1 in its text."""
    date: float = 0.45
    post: float = 0.1
    named: float = 1.0
    """Of the cable whose id the question names."""
    referred: float = 0.05
    """Of a paragraph whose cable is referred to by one of the best cables."""
    alone: float = 0.5
    """Of a follow-up's own words, against 1 for the question as it was interpreted."""
    repeated: float = 0.3
    """Taken from paragraphs that the conversation has cited already."""
    same_cable: float = 0.2
    """Of the cable that the conversation cited last."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What a question names: cables by id, days as integers (20080417) from and to, posts. They boost only."""

    cables: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    posts: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Hints()


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. `text` is the question as interpreted; `alone` a follow-up's own words."""

    text: str
    alone: str = ""
    filters: Filters = Filters()
    hints: Hints = Hints()
    cited: tuple[str, ...] = ()
    """Keys of paragraphs that the conversation has cited."""
    limit: int = 20


@dataclass(slots=True)
class _Signals:
    """What the legs say for one text: scaled scores by row, `cables` by the row of the cable."""

    meaning: dict[int, float]
    words: dict[int, float]
    cables: dict[int, float]
    cosines: dict[int, float]

    def add(self, other: "_Signals", weight: float) -> None:
        """Add another text's scores at a weight; of cosines the higher stays."""
        for mine, theirs in ((self.meaning, other.meaning), (self.words, other.words), (self.cables, other.cables)):
            for row, score in theirs.items():
                mine[row] = mine.get(row, 0.0) + weight * score
        for row, cosine in other.cosines.items():
            self.cosines[row] = max(cosine, self.cosines.get(row, -1.0))


class Retriever(BaseRetriever):
    """Finds evidence in an archive for someone of the view's clearance."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    archive: Archive
    view: View
    weights: Weights = Weights()
    depth: int = 300
    """Candidates that each leg brings."""
    reranker: Reranker | None = None

    @cached_property
    def words(self) -> SeenWords:
        """The word indexes as the view's reader sees them."""
        return SeenWords(self.archive, self.view)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [as_document(evidence) for evidence in self.search(Search(query))]

    def search(self, search: Search) -> list[Evidence]:
        """The best paragraphs for a search, best first, near-duplicates folded into one."""
        self.archive.refresh(self.view)
        self.words.refresh()
        only = self.view.rows(search.filters, NARROW) if search.filters else None
        signals = self._legs(search.text, only)
        if search.alone:
            signals.add(self._legs(search.alone, only), self.weights.alone)
        rows = {*signals.meaning, *signals.words}
        for cable_id in search.hints.cables:
            rows.update(self.view.rows_of_cable(cable_id))
        found = self.view.find(rows, search.filters)
        scored = [self._evidence(found[row], signals, search) for row in found]
        ranked = _folded(sorted(scored, key=lambda evidence: -evidence.score), search.limit)
        return self.reranker.rerank(search.text, ranked) if self.reranker else ranked

    def _legs(self, text: str, only: Sequence[int] | None) -> _Signals:
        depth = self.depth if only is None else max(len(only), 1)
        vector = self.archive.embedder.encode([text])[0]
        ids = None if only is None else self.view.vector_ids(only)
        nearest = (
            self._nearest(vector, depth)
            if ids is None
            else self.archive.vectors.search(vector, len(ids), only=ids)
        )
        cosines = {row_of(key): cosine for key, cosine in nearest}
        terms = dict.fromkeys(self.words.paragraphs.terms(text), 1.0)
        words = self.words.paragraphs.search(terms, depth, header=self.weights.header, only=only)
        cables = self.words.cables.search(terms, depth, header=0.0)
        return _Signals(_scaled(cosines), _scaled(dict(words)), _scaled(dict(cables)), cosines)

    def _nearest(self, vector: np.ndarray, depth: int) -> list[tuple[str, float]]:
        """The nearest paragraphs that may be seen: what may not takes nobody's place among them."""
        limit = depth
        while True:
            nearest = self.archive.vectors.search(vector, limit)
            if self.view.clearance.whole:
                return nearest
            seen = self.view.among([row_of(key) for key, _ in nearest])
            kept = [(key, cosine) for key, cosine in nearest if row_of(key) in seen]
            if len(kept) >= depth or limit >= self.archive.vectors.count():
                return kept[:depth]
            limit = min(4 * limit, self.archive.vectors.count())

    def _evidence(self, found: Found, signals: _Signals, search: Search) -> Evidence:
        weights, row = self.weights, found.row
        why = {
            "meaning": weights.meaning * signals.meaning.get(row, 0.0),
            "words": weights.words * signals.words.get(row, 0.0),
            "cable": weights.cable * signals.cables.get(row_of(found.cable_id), 0.0),
            "named": weights.named * (found.cable_id in search.hints.cables),
            "date": weights.date * _in_period(found.day, search.hints),
            "post": weights.post * (found.post in search.hints.posts),
            "repeated": -weights.repeated * (found.paragraph.key in search.cited),
            "same cable": weights.same_cable * _cited_last(found, search.cited),
        }
        why = {name: value for name, value in why.items() if value}
        return Evidence(found, sum(why.values()), signals.cosines.get(row, 0.0), why)


def as_document(evidence: Evidence) -> Document:
    """Evidence as LangChain's other parts know it."""
    found = evidence.found
    details = {"key": evidence.key, "cable": found.cable_id, "number": evidence.number, "post": found.post,
               "date": found.day, "subject": found.subject, "score": evidence.score}  # fmt: skip
    return Document(evidence.text, id=evidence.key, metadata=details)


def _scaled(scores: dict[int, float]) -> dict[int, float]:
    """Scores between 0, at the 200th best, and 1, at the best."""
    if not scores:
        return {}
    ordered = sorted(scores.values(), reverse=True)
    top, floor = ordered[0], ordered[min(199, len(ordered) - 1)]
    if top <= floor:
        return dict.fromkeys(scores, 1.0)
    return {row: max(0.0, (score - floor) / (top - floor)) for row, score in scores.items()}


def _in_period(day: int | None, hints: Hints) -> bool:
    if day is None or (hints.since is None and hints.until is None):
        return False
    return (hints.since or 0) <= day <= (hints.until or 99999999)


def _cited_last(found: Found, cited: Sequence[str]) -> bool:
    return bool(cited) and cited[-1].partition(".")[0] == found.cable_id


def _folded(ranked: Iterable[Evidence], limit: int) -> list[Evidence]:
    """The first `limit`, with paragraphs that repeat an earlier one's words folded into it as `also`."""
    kept: list[Evidence] = []
    for evidence in ranked:
        if len(kept) == limit:
            break
        twin = next((n for n, other in enumerate(kept) if same_text(other.text, evidence.text)), None)
        if twin is None:
            kept.append(evidence)
        else:
            kept[twin] = replace(kept[twin], also=(*kept[twin].also, evidence.key))
    return kept
