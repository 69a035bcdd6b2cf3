"""The interface of what runs a model, and what its implementations share."""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from vectorstore.interfaces import Vectors

if TYPE_CHECKING:
    from tokenizers import Encoding

Advance = Callable[[int], None]
"""Called for each n texts that are done."""

MIN_PRECISION_COSINE = 0.999
"""Cosine to float32 that each of PRECISION_TEXTS must reach before a shorter number format is used."""
PRECISION_TEXTS = (
    "Why did the ministry refuse?",
    "The minister said on 3 April that $2.5 million would be paid; the union wants twice as much.",
    "SUMMARY: Talks on fishing rights ended without result. The two sides will meet again in autumn. " * 4,
    "He did not rule out a visit, and he did not announce one either: everything, he said, was open. " * 9,
)
"""Texts of different lengths in which two number formats are compared."""


class Projection(Protocol):
    """What is kept of a passage's tokens, beside its vector."""

    @property
    def layers(self) -> tuple[int, ...]:
        """Layers whose states are taken, one behind the other."""

    @property
    def projection(self) -> np.ndarray:
        """Shape (numbers kept, layers × width)."""

    def packed(self, text: str, encoding: "Encoding", vectors: np.ndarray) -> bytes:
        """What is kept of a text whose tokens have these unit vectors, shape (tokens, numbers kept)."""


class Backend(Protocol):
    """What runs the model: texts in any order to unit vectors in the same order."""

    dimension: int
    precision: str
    """The number format, in words for docs and benches."""

    def encode(self, texts: Sequence[str], advance: Advance) -> Vectors:
        """Unit vectors of `texts`, shape (len(texts), dimension); `advance(n)` is called for each n done."""

    def encode_with_tokens(self, texts: Sequence[str], advance: Advance) -> tuple[Vectors, list[bytes]]:
        """The same with each text's packed token vectors; only a backend that was given a projection has them."""


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def agree(one: Vectors, other: Vectors) -> bool:
    """Whether unit vectors are so near to each other that retrieval is the same with both."""
    return bool(np.all(np.sum(one * other, axis=1) >= MIN_PRECISION_COSINE))


def padded(tokens: Sequence[Sequence[int]]) -> list[np.ndarray]:
    """Token ids and attention mask, both of shape (texts, longest)."""
    shape = len(tokens), max(map(len, tokens))
    ids, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for row, own in enumerate(tokens):
        ids[row, : len(own)] = own
        mask[row, : len(own)] = 1
    return [ids, mask]
