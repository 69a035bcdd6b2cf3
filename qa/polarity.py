"""Whether a sentence says yes where its source says no: negations, and words that are each other's opposite.

Every word of a text gets a sign: negators and verbs of refusal turn the words that follow them in their
clause. A sentence contradicts its source where a word, or an opposite of it, has the other sign there.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from qa.text import STOPWORDS, stem

REACH = 6
"""Words of content that a negator turns, at most, within its clause."""

_TOKEN = re.compile(r"n['’]t\b|[A-Za-z]+?(?=n['’]t\b)|[A-Za-z]+(?:['’][a-z]+)?|\d[\d,.]*\d|\d|[,;:.!?()\"“”]|--+|—")
_NEGATORS = frozenset("not n't never no nor neither cannot none nobody nothing nowhere hardly barely scarcely unlike".split())
_BREAKS = frozenset("but because although though while whereas which who since if when unless until however".split())
_CONTRASTS = re.compile(r"\b(rather than|instead of|far from|no longer|too \w+ to|not only|not just|not merely)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signed:
    """A word of content: its stem, and whether it is negated."""

    stem: str
    negated: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """The signed words of a text, and its axes: opposites' names with the poles on which the text stands."""

    words: tuple[Signed, ...]
    poles: frozenset[tuple[str, bool]]
    negators: tuple[tuple[Signed, ...], ...]
    """For each explicit negator the words that it turns, nearest first."""
    negative: bool
    """Whether anything in it denies."""


@cache
def _axes() -> dict[str, tuple[tuple[str, bool, bool], ...]]:
    """Stem -> (axis, pole, whether it negates what follows)."""
    found: dict[str, tuple[tuple[str, bool, bool], ...]] = {}
    lines = (Path(__file__).parent / "opposites.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith(("#", "axis\t")):
            continue
        axis, plus, minus = line.split("\t")
        for words, pole in ((plus, True), (minus, False)):
            for word in words.split("|"):
                entry = (axis, pole, word.endswith("!"))
                found[stem(word.rstrip("!"))] = (*found.get(stem(word.rstrip("!")), ()), entry)
    return found


@dataclass(slots=True)
class _Scope:
    """What a negator still turns; `turned` collects words for explicit negators alone."""

    turned: list[Signed] | None
    left: int = REACH


@lru_cache(maxsize=4096)
def read(text: str) -> Reading:
    """The signs of a text's words."""
    words: list[Signed] = []
    poles: set[tuple[str, bool]] = set()
    negators: list[list[Signed]] = []
    scopes: list[_Scope] = []
    negative = False
    for match in _TOKEN.finditer(_CONTRASTS.sub(_plain_contrast, text)):
        token = match[0].lower().replace("’", "'")
        if token in _BREAKS or token in ",;:.!?)" or token.startswith(("--", "—")):
            scopes = []
        elif token in _NEGATORS:
            negators.append([])
            scopes.append(_Scope(negators[-1]))
            negative = True
        elif token[0].isalnum():
            axes = _axes().get(stem(token), ())
            word = Signed(stem(token), len(scopes) % 2 == 1)
            poles |= {(axis, pole != word.negated) for axis, pole, _ in axes}
            if token not in STOPWORDS:
                words.append(word)
                scopes = _spent(scopes, word)
            if any(turns for *_, turns in axes):
                scopes.append(_Scope(None))
                negative = True
    return Reading(tuple(words), frozenset(poles), tuple(map(tuple, negators)), negative)


def _spent(scopes: list[_Scope], word: Signed) -> list[_Scope]:
    """The scopes that reach past a word of content."""
    for scope in scopes:
        scope.left -= 1
        if scope.turned is not None:
            scope.turned.append(word)
    return [scope for scope in scopes if scope.left]


def _plain_contrast(match: re.Match[str]) -> str:
    words = match[0].lower()
    if words in ("rather than", "instead of", "far from", "no longer"):
        return "not"
    if words.startswith("too"):
        return f"{words.split()[1]} not"
    return ""  # "not only X": X is affirmed


def contradicts(sentence: str, near: str, text: str) -> str:
    """The words on which a sentence says the opposite of its source; empty where it does not.

    `near` are the source's sentences that the claim rests on, `text` is all that is cited.
    """
    said, source, whole = read(sentence), read(near), read(text)
    poles = {axis for axis, pole in said.poles if (axis, not pole) in source.poles and (axis, pole) not in source.poles}
    poles -= {axis for axis in poles if (axis, True) in said.poles and (axis, False) in said.poles}
    if poles:
        return ", ".join(sorted(poles))
    signs: dict[str, set[bool]] = {}
    for word in source.words:
        signs.setdefault(word.stem, set()).add(word.negated)
    shared = [word for word in said.words if word.stem in signs]
    turned = [word.stem for word in shared if word.negated not in signs[word.stem]]
    if turned:
        return ", ".join(turned)
    if any(said.negators) and not whole.negative:
        return "not"
    return ""
