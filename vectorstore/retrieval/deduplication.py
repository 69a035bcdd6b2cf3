"""Paragraphs that say the same in the same words: retransmitted cables, corrected copies, quoted series."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from vectorstore.retrieval.evidence import Evidence

SHINGLE_WORDS = 6
"""Words of a shingle: a run of neighbouring words by which texts are compared."""
MIN_SHARED = 0.6
"""Share of the shorter text's shingles that the longer one must hold: retransmissions share nearly all,
related reports almost none."""
Shingle = tuple[str, ...]


def folded(ranked: Sequence[Evidence], limit: int) -> list[Evidence]:
    """The first `limit`, with paragraphs that repeat an earlier one's words folded into it as `also`."""
    kept: list[tuple[Evidence, set[Shingle]]] = []
    also: dict[str, list[str]] = {}
    for evidence in ranked:
        if len(kept) == limit:
            break
        own = shingles(evidence.text)
        first = next((earlier.key for earlier, held in kept if _repeat_each_other(held, own)), None)
        if first is None:
            kept.append((evidence, own))
        else:
            also.setdefault(first, []).append(evidence.key)
    return [
        replace(evidence, also=(*evidence.also, *also[evidence.key])) if evidence.key in also else evidence
        for evidence, _ in kept
    ]


def shingles(text: str) -> set[Shingle]:
    """The different runs of SHINGLE_WORDS words; a shorter text is filled up with empty words."""
    words = text.lower().split()
    words += [""] * (SHINGLE_WORDS - len(words))
    return set(zip(*(words[n:] for n in range(SHINGLE_WORDS)), strict=False))


def _repeat_each_other(one: set[Shingle], other: set[Shingle]) -> bool:
    """Whether most of the shorter text stands word by word in the longer."""
    return len(one & other) > MIN_SHARED * min(len(one), len(other))


def spread(ranked: Iterable[Evidence], limit: int) -> list[Evidence]:
    """All of the evidence, with at most `limit` paragraphs of a cable before those of the others."""
    counts: Counter[str] = Counter()
    first: list[Evidence] = []
    rest: list[Evidence] = []
    for evidence in ranked:
        counts[evidence.cable_id] += 1
        (first if counts[evidence.cable_id] <= limit else rest).append(evidence)
    return first + rest
