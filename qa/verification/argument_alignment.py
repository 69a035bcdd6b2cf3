"""Whether names and figures of a sentence stand where their source has them, and not in another's place.

A name is held against the words around it: where the source has those words beside another name, in a
sentence that does not hold this one at all, the sentence has given them to the wrong one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cables.text import STOPWORDS, stem
from qa.text.names import find_names, parts_of
from qa.text.quantities import numbers
from qa.text.wordlists import ordered, wordlist

AROUND = 3
"""Words of content on each side of a name that can speak for it."""

BESIDE = 60
"""Characters on each side of a name in which its title may stand."""
_RANKS = wordlist("ranks")
_UNDER = frozenset({"assistant", "deputy", "vice"})
"""Words that make another title of one: they may not be left out."""
_SHORT = dict(pair.split("=") for pair in ordered("short_titles"))
_LEADING = re.compile(r"(?:(?:[A-Z][\w'’/-]*|[A-Z][a-z]{0,4}\.|of|for|the|de|al|bin|to)\s+)+$")
_TRAILING = re.compile(r"\s*[,(][^,;.()]+")

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
    mine = anchors(sentence, home)
    for anchor in mine:
        if set(anchor.printed.lower()) == {"x"}:
            continue  # struck out by who published it: it may be anybody
        if any(_exchanged(anchor, other, mine, held) for _, held in read for other in held):
            return anchor.printed
        around = {*anchor.before, *anchor.after}
        holding = [stems for stems, held in read if any(other.keys & anchor.keys for other in held)]
        if not holding or any(around & stems for stems in holding):
            continue
        for stems, held in read:
            for other in held:
                if other.kind == anchor.kind and _same_place(anchor, other) and stems not in holding:
                    return anchor.printed
    return ""


def _exchanged(anchor: Anchor, other: Anchor, mine: Sequence[Anchor], held: Sequence[Anchor]) -> bool:
    """Whether a name stands in the place of another one, which stands in this one's: both changed round."""
    if anchor.keys & other.keys or not _same_place(anchor, other):
        return False
    own = [one for one in held if one.keys & anchor.keys]
    others = [one for one in mine if one.keys & other.keys]
    return (
        bool(own)
        and not any(_same_place(anchor, one) for one in own)
        and not any(_same_place(one, same) for one in others for same in held if same.keys & one.keys)
        and any(_same_place(one, place) for one in others for place in own)
    )


def _same_place(one: Anchor, other: Anchor) -> bool:
    """Whether the words next to two anchors are the same, on the same side."""
    return bool(set(one.before[:1]) & set(other.before[:1]) or set(one.after[:1]) & set(other.after[:1]))


@lru_cache(maxsize=4096)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word.removesuffix("'s")) for word in _WORD.findall(text))


def mistitled(sentence: str, source: str, home: str | None) -> str:
    """A name under a title that its source gives to others alone; empty where there is none."""
    for name in find_names(sentence, home):
        last = name.printed.split()[-1]
        titles = _titles(name.printed)
        if not titles or _titles(last):
            continue
        places = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(last)}(?!\w)", source)]
        given = [
            (own, own | _titles_after(source[end:]))
            for start, end in places
            if (own := _titles_before(source[:start]))
        ]
        around = [_titles(source[max(0, start - BESIDE) : end + BESIDE]) for start, end in places]
        if given and not any(titles <= all_of and own & _UNDER <= titles for own, all_of in given):
            return name.printed
        if (
            places
            and not given
            and (all(near and not titles <= near for near in around) or not titles <= _titles(source))
        ):
            return name.printed
    return ""


def _titles(text: str) -> frozenset[str]:
    """The words of titles in a text, those in short ("PM") spelled out."""
    parts = [part for word in parts_of(text) for part in _SHORT.get(word, word).split("_")]
    return frozenset(parts) & _RANKS


def _titles_before(text: str) -> frozenset[str]:
    """The titles that lead up to a name at the end of a text: "Vice Minister He" up to "Yafei"."""
    match = _LEADING.search(text[-BESIDE:])
    return _titles(match[0]) if match else frozenset()


def _titles_after(text: str) -> frozenset[str]:
    """The titles that are put behind a name at the start of a text: ", the Foreign Minister," or in brackets."""
    match = _TRAILING.match(text)
    return _titles(match[0]) if match else frozenset()
