"""Paragraphs that say the same in the same words: retransmitted cables, corrected copies, quoted series."""

from functools import lru_cache

WORDS = 6
SHARE = 0.6
"""Shared six-word runs of the shorter text: retransmissions share nearly all, related reports almost none."""


def same_text(one: str, other: str) -> bool:
    """Whether the shorter of two texts stands, for the most part word by word, in the longer."""
    first, second = _runs(one), _runs(other)
    if len(first) > len(second):
        first, second = second, first
    if not first:
        return one.split() == other.split()
    return len(first & second) > SHARE * len(first)


@lru_cache(maxsize=2048)
def _runs(text: str) -> frozenset[int]:
    words = text.lower().split()
    return frozenset(hash(tuple(words[n : n + WORDS])) for n in range(len(words) - WORDS + 1))
