"""Question -> evidence: the paragraphs that may answer, best first, as a LangChain retriever.

Two legs find candidates: meaning (vectors) and words (BM25). Each is scaled per question between its best
and its 200th score, so that neither's units matter, and they are summed with the BM25 score of the whole
cable. What the question names (a cable, a month, a post) adds; only filters that the reader set, and the
clearance, take away. Why so and not otherwise is measured in docs/retrieval.md.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from vectorstore.archive import Archive
from vectorstore.embedding.embedder import Embedder
from vectorstore.embedding.late_interaction import EncodedQuery
from vectorstore.keys import cable_of, row_of
from vectorstore.query import Filters, Query, QueryHints
from vectorstore.retrieval.deduplication import folded
from vectorstore.retrieval.evidence import Evidence
from vectorstore.retrieval.reranker import DEPTH, Reranker
from vectorstore.retrieval.scoped_bm25 import ScopedBM25
from vectorstore.storage.catalog_view import CandidateRow, CatalogView

Embeddings.register(Embedder)  # here, so that indexing need not load LangChain

CITING = 3
"""Best cables whose references are followed."""
SPANNING = 3
"""Paragraphs of one cable, at most, where a question spans several."""
POOL = 60
"""Best candidates whose texts are read: enough for the reranker's depth where some repeat each other."""
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
    tag: float = 0.05
    """Of a cable with a TAGS code, of a country or a subject, that the question names."""
    level: float = 0.1
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


@dataclass(slots=True)
class _Signals:
    """What the legs say for one text: scaled scores by row, `cables` by the row of the cable."""

    meaning: dict[int, float]
    words: dict[int, float]
    cables: dict[int, float]
    cosines: dict[int, float]
    asked: EncodedQuery
    """The text as it was read."""
    _by_cable: dict[str, float] = field(default_factory=dict)

    def cable(self, cable_id: str) -> float:
        """The scaled score of a whole cable."""
        if cable_id not in self._by_cable:
            self._by_cable[cable_id] = self.cables.get(row_of(cable_id), 0.0)
        return self._by_cable[cable_id]

    def add(self, other: "_Signals", weight: float) -> None:
        """Add another text's scores at a weight; of cosines the higher stays."""
        for mine, theirs in (
            (self.meaning, other.meaning),
            (self.words, other.words),
            (self.cables, other.cables),
        ):
            for row, score in theirs.items():
                mine[row] = mine.get(row, 0.0) + weight * score
        for row, cosine in other.cosines.items():
            self.cosines[row] = max(cosine, self.cosines.get(row, -1.0))


class _Candidate(NamedTuple):
    """A paragraph on its way: its score, its cosine to the question, and what each signal gave."""

    sketch: CandidateRow
    score: float
    cosine: float
    why: dict[str, float]


_Boost = tuple[str, float, Callable[[CandidateRow], bool]]
"""A name, what it adds, and to which paragraphs."""


