"""Paragraphs that say the same in the same words: retransmitted cables, corrected copies, quoted series."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vectorstore.retrieval.evidence import Evidence

SHINGLE_WORDS = 6
"""Words of a shingle: a run of neighbouring words by which texts are compared."""
MIN_SHARED = 0.6
"""Share of the shorter text's shingles that the longer one must hold: retransmissions share nearly all,
related reports almost none."""

_POWERS = np.cumprod(np.full(SHINGLE_WORDS, 0x5851F42D4C957F2D, dtype=np.int64))


def folded(ranked: Sequence[Evidence], limit: int) -> list[Evidence]:
    """The first `limit`, with paragraphs that repeat an earlier one's words folded into it as `also`."""
    duplicates = _duplicates([evidence.text for evidence in ranked])
    kept: list[int] = []
    also: dict[int, list[str]] = {}
    for place, evidence in enumerate(ranked):
        if len(kept) == limit:
            break
        first = next((n for n in kept if duplicates[n, place]), None)
        if first is None:
            kept.append(place)
        else:
            also.setdefault(first, []).append(evidence.key)
    return [replace(ranked[n], also=(*ranked[n].also, *also[n])) if n in also else ranked[n] for n in kept]


def spread(ranked: Iterable[Evidence], limit: int) -> list[Evidence]:
    """All of the evidence, with at most `limit` paragraphs of a cable before those of the others."""
    counts: Counter[str] = Counter()
    first: list[Evidence] = []
    rest: list[Evidence] = []
    for evidence in ranked:
        counts[evidence.cable_id] += 1
        (first if counts[evidence.cable_id] <= limit else rest).append(evidence)
    return first + rest


def _duplicates(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Whether most of the shorter of each two texts stands word by word in the longer; shape (texts, texts)."""
    owners, shingles = _shingles(texts)
    counts = np.bincount(owners, minlength=len(texts))
    found, times = np.unique(shingles, return_counts=True)
    several = found[times > 1]  # few, since most texts share none
    repeated = np.isin(shingles, several)
    held = np.zeros((len(texts), len(several)), dtype=np.float32)
    held[owners[repeated], np.searchsorted(several, shingles[repeated])] = 1
    shared: NDArray[np.float32] = held @ held.T
    return shared > MIN_SHARED * np.minimum(counts[:, None], counts)


def _shingles(texts: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """The different shingles of each text, as (index of the text, a number for the shingle).

    The number is the sum of the words' hashes, each times a power of an odd number, modulo 2⁶⁴. A text that is
    shorter than a shingle is filled up with empty words.
    """
    words = [text.lower().split() for text in texts]
    filled = [own + [""] * (SHINGLE_WORDS - len(own)) for own in words]
    every = np.array([hash(word) for own in filled for word in own], dtype=np.int64)
    word_owners = np.repeat(np.arange(len(texts)), [len(own) for own in filled])
    count = max(0, len(every) - SHINGLE_WORDS + 1)
    numbers = np.zeros(count, dtype=np.int64)
    for n, power in enumerate(_POWERS):
        numbers += every[n : n + count] * power
    inside = word_owners[:count] == word_owners[len(every) - count :]
    owners, numbers = word_owners[:count][inside], numbers[inside]
    order = np.lexsort((numbers, owners))
    owners, numbers = owners[order], numbers[order]
    first = np.r_[True, (numbers[1:] != numbers[:-1]) | (owners[1:] != owners[:-1])][: len(numbers)]
    return owners[first], numbers[first]
