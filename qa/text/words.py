"""Words of a text with their places and base forms."""

import re
from functools import cache
from typing import NamedTuple

from cables.text import cached_by_text, stem
from qa.text.wordlists import pairs

_WORD_RE = re.compile(r"[^\W\d_](?:[\w-]|['’](?=\w))*|\d[\d.,]*\d|\d")


class Word(NamedTuple):
    """A word or a number as printed, its place, and the stem of its base form."""

    printed: str
    start: int
    end: int
    lemma: str


@cache
def _irregular() -> dict[str, str]:
    return pairs("irregular")


@cached_by_text(65536, max_chars=100)
def lemma(word: str) -> str:
    """The stem of a word's base form: `bought` and `buys` share one."""
    plain = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    return stem(_irregular().get(plain, plain))


def find_words(text: str) -> tuple[Word, ...]:
    """The words of a text in order."""
    return tuple(Word(m[0], m.start(), m.end(), lemma(m[0])) for m in _WORD_RE.finditer(text))
