"""The reranker: which sentences of the best candidates answer, and so which paragraph comes first.

A small network over the numbers of `vectorstore.features`, trained on questions written for real cables
(models/reranker/README.md says on what, with which gain, and how to train it again). It scores sentences;
a paragraph is as good as its best sentence and the retriever's own score together.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from cables.text import sentences
from vectorstore.embeddings import DEFAULT_EMBEDDER, Embedder, model_folder
from vectorstore.evidence import Evidence, ScoredSentence
from vectorstore.features import Lexicon, Sentences, features
from vectorstore.lexical import Words
from vectorstore.passages import sentence_case
from vectorstore.word_vectors import WordVectors

WEIGHTS = Path(__file__).parents[1] / "models" / "reranker" / "weights.npz"
DEPTH = 6
"""Candidates whose sentences are looked at: each costs the embedder about six short texts."""


class Reranker:
    """Reorders the first candidates of an archive's retriever. Trained for the default embedder only."""

    def __init__(self, embedder: Embedder, words: Words) -> None:
        self._embedder = embedder
        self._network = Network.load(WEIGHTS)
        self.lexicon = lexicon(words)

    @staticmethod
    def fits(embedder: Embedder) -> bool:
        """Whether the trained weights know this embedder's numbers."""
        return embedder.name == DEFAULT_EMBEDDER and WEIGHTS.exists()

    def rerank(self, question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
        """The same evidence, the first DEPTH in a better order and with their sentences scored."""
        head, tail = list(evidence[:DEPTH]), list(evidence[DEPTH:])
        pieces = [sentences(candidate.text) for candidate in head]
        if not any(pieces):
            return list(evidence)
        chances = self._network(inputs(question, head, self._embedder, self.lexicon))
        start, scored = 0, []
        for candidate, own in zip(head, pieces, strict=True):
            part = chances[start : start + len(own)]
            start += len(own)
            looked = tuple(ScoredSentence(p, n, float(c)) for n, (p, c) in enumerate(zip(own, part, strict=True)))
            scored.append(replace(candidate, sentences=looked))
        top = head[0].score or 1.0
        ranked = sorted(scored, key=lambda e: -(e.score / top + self._network.weight * best_chance(e)))
        return [*_rescored(ranked, head), *tail]


def best_chance(evidence: Evidence) -> float:
    """The chance of the paragraph's best sentence."""
    return max((sentence.chance for sentence in evidence.sentences), default=0.0)


def _rescored(ranked: Sequence[Evidence], before: Sequence[Evidence]) -> list[Evidence]:
    """Scores in the new order stay falling: each place keeps its score, what the reranker gave is in `why`."""
    return [
        replace(e, score=place.score, why={**e.why, "answer": best_chance(e)})
        for e, place in zip(ranked, before, strict=True)
    ]


def inputs(question: str, candidates: Sequence[Evidence], embedder: Embedder, known: Lexicon) -> dict[str, np.ndarray]:
    """The features of the candidates' sentences."""
    pieces = [(n, piece.text) for n, c in enumerate(candidates) for piece in sentences(c.text)]
    texts = [f"{sentence_case(candidates[n].found.subject or '')}: {text}" for n, text in pieces]
    vectors = embedder.encode([question, *texts])
    owner = np.array([n for n, _ in pieces])
    return features(
        question, candidates, Sentences([t for _, t in pieces], owner), vectors[1:] @ vectors[0], known
    )


def lexicon(words: Words) -> Lexicon:
    """What the archive's word index and the embedder's word vectors know of words."""
    return Lexicon(
        stems=lru_cache(maxsize=100_000)(words.stems),
        rarity=lru_cache(maxsize=100_000)(words.rarity),
        vectors=WordVectors(model_folder(DEFAULT_EMBEDDER)),
    )


class Network:
    """A few small networks of one hidden layer whose outputs are averaged."""

    def __init__(self, names: Sequence[str], arrays: dict[str, np.ndarray], weight: float) -> None:
        self.names = list(names)
        self._arrays = arrays
        self.weight = weight
        """Of the best sentence's chance against the retriever's score, which is 1 for the first."""

    @classmethod
    def load(cls, path: Path) -> "Network":
        """Read weights; no code is run."""
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        names = [str(name) for name in arrays.pop("names")]
        return cls(names, arrays, float(arrays.pop("weight")))

    def __call__(self, columns: dict[str, np.ndarray]) -> np.ndarray:
        """The chance of each sentence that it answers."""
        a = self._arrays
        x = np.column_stack([columns[name] for name in self.names])
        x = np.clip((x - a["mean"]) / a["scale"], -5, 5)
        hidden = np.maximum(0, np.einsum("sf,nfh->nsh", x, a["first"]) + a["first bias"][:, None, :])
        logits = np.einsum("nsh,nh->ns", hidden, a["last"]) + a["last bias"][:, None]
        chances: np.ndarray = (1 / (1 + np.exp(-logits))).mean(axis=0)
        return chances