class Retriever(BaseRetriever):
    """Finds evidence in an archive for someone of the view's clearance."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    archive: Archive
    view: CatalogView
    weights: Weights = Weights()
    depth: int = 200
    """Candidates that each leg brings."""
    reranker: Reranker | None = None

    @cached_property
    def words(self) -> ScopedBM25:
        """The word indexes as the view's reader sees them."""
        return ScopedBM25(self.archive, self.view)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [as_document(evidence) for evidence in self.search(Query(query))]

    def search(self, search: Query) -> list[Evidence]:
        """The best paragraphs for a search, best first, near-duplicates folded into one."""
        self.archive.refresh(self.view)
        self.words.refresh()
        only = self.view.rows(search.filters, NARROW) if search.filters else None
        signals = self._legs(search.text, only)
        own = signals.asked
        if search.alone:
            alone = self._legs(search.alone, only)
            signals.add(alone, self.weights.alone)
            own = alone.asked
        rows = {*signals.meaning, *signals.words}
        for cable_id in search.hints.cables:
            rows.update(self.view.rows_of_cable(cable_id))
        ranked = self._scored(self.view.sketches(rows, search.filters), signals, search)
        ranked = self._with_references(self._with_nearness(ranked, signals), signals, search)
        cap = SPANNING if search.hints.several else None
        evidence = self._read(ranked[:POOL])
        if self.reranker is None:
            return _capped(folded(evidence, search.limit), cap)
        best = folded(evidence, max(search.limit, DEPTH))
        return _capped(self.reranker.rerank(signals.asked, search.alone or search.text, own, best), cap)[
            : search.limit
        ]

    def _scored(self, sketches: Sequence[CandidateRow], signals: _Signals, search: Query) -> list[_Candidate]:
        """What was found, best first."""
        cables = list({sketch.cable_id for sketch in sketches})
        tagged = self.view.tagged(cables, search.hints.tags) if search.hints.tags else set()
        boosts = self._boosts(search, tagged)
        return sorted((self._candidate(one, signals, boosts) for one in sketches), key=_best_first)

    def _with_nearness(self, ranked: list[_Candidate], signals: _Signals) -> list[_Candidate]:
        """The best candidates that words alone brought, compared in meaning too: none is called far unread."""
        alone = [c for c in ranked[:POOL] if c.sketch.row not in signals.cosines]
        near = {c.sketch.row: c for c in self._nearness(alone, signals)}
        return sorted((near.get(c.sketch.row, c) for c in ranked), key=_best_first) if near else ranked

    def _with_references(
        self, ranked: list[_Candidate], signals: _Signals, search: Query
    ) -> list[_Candidate]:
        """Paragraphs of cables to which the best cables refer are candidates too, whatever the legs brought."""
        best = list(dict.fromkeys(candidate.sketch.cable_id for candidate in ranked[:CITING]))
        linked = self.view.references_of(best) if best else {}
        targets = {target for own in linked.values() for target in own}.difference(best)
        if not targets:
            return ranked
        known = {candidate.sketch.row for candidate in ranked}
        rows = [
            row for target in sorted(targets) for row in self.view.rows_of_cable(target) if row not in known
        ]
        found = self.view.sketches(rows, search.filters)
        more = self._nearness(self._scored(found, signals, search), signals) if found else []
        weight = self.weights.referred
        every = [
            c._replace(score=c.score + weight, why={**c.why, "reference": weight})
            if c.sketch.cable_id in targets else c
            for c in (*ranked, *more)
        ]  # fmt: skip
        return sorted(every, key=_best_first)

    def _read(self, candidates: Sequence[_Candidate]) -> list[Evidence]:
        """The candidates with their texts."""
        found = self.view.find((c.sketch.row for c in candidates), Filters())
        return [
            Evidence(found[c.sketch.row], c.score, c.cosine, c.why)
            for c in candidates
            if c.sketch.row in found
        ]

    def _legs(self, text: str, only: Sequence[int] | None) -> _Signals:
        depth = self.depth if only is None else max(len(only), 1)
        asked = self.archive.embedder.ask(text)
        vector = asked.vector
        ids = None if only is None else self.view.vector_ids(only)
        nearest = (
            self._nearest(vector, depth)
            if ids is None
            else self.archive.vectors.search(vector, len(ids), only=ids)
        )
        cosines = {row_of(key): cosine for key, cosine in nearest}
        terms = self.words.paragraphs.weighted(text)
        words = self.words.paragraphs.search(terms, depth, header=self.weights.header, only=only)
        cables = self.words.cables.search(terms, depth, header=0.0)
        return _Signals(_scaled(cosines), _scaled(dict(words)), _scaled(dict(cables)), cosines, asked)

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

    def _nearness(self, candidates: Sequence[_Candidate], signals: _Signals) -> list[_Candidate]:
        """Candidates that meaning did not bring, with their nearness in it on the scale of those that it brought."""
        ids = self.view.vector_ids([c.sketch.row for c in candidates])
        cosines = self.archive.vectors.nearness(signals.asked.vector, ids)
        floor, top = _bounds(signals.cosines.values())
        found = []
        for candidate in candidates:
            cosine = cosines.get(candidate.sketch.key, 0.0)
            share = (cosine - floor) / (top - floor) if top > floor else 0.0
            meaning = self.weights.meaning * min(1.0, max(0.0, share))
            why = {**candidate.why, "meaning": meaning} if meaning else candidate.why
            found.append(candidate._replace(score=candidate.score + meaning, cosine=cosine, why=why))
        return found

    def _boosts(self, search: Query, tagged: set[str]) -> list[_Boost]:
        """What the search gives or takes beside the legs; only what it names at all is asked of a paragraph."""
        weights, hints, cited = self.weights, search.hints, search.cited
        every: tuple[tuple[object, _Boost], ...] = (
            (hints.cables, ("named", weights.named, lambda s: s.cable_id in hints.cables)),
            (hints.since or hints.until, ("date", weights.date, lambda s: _in_period(s.day, hints))),
            (hints.posts, ("post", weights.post, lambda s: s.post in hints.posts)),
            (tagged, ("tag", weights.tag, lambda s: s.cable_id in tagged)),
            (hints.levels, ("level", weights.level, lambda s: s.level in hints.levels)),
            (cited, ("repeated", -weights.repeated, lambda s: s.key in cited)),
            (cited, ("same cable", weights.same_cable, lambda s: _cited_last(s, cited))),
        )
        return [boost for given, boost in every if given]

    def _candidate(self, sketch: CandidateRow, signals: _Signals, boosts: Sequence[_Boost]) -> _Candidate:
        weights, row = self.weights, sketch.row
        legs = (
            ("meaning", weights.meaning * signals.meaning.get(row, 0.0)),
            ("words", weights.words * signals.words.get(row, 0.0)),
            ("cable", weights.cable * signals.cable(sketch.cable_id)),
        )
        why = {name: value for name, value in legs if value}
        for name, weight, holds in boosts:
            if holds(sketch):
                why[name] = weight
        return _Candidate(sketch, sum(why.values()), signals.cosines.get(row, 0.0), why)


