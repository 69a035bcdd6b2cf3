"""Paragraphs that say the same in the same words: retransmitted cables, corrected copies, quoted series."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from vectorstore.evidence import Evidence

WORDS = 6
SHARE = 0.6
"""Shared six-word runs of the shorter text: retransmissions share nearly all, related reports almost none."""

MANY = 40
"""Runs from which on a quarter of them is enough to look for twins by."""


def same_text(one: str, other: str) -> bool:
    """Whether the shorter of two texts stands, for the most part word by word, in the longer."""
    first, second = _runs(one), _runs(other)
    if len(first) > len(second):
        first, second = second, first
    return len(first & second) > SHARE * len(first)


def folded(ranked: Iterable[Evidence], limit: int) -> list[Evidence]:
    """The first `limit`, with paragraphs that repeat an earlier one's words folded into it as `also`."""
    kept: list[Evidence] = []
    holders: dict[int, list[int]] = {}
    for evidence in ranked:
        if len(kept) == limit:
            break
        marks = _marks(evidence.text)
        shared = {holder for mark in marks for holder in holders.get(mark, ())}
        twin = next((n for n in sorted(shared) if same_text(kept[n].text, evidence.text)), None)
        if twin is not None:
            kept[twin] = replace(kept[twin], also=(*kept[twin].also, evidence.key))
            continue
        for mark in marks:
            holders.setdefault(mark, []).append(len(kept))
        kept.append(evidence)
    return kept


def _marks(text: str) -> frozenset[int]:
    """The quarter of a text's runs by which texts that share most of theirs are sure to meet; of a short one all."""
    runs = _runs(text)
    return runs if len(runs) < MANY else frozenset(run for run in runs if run % 4 == 0)


@lru_cache(maxsize=2048)
def _runs(text: str) -> frozenset[int]:
    words = text.lower().split()
    if len(words) < WORDS:
        return frozenset({hash(tuple(words))})
    return frozenset(hash(tuple(words[n : n + WORDS])) for n in range(len(words) - WORDS + 1))
