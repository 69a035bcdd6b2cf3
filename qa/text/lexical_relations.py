"""Which words mean the same and which the opposite: WordNet's common senses, and irregular forms."""

from functools import cache

from qa.text.wordlists import relations, wordlist
from qa.text.words import lemma

SHARED = 5
"""First letters that two words of one family share: `argument` and `argued`."""


@cache
def _groups() -> dict[str, frozenset[int]]:
    """Lemma -> the groups of synonyms that it stands in; verbs of saying are one group."""
    found: dict[str, set[int]] = {}
    for n, words in enumerate([tuple(wordlist("speech")), *relations("syn")]):
        for word in words:
            found.setdefault(lemma(word), set()).add(n)
    return {word: frozenset(groups) for word, groups in found.items()}


@cache
def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for one, other in relations("ant"):
        found.setdefault(lemma(one), set()).add(lemma(other))
        found.setdefault(lemma(other), set()).add(lemma(one))
    return {word: frozenset(others) for word, others in found.items()}


def alike(one: str, other: str) -> bool:
    """Whether two words can mean the same: one family, or synonyms in a common sense."""
    a, b = lemma(one), lemma(other)
    if a == b or (len(a) >= SHARED and a[:SHARED] == b[:SHARED] and not antonyms(one, other)):
        return True
    return bool(_groups().get(a, frozenset()) & _groups().get(b, frozenset()))


def antonyms(one: str, other: str) -> bool:
    """Whether two words mean the opposite of each other in a common sense."""
    return lemma(other) in _opposites().get(lemma(one), frozenset())
