"""Paragraphs that say the same in the same words: retransmitted cables, corrected copies, quoted series."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vectorstore.retrieval.evidence import Evidence

WORDS = 6
SHARE = 0.6
"""Shared six-word runs of the shorter text: retransmissions share nearly all, related reports almost none."""

_POWERS = np.cumprod(np.full(WORDS, 0x5851F42D4C957F2D, dtype=np.int64))


def folded(ranked: Iterable[Evidence], limit: int) -> list[Evidence]:
    """The first `limit`, with paragraphs that repeat an earlier one's words folded into it as `also`."""
    ranked = list(ranked)
    alike = _alike([evidence.text for evidence in ranked])
    kept: list[int] = []
    also: dict[int, list[str]] = {}
    for place, evidence in enumerate(ranked):
        if len(kept) == limit:
            break
        twin = next((n for n in kept if alike[n, place]), None)
        if twin is None:
            kept.append(place)
        else:
            also.setdefault(twin, []).append(evidence.key)
    return [replace(ranked[n], also=(*ranked[n].also, *also[n])) if n in also else ranked[n] for n in kept]


def _alike(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Whether the shorter of each two texts stands, for the most part word by word, in the longer; (texts, texts)."""
    owners, runs = _runs(texts)
    counts = np.bincount(owners, minlength=len(texts))
    found, times = np.unique(runs, return_counts=True)
    several = found[times > 1]  # few, since most texts share none
    repeated = np.isin(runs, several)
    held = np.zeros((len(texts), len(several)), dtype=np.float32)
    held[owners[repeated], np.searchsorted(several, runs[repeated])] = 1
    shared: NDArray[np.float32] = held @ held.T
    return shared > SHARE * np.minimum(counts[:, None], counts)


def _runs(texts: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """The different runs of six words of each text, as (number of the text, a number for the run).

    A run's number is made of its words' hashes, each times a power of an odd number, modulo 2⁶⁴. Of a text that
    is shorter, its end is filled up.
    """
    words = [text.lower().split() for text in texts]
    filled = [own + [""] * (WORDS - len(own)) for own in words]
    lengths = [len(own) for own in filled]
    every = np.array([hash(word) for own in filled for word in own], dtype=np.int64)
    owners = np.repeat(np.arange(len(texts)), lengths)
    count = max(0, len(every) - WORDS + 1)
    runs = np.zeros(count, dtype=np.int64)
    for n, power in enumerate(_POWERS):
        runs += every[n : n + count] * power
    whole = owners[:count] == owners[len(every) - count :]
    order = np.lexsort((runs[whole], owners[:count][whole]))
    owners, runs = owners[:count][whole][order], runs[whole][order]
    first = np.r_[True, (runs[1:] != runs[:-1]) | (owners[1:] != owners[:-1])][: len(runs)]
    return owners[first], runs[first]
