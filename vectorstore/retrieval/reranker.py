"""The reranker: which of the best candidates answer, and which of their sentences.

Candidates are compared with the question token by token (`vectorstore.embedding.late_interaction`), and the comparison is
added to the retriever's own score. Of the best, small decision trees over the numbers of `vectorstore.retrieval.features`
say which sentences answer. What was trained on what, and what it gains: vectorstore/weights/README.md.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from cables.text import Piece, sentences
from vectorstore.archive import Archive
from vectorstore.embedding.chunking import sentence_of_words
from vectorstore.embedding.late_interaction import EncodedQuery, LateInteraction, Passage
from vectorstore.embedding.tokens import Tokens
from vectorstore.embedding.word_vectors import WordVectors
from vectorstore.keys import row_of, window_id
from vectorstore.retrieval.evidence import Evidence, ScoredSentence
from vectorstore.retrieval.features import Sentences, WordStatistics, features
from vectorstore.retrieval.tree_ensemble import TreeEnsemble
from vectorstore.storage.bm25 import BM25Index
from vectorstore.storage.catalog_view import CatalogView

DEPTH = 40
"""Candidates that are compared."""
SENTENCES_OF = 6
"""Best candidates whose sentences the trees look at."""
TREES = Path(__file__).parents[1] / "weights" / "sentences.npz"
WEIGHT = 0.15
"""Of a logit of the comparison, against the retriever's score, which is about 1 for the first."""


Scored = tuple[Evidence, list[Tokens]]
"""A candidate and the tokens of its passages."""


class Reranker:
    """Reorders the first candidates of an archive's retriever."""

    def __init__(self, archive: Archive, view: CatalogView, words: BM25Index) -> None:
        """`words` are the paragraphs' as the view's reader sees them."""
        self._archive = archive
        self._view = view
        self._trees = TreeEnsemble.load(TREES)
        self._lexicon = lexicon(words, archive.embedder.folder)

    @staticmethod
    def fits(archive: Archive) -> bool:
        """Whether the archive keeps what is compared: its embedder was trained for it."""
        return archive.embedder.interaction is not None

    def rerank(
        self, asked: EncodedQuery, own_words: str, own: EncodedQuery, evidence: Sequence[Evidence]
    ) -> list[Evidence]:
        """The same evidence, the first DEPTH in a better order and with their sentences scored.

        Paragraphs are compared with the question as it was `asked`, sentences with its `own_words`: what was
        said before a follow-up tells which paragraph is meant, but is no longer what is asked.
        """
        interaction = self._archive.embedder.interaction
        head, tail = list(evidence[:DEPTH]), evidence[DEPTH:]
        if interaction is None or not head:
            return list(evidence)
        kept = self._kept(head)
        whole = [([Passage(tokens, np.full(len(tokens.words), -1)) for tokens in own], 0) for own in kept]
        compared = interaction.compare(asked, whole)
        logits = [interaction.logit(c, e.cosine) for c, e in zip(compared, head, strict=True)]
        scored = sorted(zip(with_logits(head, logits), kept, strict=True), key=lambda one: best_first(one[0]))
        best = self._with_sentences(own_words, own, interaction, scored[:SENTENCES_OF])
        return [*best, *(e for e, _ in scored[SENTENCES_OF:]), *tail]

    def _with_sentences(
        self, question: str, asked: EncodedQuery, interaction: LateInteraction, scored: Sequence[Scored]
    ) -> list[Evidence]:
        """The best candidates with the trees' chances for their sentences."""
        candidates = [e for e, _ in scored]
        pieces = [sentences(e.text) for e in candidates]
        if not any(pieces):
            return candidates
        passages = [(_placed(e, own, kept), len(own)) for (e, kept), own in zip(scored, pieces, strict=True)]
        logits = np.concatenate([c.sentences for c in interaction.compare(asked, passages)])
        chances = self._trees(columns(question, candidates, pieces, logits, self._lexicon))
        shares = np.split(chances, np.cumsum([len(own) for own in pieces])[:-1])
        return [
            _with_chances(e, own, share) for e, own, share in zip(candidates, pieces, shares, strict=True)
        ]

    def _kept(self, candidates: Sequence[Evidence]) -> list[list[Tokens]]:
        """The tokens of each candidate's passages."""
        assert self._archive.vectors.tokens is not None
        kept = self._archive.vectors.tokens.get(self._view.vector_ids([row_of(e.key) for e in candidates]))
        found: list[list[Tokens]] = []
        for e in candidates:
            own: list[Tokens] = []
            while (tokens := kept.get(window_id(e.key, len(own)))) is not None:
                own.append(tokens)
            found.append(own)
        return found


def lexicon(words: BM25Index, embedder: Path) -> WordStatistics:
    """What is known of words, from an index of paragraphs and the folder of the archive's embedder."""
    return WordStatistics(
        stems=lru_cache(maxsize=100_000)(words.stems),
        rarity=lru_cache(maxsize=100_000)(words.rarity),
        vectors=WordVectors(embedder),
    )


def with_logits(candidates: Sequence[Evidence], logits: Sequence[float]) -> list[Evidence]:
    """The candidates with the comparison added to their scores, in the same order."""
    top = max(logits)
    added = [WEIGHT * (logit - top) for logit in logits]
    return [
        replace(e, score=e.score + share, why={**e.why, "answer": share}, support=logit)
        for e, share, logit in zip(candidates, added, logits, strict=True)
    ]


def best_first(evidence: Evidence) -> tuple[float, str]:
    """What candidates are sorted by: equal scores by their keys, so that the order is always the same."""
    return -evidence.score, evidence.key


def owners(pieces: Sequence[Sequence[Piece]]) -> np.ndarray:
    """For each sentence of the candidates the number of its candidate."""
    return np.repeat(np.arange(len(pieces)), [len(own) for own in pieces])


def columns(
    question: str,
    candidates: Sequence[Evidence],
    pieces: Sequence[Sequence[Piece]],
    logits: np.ndarray,
    known: WordStatistics,
) -> dict[str, np.ndarray]:
    """What the trees see of the candidates' sentences, best candidate first; `logits` of all sentences."""
    texts = [piece.text for own in pieces for piece in own]
    return features(question, candidates, Sentences(texts, owners(pieces)), logits, known)


def _placed(evidence: Evidence, pieces: Sequence[Piece], kept: Sequence[Tokens]) -> list[Passage]:
    """A candidate's passages with the sentences in which their tokens stand."""
    ends = np.cumsum([len(piece.text.split()) for piece in pieces])
    return [
        Passage(tokens, sentence_of_words(evidence.text, n, tokens.words, ends))
        for n, tokens in enumerate(kept)
    ]


def _with_chances(evidence: Evidence, pieces: Sequence[Piece], chances: np.ndarray) -> Evidence:
    scored = (
        ScoredSentence(piece, n, float(c)) for n, (piece, c) in enumerate(zip(pieces, chances, strict=True))
    )
    return replace(evidence, sentences=tuple(scored))


def best_chance(evidence: Evidence) -> float:
    """The chance of the paragraph's best sentence."""
    return max((sentence.chance for sentence in evidence.sentences), default=0.0)