def _best_first(candidate: _Candidate) -> tuple[float, str]:
    return -candidate.score, candidate.sketch.key


def as_document(evidence: Evidence) -> Document:
    """Evidence as LangChain's other parts know it."""
    found = evidence.found
    details = {"key": evidence.key, "cable": found.cable_id, "number": evidence.number, "post": found.post,
               "date": found.day, "subject": found.subject, "score": evidence.score}  # fmt: skip
    return Document(evidence.text, id=evidence.key, metadata=details)


def _scaled(scores: dict[int, float]) -> dict[int, float]:
    """Scores between 0, at the 200th best, and 1, at the best."""
    floor, top = _bounds(scores.values())
    if top <= floor:
        return dict.fromkeys(scores, 1.0)
    return {row: max(0.0, (score - floor) / (top - floor)) for row, score in scores.items()}


def _bounds(scores: Iterable[float]) -> tuple[float, float]:
    """The 200th best score, or the worst, and the best."""
    best = heapq.nlargest(200, scores)
    return (best[-1], best[0]) if best else (0.0, 0.0)


def _in_period(day: int | None, hints: QueryHints) -> bool:
    if day is None or (hints.since is None and hints.until is None):
        return False
    return (hints.since or 0) <= day <= (hints.until or 99999999)


def _cited_last(sketch: CandidateRow, cited: Sequence[str]) -> bool:
    return bool(cited) and cable_of(cited[-1]) == sketch.cable_id


def _capped(ranked: Iterable[Evidence], cap: int | None) -> list[Evidence]:
    """At most `cap` of a cable before the others; what is over comes behind them."""
    held: Counter[str] = Counter()
    first: list[Evidence] = []
    over: list[Evidence] = []
    for evidence in ranked:
        held[evidence.cable_id] += 1
        (over if cap and held[evidence.cable_id] > cap else first).append(evidence)
    return first + over
