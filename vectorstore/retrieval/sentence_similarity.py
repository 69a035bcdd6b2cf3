"""Sentences scored by their nearness to the question in meaning, where no reranker scores them."""

from collections.abc import Sequence

import numpy as np

from vectorstore.embedding.chunking import sentence_case
from vectorstore.interfaces import Embedder
from vectorstore.retrieval.evidence import Evidence
from vectorstore.retrieval.reranker import with_chances

MAX_SCORED = 4
"""Best paragraphs whose sentences are embedded: 5 ms each."""


def with_similarities(embedder: Embedder, query: np.ndarray, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence, the first MAX_SCORED with the cosine of each sentence, under its cable's subject, as its chance."""
    head = evidence[:MAX_SCORED]
    texts = [
        f"{sentence_case(e.found.subject or '')}: {sentence.piece.text}"
        for e in head
        for sentence in e.sentences
    ]
    if not texts:
        return list(evidence)
    cosines = np.clip(embedder.encode(texts) @ query, 0.0, 1.0)
    ends = np.cumsum([len(e.sentences) for e in head])[:-1]
    scored = [with_chances(e, own) for e, own in zip(head, np.split(cosines, ends), strict=True)]
    return [*scored, *evidence[MAX_SCORED:]]
