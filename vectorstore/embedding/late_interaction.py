"""Late interaction: a question compared with paragraphs token by token, after both were read apart (MaxSim).

The tokens of a paragraph are projected from states that the embedder has anyway while it embeds, and kept;
so forty candidates are compared for one forward pass of the question. The question is read by the embedder's
network with trained corrections, which also weigh its tokens. What was trained, on what and with which gain:
vectorstore/weights/README.md.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cables.text import STOPWORDS
from vectorstore.embedding.tokens import TOKEN_SCALE, Tokens, quantized
from vectorstore.interfaces import EncodedQuery

if TYPE_CHECKING:
    from tokenizers import Encoding

LATE_INTERACTION_WEIGHTS = Path(__file__).parents[1] / "weights" / "late_interaction.safetensors"
SENTENCE_SHARE = 0.7
"""Of a sentence's own best matches, against 0.3 of those anywhere in its passage."""
UNMATCHED_LOGIT = -30.0
"""Logit of a sentence that no passage reaches."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stored passage: its tokens, and for each the number of its sentence in the paragraph, -1 for the header."""

    tokens: Tokens
    sentences: np.ndarray


@dataclass(frozen=True, slots=True)
class TokenComparison:
    """A paragraph compared with a question: the match of the whole from -1 to 1, and a logit for each sentence."""

    match: float
    sentences: np.ndarray


class LateInteraction:
    """The trained weights for one embedder, and the comparison."""

    layers = (3, 6)
    """The embedder's layers whose states are projected: a middle one knows words, the last one meanings."""

    def __init__(self, folder: Path, weights: Path = LATE_INTERACTION_WEIGHTS) -> None:
        """For the embedder whose tokenizer is in `folder`."""
        from safetensors.numpy import load_file

        self.folder, self._weights = folder, weights
        self.arrays: dict[str, np.ndarray] = load_file(weights)
        """Everything that was trained, by name."""
        self.projection = self.arrays["passage"].astype(np.float32)
        """From the states of `layers`, one behind the other, to token vectors: shape (48, 2 × width)."""
        self.width = self.projection.shape[1] // len(self.layers)
        """Numbers in one of the embedder's states, and in its vectors."""
        self.version = hashlib.sha256(self.projection.tobytes()).hexdigest()[:8]
        """Of what is kept of passages; the question's side may be trained again without touching an archive."""
        self._match, self._near, self._sentence, self._bias = self.arrays["scale"].astype(float)

    @cached_property
    def question_version(self) -> str:
        """Of all that was trained, which the question's network is made of."""
        return hashlib.sha256(self._weights.read_bytes()).hexdigest()[:8]

    def packed(self, text: str, encoding: "Encoding", vectors: np.ndarray) -> bytes:
        """A passage's tokens as they are kept; `vectors` of all its tokens, shape (tokens, 48)."""
        kept = self._content_tokens[np.array(encoding.ids)]
        return Tokens(quantized(vectors[kept]), words_from_end(text, encoding)[kept]).pack()

    @cached_property
    def _content_tokens(self) -> np.ndarray:
        return content_tokens(self.folder)

    def logit(self, compared: TokenComparison, cosine: float) -> float:
        """How strongly a paragraph answers, from its match and the question's cosine to it."""
        return float(self._match * compared.match + self._near * cosine)

    def compare(
        self, query: EncodedQuery, paragraphs: Sequence[tuple[Sequence[Passage], int]]
    ) -> list[TokenComparison]:
        """Compare the question with paragraphs, each given by its passages and the number of its sentences."""
        passages = [passage for own, _ in paragraphs for passage in own if len(passage.sentences)]
        owners = [n for n, (own, _) in enumerate(paragraphs) for p in own if len(p.sentences)]
        matches = np.full(len(paragraphs), -1.0)
        logits = [np.full(count, UNMATCHED_LOGIT) for _, count in paragraphs]
        if passages:
            runs, sentence, passage = _runs(passages)
            vectors = np.concatenate([p.tokens.vectors for p in passages]).astype(np.float32) / TOKEN_SCALE
            best = np.maximum.reduceat(vectors @ query.tokens.T, runs, axis=0)
            starts = np.flatnonzero(np.r_[True, passage[1:] != passage[:-1]])
            whole = np.maximum.reduceat(best, starts, axis=0)
            np.maximum.at(matches, owners, whole @ query.weights)
            near = (SENTENCE_SHARE * best + (1 - SENTENCE_SHARE) * whole[passage]) @ query.weights
            for run, (number, place) in enumerate(zip(sentence, passage, strict=True)):
                if number >= 0:
                    own = logits[owners[place]]
                    own[number] = max(own[number], self._sentence * near[run] + self._bias)
        return [TokenComparison(float(match), own) for match, own in zip(matches, logits, strict=True)]


def content_tokens(folder: Path) -> np.ndarray:
    """By token id of the tokenizer in `folder`, whether a token is a word or part of one, and no stop word."""
    from tokenizers import Tokenizer

    vocabulary = Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab()
    found = np.zeros(max(vocabulary.values()) + 1, dtype=bool)
    for token, number in vocabulary.items():
        found[number] = bool(re.search("[a-z0-9]", token)) and token not in STOPWORDS and token[0] != "["
    return found


def words_from_end(text: str, encoding: "Encoding") -> np.ndarray[tuple[int], np.dtype[np.uint16]]:
    """For each token of a text the word in which it stands, counted from the text's last word, which is 0."""
    words = np.array([match.start() for match in re.finditer(r"\S+", text)])
    starts = np.array([start for start, _ in encoding.offsets])
    return (len(words) - np.searchsorted(words, starts, "right")).astype(np.uint16)


def _runs(passages: Sequence[Passage]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where each run of tokens of one sentence begins, its sentence's number, and its passage's."""
    sentences = np.concatenate([p.sentences for p in passages])
    of = np.repeat(np.arange(len(passages)), [len(p.sentences) for p in passages])
    runs = np.flatnonzero(np.r_[True, (sentences[1:] != sentences[:-1]) | (of[1:] != of[:-1])])
    return runs, sentences[runs], of[runs]
