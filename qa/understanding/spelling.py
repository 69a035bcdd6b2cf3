"""Misspelt words of a question, put right by the archive's own words."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from cables.glossary.name_words import sound
from cables.glossary.spellings import spellings
from cables.text import STOPWORDS, stem
from qa.text.wordlists import common_words

MIN_CHARS = 5
"""Letters that a word needs to be put right: shorter ones are near too many others."""
MAX_EDITS = 3
_WORD_RE = re.compile(r"(?<![\w'’-])[^\W\d_]{5,40}(?=(?:['’]s)?(?![\w'’-]))")

Counted = tuple[str, int]


class Speller:
    """Knows the words of an archive by how they sound.

    `words` gives every word with the number of paragraphs that hold it, when it is first needed; `knows` tells
    whether the reader may see a paragraph with a word.
    """

    def __init__(self, words: Callable[[], Iterable[Counted]], knows: Callable[[str], bool]) -> None:
        self._words = words
        self._knows = knows
        self._by_sound: dict[str, list[Counted]] | None = None

    def corrections(self, text: str) -> tuple[tuple[str, str], ...]:
        """The misspelt words of a text, each with what is meant."""
        better = {word: self._better(word) for word in _WORD_RE.findall(text)}
        return tuple((w, b.capitalize() if w[0].isupper() else b) for w, b in better.items() if b)

    def _better(self, word: str) -> str:
        """The archive's word that is meant; empty where the archive has the word, or none is near."""
        lower = word.lower()
        if (
            lower in STOPWORDS
            or word.isupper()
            or self._knows(lower)
            or spellings(word)
            or stem(lower) in common_words()
        ):
            return ""
        near = self._sounding()
        found = {one for key in _near_keys(sound(lower)) for one in near.get(key, ())}
        edits = {one: distance(lower, one[0]) for one in found}
        limit = 1 if len(lower) < 6 else 2 if len(lower) < 9 else MAX_EDITS
        if word[0].isupper():  # a name that the archive lacks is near many words
            limit = max(1, limit - 1)
        best = sorted((n, -count, other) for (other, count), n in edits.items() if n <= limit)
        return next((other for _, _, other in best if self._knows(other)), "")

    def _sounding(self) -> dict[str, list[Counted]]:
        if self._by_sound is None:
            found = defaultdict(list)
            for word, count in self._words():
                if len(word) >= MIN_CHARS - 1 and word.isalpha():
                    found[sound(word)].append((word, count))
            self._by_sound = dict(found)
        return self._by_sound


def _near_keys(key: str) -> set[str]:
    """The sound itself, and what it is without one of its letters."""
    return {key, *(key[:n] + key[n + 1 :] for n in range(len(key)) if len(key) > 3)}


def distance(one: str, other: str) -> int:
    """Letters to put in, take out, change or swap to make one word the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
