"""The reranker: which of the best candidates answer, and which of their sentences.

Candidates are compared with the question token by token (`vectorstore.embedding.late_interaction`), and the
comparison is added to the score of the fusion. Of the best, boosted decision trees over the columns of
`vectorstore.retrieval.features` say which sentences answer. What was trained on what, and what it gains:
vectorstore/weights/README.md.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from vectorstore.archive import Archive
from vectorstore.embedding.chunking import sentence_of_words
from vectorstore.embedding.late_interaction import LateInteraction, Passage
from vectorstore.embedding.tokens import Tokens
from vectorstore.embedding.word_vectors import WordVectors
from vectorstore.interfaces import EncodedQuery, LexicalIndex
from vectorstore.keys import row_of, window_id
from vectorstore.retrieval.evidence import Evidence
from vectorstore.retrieval.features import WordStatistics, features
from vectorstore.retrieval.tree_ensemble import TreeEnsemble
from vectorstore.storage.catalog_view import CatalogView

MAX_PASSAGES = 24
"""Of a paragraph, compared: all but one of 11,625 real ones have fewer. A text of 300 kB has hundreds."""
RERANKED_CANDIDATES = 40
"""Candidates that are compared."""
SENTENCE_TREES = Path(__file__).parents[1] / "weights" / "sentences.npz"
LOGIT_WEIGHT = 0.15
"""Of a logit of the comparison, against the score of the fusion, which is about 1 for the first."""
MAX_CACHED_WORDS = 20_000
"""Words whose stems and frequencies a reader's reranker keeps."""

WithTokens = tuple[Evidence, list[Tokens]]
"""A candidate and the tokens of its passages."""


class Reranker:
    """Reorders the first candidates of an archive's retriever.

    `words` are the paragraphs' as the view's reader sees them. The embedder must have late interaction (`fits`).
    """

    def __init__(self, archive: Archive, view: CatalogView, words: LexicalIndex) -> None:
        self._archive = archive
        assert archive.embedder.late_interaction is not None
        self._interaction = archive.embedder.late_interaction
        self._view = view
        self._trees = TreeEnsemble.load(SENTENCE_TREES)
        self._words = word_statistics(words, self._interaction.folder)

    @staticmethod
    def fits(archive: Archive) -> bool:
        """Whether the archive keeps what is compared: its embedder was trained for it."""
        return archive.embedder.late_interaction is not None

    def rerank(
        self,
        query: EncodedQuery,
        own_words: str,
        own_query: EncodedQuery,
        evidence: Sequence[Evidence],
        *,
        scored: int,
    ) -> list[Evidence]:
        """The same evidence, the first RERANKED_CANDIDATES in a better order, `scored` of them with scored sentences.

        Paragraphs are compared with the whole `query`, sentences with a follow-up's `own_words`: what was said
        before it says which paragraph is meant, but is no longer what is asked.
        """
        interaction = self._interaction
        head, tail = list(evidence[:RERANKED_CANDIDATES]), evidence[RERANKED_CANDIDATES:]
        if not head:
            return list(evidence)
        tokens = self._tokens(head)
        whole = [([Passage(one, np.full(len(one.words), -1)) for one in own], 0) for own in tokens]
        compared = interaction.compare(query, whole)
        logits = [interaction.logit(c, e.cosine) for c, e in zip(compared, head, strict=True)]
        ranked = sorted(
            zip(with_logits(head, logits), tokens, strict=True), key=lambda one: best_first(one[0])
        )
        best = self._with_chances(own_words, own_query, interaction, ranked[:scored])
        return [*best, *(e for e, _ in ranked[scored:]), *tail]

    def _with_chances(
        self, question: str, query: EncodedQuery, interaction: LateInteraction, ranked: Sequence[WithTokens]
    ) -> list[Evidence]:
        """The best candidates with the trees' chances for their sentences."""
        candidates = [e for e, _ in ranked]
        if not any(e.sentences for e in candidates):
            return candidates
        passages = [(_passages(e, tokens), len(e.sentences)) for e, tokens in ranked]
        logits = np.concatenate([c.sentences for c in interaction.compare(query, passages)])
        chances = self._trees(features(question, candidates, logits, self._words))
        ends = np.cumsum([len(e.sentences) for e in candidates])[:-1]
        return [with_chances(e, own) for e, own in zip(candidates, np.split(chances, ends), strict=True)]

    def _tokens(self, candidates: Sequence[Evidence]) -> list[list[Tokens]]:
        """The tokens of each candidate's passages."""
        assert self._archive.vectors.tokens is not None
        kept = self._archive.vectors.tokens.get(self._view.vector_ids([row_of(e.key) for e in candidates]))
        found: list[list[Tokens]] = []
        for e in candidates:
            own: list[Tokens] = []
            while len(own) < MAX_PASSAGES and (tokens := kept.get(window_id(e.key, len(own)))) is not None:
                own.append(tokens)
            found.append(own)
        return found


@lru_cache(maxsize=1)
def _word_vectors(embedder: Path) -> WordVectors:
    """Shared by the rerankers of all readers: it takes 45 MB."""
    return WordVectors(embedder)


def word_statistics(words: LexicalIndex, embedder: Path) -> WordStatistics:
    """What is known of words, from an index of paragraphs and the folder of the archive's embedder."""
    return WordStatistics(
        stems=lru_cache(maxsize=MAX_CACHED_WORDS)(words.stems),
        idf=lru_cache(maxsize=MAX_CACHED_WORDS)(words.idf),
        vectors=_word_vectors(embedder),
    )


def with_logits(candidates: Sequence[Evidence], logits: Sequence[float]) -> list[Evidence]:
    """The candidates with the comparison added to their scores, in the same order."""
    top = max(logits)
    added = [LOGIT_WEIGHT * (logit - top) for logit in logits]
    return [
        replace(e, score=e.score + share, why={**e.why, "answer": share}, support=logit)
        for e, share, logit in zip(candidates, added, logits, strict=True)
    ]


def with_chances(evidence: Evidence, chances: Sequence[float] | np.ndarray) -> Evidence:
    """The evidence with the chance of each of its sentences."""
    scored = (
        replace(one, chance=float(chance)) for one, chance in zip(evidence.sentences, chances, strict=True)
    )
    return replace(evidence, sentences=tuple(scored), scored=True)


def best_first(evidence: Evidence) -> tuple[float, str]:
    """What evidence is sorted by: equal scores by their keys, so that the order is always the same."""
    return -evidence.score, evidence.key


def _passages(evidence: Evidence, tokens: Sequence[Tokens]) -> list[Passage]:
    """A candidate's passages with the sentences in which their tokens stand."""
    ends = np.cumsum([len(sentence.piece.text.split()) for sentence in evidence.sentences])
    return [
        Passage(one, sentence_of_words(evidence.text, n, one.words, ends)) for n, one in enumerate(tokens)
    ]
