"""Query -> evidence: the paragraphs that may answer, best first, as a LangChain retriever.

Vectors and BM25 find candidates (`first_stage`), whose scaled scores are summed (`fusion`). What the question
names (a cable, a month, a post) adds to them (`candidates`); only filters that the reader set, and the
clearance, take away. Then the best are reranked, and near-duplicates folded into one. Why so and not otherwise
is measured in docs/retrieval.md.
"""

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field, PrivateAttr

from vectorstore.archive import Archive
from vectorstore.interfaces import EncodedQuery
from vectorstore.query import Filters, Query
from vectorstore.retrieval.candidates import Candidate, best_first, boosts, score
from vectorstore.retrieval.deduplication import folded, spread
from vectorstore.retrieval.evidence import Evidence
from vectorstore.retrieval.first_stage import FirstStage
from vectorstore.retrieval.fusion import Signals, Weights
from vectorstore.retrieval.reranker import RERANKED_CANDIDATES, Reranker
from vectorstore.retrieval.scoped_bm25 import ScopedBM25
from vectorstore.retrieval.sentence_similarity import with_similarities
from vectorstore.storage.catalog_rows import CandidateRow
from vectorstore.storage.catalog_view import CatalogView
from vectorstore.storage.precedence import note_question

CITING_CABLES = 3
"""Best cables whose references are followed."""
MAX_PARAGRAPHS_OF_CABLE = 3
"""Paragraphs of one cable before those of others, where a question spans several cables."""
POOL_SIZE = 60
"""Best candidates whose texts are read: enough for the reranker where some repeat each other."""
MAX_FILTERED_ROWS = 5_000
"""Paragraphs under a filter up to which the first stage searches only among them; above, it searches all."""


class Retriever(BaseRetriever):
    """Finds evidence in an archive for someone of the view's clearance.

    `depth` is the number of candidates that each retriever of the first stage brings. Without a `reranker`
    the order is the fusion's; so it is for a question in another language, which has no tokens to compare.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    archive: Archive
    view: CatalogView
    words: ScopedBM25 = Field(default_factory=lambda given: ScopedBM25(given["archive"], given["view"]))
    """The word indexes as the view's reader sees them."""
    reranker: Reranker | None = None
    weights: Weights = Weights()
    depth: int = 200

    _first_stage: FirstStage = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Put the first stage together from the fields."""
        self._first_stage = FirstStage(self.archive, self.view, self.words, self.weights, self.depth)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [as_document(evidence) for evidence in self.search(Query(query))]

    def search(self, query: Query) -> list[Evidence]:
        """The best paragraphs for a query, best first, near-duplicates folded into one."""
        note_question(self.archive.data)
        self.archive.refresh(self.view)
        self.words.refresh()
        signals, own = self._signals(query)
        ranked = self._with_cosines(self._scored(self._rows(query, signals), signals, query), signals)
        ranked = self._with_references(ranked, signals, query)
        evidence = self._evidence(ranked[:POOL_SIZE])
        if self.reranker and len(signals.query.tokens):
            evidence = folded(evidence, max(query.limit, RERANKED_CANDIDATES))
            evidence = self.reranker.rerank(
                signals.query, query.own_words or query.text, own, evidence, scored=query.scored
            )
        else:
            evidence = folded(evidence, query.limit)
            evidence = with_similarities(self.archive.embedder, own.vector, evidence)
        if query.hints.several:
            evidence = spread(evidence, MAX_PARAGRAPHS_OF_CABLE)
        return evidence[: query.limit]

    def _signals(self, query: Query) -> tuple[Signals, EncodedQuery]:
        """The first stage's scores for the question and a follow-up's own words, and what encodes the latter."""
        only = self.view.rows(query.filters, MAX_FILTERED_ROWS) if query.filters else None
        signals = self._first_stage.signals(query.text, only, language=query.language, words=query.words)
        if not query.own_words:
            return signals, signals.query
        own = self._first_stage.signals(query.own_words, only, language=query.language)
        signals.add(own, self.weights.own_words)
        return signals, own.query

    def _rows(self, query: Query, signals: Signals) -> list[CandidateRow]:
        """What the first stage found, and all of the cables that the question names."""
        rows = {*signals.meaning, *signals.words}
        for cable_id in query.hints.cables:
            rows.update(self.view.rows_of_cable(cable_id))
        return self.view.candidate_rows(rows, query.filters)

    def _scored(self, rows: Sequence[CandidateRow], signals: Signals, query: Query) -> list[Candidate]:
        """Paragraphs as candidates, best first."""
        cables = list({row.cable_id for row in rows})
        tagged = self.view.tagged(cables, query.hints.tags) if query.hints.tags else set()
        boosted = boosts(query, tagged, self.weights)
        return sorted((score(row, signals, boosted, self.weights) for row in rows), key=best_first)

    def _with_cosines(self, ranked: list[Candidate], signals: Signals) -> list[Candidate]:
        """The best candidates that BM25 alone brought are compared in meaning too; none counts as far uncompared."""
        uncompared = [c for c in ranked[:POOL_SIZE] if c.row.row not in signals.cosines]
        if not uncompared:
            return ranked
        compared = {c.row.row: c for c in self._first_stage.with_cosines(uncompared, signals)}
        return sorted((compared.get(c.row.row, c) for c in ranked), key=best_first)

    def _with_references(self, ranked: list[Candidate], signals: Signals, query: Query) -> list[Candidate]:
        """Paragraphs of cables to which the best cables refer are candidates too, whether found or not."""
        citing = list(dict.fromkeys(candidate.row.cable_id for candidate in ranked[:CITING_CABLES]))
        linked = self.view.references_of(citing) if citing else {}
        targets = {target for own in linked.values() for target in own}.difference(citing)
        if not targets:
            return ranked
        known = {candidate.row.row for candidate in ranked}
        rows = [
            row for target in sorted(targets) for row in self.view.rows_of_cable(target) if row not in known
        ]
        new = self._scored(self.view.candidate_rows(rows, query.filters), signals, query) if rows else []
        every = [*ranked, *(self._first_stage.with_cosines(new, signals) if new else [])]
        return sorted((self._referred(c) if c.row.cable_id in targets else c for c in every), key=best_first)

    def _referred(self, candidate: Candidate) -> Candidate:
        return candidate.with_signal("reference", self.weights.referred)

    def _evidence(self, candidates: Sequence[Candidate]) -> list[Evidence]:
        """The candidates with their texts."""
        found = self.view.find((c.row.row for c in candidates), Filters())
        return [
            Evidence(found[c.row.row], c.score, c.cosine, c.why) for c in candidates if c.row.row in found
        ]


def as_document(evidence: Evidence) -> Document:
    """Evidence as LangChain's other parts know it."""
    found = evidence.found
    details = {
        "key": evidence.key,
        "cable": found.cable_id,
        "number": evidence.number,
        "post": found.post,
        "date": found.day,
        "subject": found.subject,
        "score": evidence.score,
    }
    return Document(evidence.text, id=evidence.key, metadata=details)
