"""Whether names and figures of a sentence stand where their source has them, and not in another's place.

A name is held against the words around it: where the source has those words beside another name, in a
sentence that does not hold this one at all, the sentence has given them to the wrong one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cables.text import STOPWORDS, stem
from qa.naming import find_names, parts_of
from qa.numbers import numbers
from qa.wordlists import wordlist

AROUND = 3
"""Words of content on each side of a name that can speak for it."""

BESIDE = 60
"""Characters on each side of a name in which its title may stand."""
_RANKS = wordlist("ranks")
_SHORT = re.compile(
    r"\b(?:PM|FM|DFM|DPM|DefMin|ForMin|FonMin|FinMin|IntMin|VP|AG|SecDef|SecState|Amb|Gen|Col|Pres)\b"
)
"""Titles in short, which are taken for any."""

_WORD = re.compile(r"[A-Za-z][\w'’-]*|[.;:!?,()]")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A name or figure with the stems around it, nearest first; `first` of each side are those next to it."""

    kind: str
    keys: frozenset[str]
    printed: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@lru_cache(maxsize=4096)
def anchors(text: str, home: str | None) -> tuple[Anchor, ...]:
    """The names and figures of a sentence, each with the words around it."""
    found = [("name", name.start, name.end, name.keys, name.printed) for name in find_names(text, home)]
    found += [("figure", n.start, n.end, frozenset({str(n.value)}), n.printed) for n in numbers(text)]
    words = [
        (match.start(), match[0]) for match in _WORD.finditer(text)
        if not any(start <= match.start() < end for _, start, end, *_ in found)
    ]  # fmt: skip
    return tuple(
        Anchor(
            kind, keys, printed,
            _nearest([word for place, word in reversed(words) if place < start]),
            _nearest([word for place, word in words if place >= end]),
        )
        for kind, start, end, keys, printed in found
    )  # fmt: skip


def _nearest(words: Sequence[str]) -> tuple[str, ...]:
    near: list[str] = []
    for word in words:
        if not word[0].isalpha() or len(near) == AROUND:
            break
        if word.lower() not in STOPWORDS:
            near.append(stem(word.removesuffix("'s")))
    return tuple(near)


def misplaced(sentence: str, source: Sequence[str], home: str | None) -> str:
    """A name or figure that stands in another's place; empty where there is none."""
    read = [(frozenset(_stems(one)), anchors(one, home)) for one in source]
    for anchor in anchors(sentence, home):
        around = {*anchor.before, *anchor.after}
        holding = [stems for stems, held in read if any(other.keys & anchor.keys for other in held)]
        if not holding or any(around & stems for stems in holding):
            continue
        for stems, held in read:
            for other in held:
                if other.kind == anchor.kind and _same_place(anchor, other) and stems not in holding:
                    return anchor.printed
    return ""


def _same_place(one: Anchor, other: Anchor) -> bool:
    """Whether the words next to two anchors are the same, on the same side."""
    return bool(set(one.before[:1]) & set(other.before[:1]) or set(one.after[:1]) & set(other.after[:1]))


@lru_cache(maxsize=4096)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word.removesuffix("'s")) for word in _WORD.findall(text))


def mistitled(sentence: str, source: str, home: str | None) -> str:
    """A name under a title that its source gives to others alone; empty where there is none."""
    for name in find_names(sentence, home):
        titles = _RANKS & set(parts_of(name.printed)[:-1])
        last = parts_of(name.printed)[-1]
        if not titles or last in _RANKS:
            continue
        around = [
            set(parts_of(source[max(0, m.start() - BESIDE) : m.end() + BESIDE]))
            for m in re.finditer(re.escape(name.printed.split()[-1]), source)
        ]
        if around and not any(titles <= words or not _RANKS & words for words in around):
            return name.printed
        if around and not titles <= set(parts_of(source)) and not _SHORT.search(source):
            return name.printed
    return ""
