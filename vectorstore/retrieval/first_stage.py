"""First-stage retrieval: the paragraphs nearest in meaning (vectors) and by words (BM25) to one text."""

from collections.abc import Sequence

import numpy as np

from vectorstore.archive import Archive
from vectorstore.keys import row_of
from vectorstore.retrieval.candidates import Candidate
from vectorstore.retrieval.fusion import Scale, Signals, Weights, scaled
from vectorstore.retrieval.scoped_bm25 import ScopedBM25
from vectorstore.storage.catalog_view import CatalogView

WIDENING_FACTOR = 4
"""How many times as many vectors are asked for where too few of the nearest may be seen."""


class FirstStage:
    """Searches vectors and words for what the reader of a view may see; `depth` candidates from each."""

    def __init__(
        self, archive: Archive, view: CatalogView, words: ScopedBM25, weights: Weights, depth: int
    ) -> None:
        self._archive = archive
        self._view = view
        self._words = words
        self._weights = weights
        self._depth = depth

    def signals(
        self, text: str, only: Sequence[int] | None, *, language: str = "en", words: str | None = None
    ) -> Signals:
        """What both retrievers find for a text, BM25 for `words` if given, among the rows `only` if given."""
        depth = self._depth if only is None else max(len(only), 1)
        query = self._archive.embedder.encode_query(text, language)
        cosines = {row_of(key): cosine for key, cosine in self._by_meaning(query.vector, depth, only)}
        terms = self._words.paragraphs.weighted(text if words is None else words)
        paragraphs = self._words.paragraphs.search(terms, depth, header=self._weights.header, only=only)
        cables = self._words.cables.search(terms, depth, header=0.0)
        return Signals(query, scaled(cosines), scaled(dict(paragraphs)), scaled(dict(cables)), cosines)

    def _by_meaning(
        self, vector: np.ndarray, depth: int, only: Sequence[int] | None
    ) -> list[tuple[str, float]]:
        if only is None:
            return self._nearest_visible(vector, depth)
        ids = self._view.vector_ids(only)
        return self._archive.vectors.search(vector, len(ids), only=ids)

    def _nearest_visible(self, vector: np.ndarray, depth: int) -> list[tuple[str, float]]:
        """The nearest paragraphs that may be seen: one that may not takes no other's place among them."""
        vectors, limit = self._archive.vectors, depth
        while True:
            nearest = vectors.search(vector, limit)
            if self._view.clearance.whole:
                return nearest
            visible = self._view.visible_rows([row_of(key) for key, _ in nearest])
            kept = [(key, cosine) for key, cosine in nearest if row_of(key) in visible]
            if len(kept) >= depth or limit >= vectors.count():
                return kept[:depth]
            limit = min(WIDENING_FACTOR * limit, vectors.count())

    def with_cosines(self, candidates: Sequence[Candidate], signals: Signals) -> list[Candidate]:
        """Candidates that the vector search did not bring, with their cosine, scaled as those that it brought."""
        ids = self._view.vector_ids([candidate.row.row for candidate in candidates])
        cosines = self._archive.vectors.cosines(signals.query.vector, ids)
        scale = Scale.of(signals.cosines.values())
        found = []
        for candidate in candidates:
            cosine = cosines.get(candidate.row.key, 0.0)
            meaning = self._weights.meaning * min(1.0, scale(cosine, flat=0.0))
            found.append(candidate._replace(cosine=cosine).with_signal("meaning", meaning))
        return found
