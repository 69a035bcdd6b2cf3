"""Whether a sentence says yes where its source says no: negations, and words that are each other's opposite.

Both texts are read clause by clause. A clause of the sentence is held against the clause of the source that
shares most of its words: where one of them denies and the other does not, or where a word stands in one and
its opposite in the other, the sentence contradicts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from cables.text import STOPWORDS, stem

_TOKEN = re.compile(r"n['’]t\b|[A-Za-z]+?(?=n['’]t\b)|[A-Za-z]+(?:['’-][A-Za-z]+)*|\d[\d,.]*\d|\d|[,;:.!?()]|--+|—")
_NEGATORS = frozenset("not n't never no nor neither cannot none nobody nothing nowhere hardly barely scarcely".split())
_CLAUSES = frozenset("but because although though while whereas which who whom that since if when unless until and or".split())
_CONTRASTS = {"rather than": "not", "instead of": "not", "far from": "not", "no longer": "not", "not only": "",
              "not just": "", "not merely": "", "not until": "until", "no later than": "by", "not least": ""}  # fmt: skip
_CONTRAST = re.compile(r"\b(?:" + "|".join(_CONTRASTS) + r")\b", re.IGNORECASE)
_PREFIXED = re.compile(r"^(?:un|in|im|ir|il|dis|non|mis)-?(?P<rest>[a-z]{4,})$|^(?P<stem>[a-z]{3,})less$")
_LOOSE = frozenset("only just merely unless until without too little few against instead despite unlike except except".split())


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause's stems in order, its negators, and whether anything else in it denies."""

    stems: tuple[str, ...]
    negators: int
    turns: int
    """Verbs of refusal and failure, adjectives with un-: words that deny without a negator."""
    loose: bool
    """A word such as "only" or "until", which may stand for a negation."""

    @property
    def denies(self) -> bool:
        """Whether the clause denies something, in one way or another."""
        return bool(self.negators or self.turns)


@cache
def _poles() -> dict[str, tuple[tuple[str, bool, bool], ...]]:
    """Stem -> (axis, pole, whether it denies)."""
    found: dict[str, tuple[tuple[str, bool, bool], ...]] = {}
    for line in (Path(__file__).parent / "opposites.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith(("#", "axis\t")):
            continue
        axis, plus, minus = line.split("\t")
        for words, pole in ((plus, True), (minus, False)):
            for word in words.split("|"):
                entry = (axis, pole, word.endswith("!"))
                found[stem(word.rstrip("!"))] = (*found.get(stem(word.rstrip("!")), ()), entry)
    return found


@lru_cache(maxsize=4096)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a text."""
    found: list[Clause] = []
    stems: list[str] = []
    negators = turns = 0
    loose = False
    for match in _TOKEN.finditer(_CONTRAST.sub(lambda m: _CONTRASTS[m[0].lower()], text)):
        token = match[0].lower().replace("’", "'")
        if not (token[0].isalnum() or token == "n't") or token in _CLAUSES:
            if stems:
                found.append(Clause(tuple(stems), negators, turns, loose))
                stems, negators, turns, loose = [], 0, 0, False
            loose = loose or token in ("unless", "until", "but")
        elif token in _NEGATORS:
            negators += 1
        else:
            loose = loose or token in _LOOSE
            own = stem(token)
            turns += any(denies for *_, denies in _poles().get(own, ())) or _PREFIXED.match(token) is not None
            if token not in STOPWORDS:
                stems.append(own)
    if stems or negators:
        found.append(Clause(tuple(stems), negators, turns, loose))
    return tuple(found)


def contradicts(sentence: str, near: str) -> str:
    """What a sentence says otherwise than its source, in a word for the reader; empty where nothing."""
    said, source = clauses(sentence), clauses(near)
    return _denied(said, source) or _denied(source, said) or _opposed(said, source)


def _denied(said: Sequence[Clause], source: Sequence[Clause]) -> str:
    """A clause with a negator whose counterpart denies nothing."""
    for clause in said:
        if not clause.negators:
            continue
        best = _counterparts(clause, source)
        if best and not any(other.denies or other.loose for other in best):
            return "not"
        if not best and not any(other.denies or other.loose for other in source):
            return "not"
    return ""


def _counterparts(clause: Clause, others: Sequence[Clause]) -> list[Clause]:
    """The clauses that share most words with this one; none where none shares two, or half."""
    own = set(clause.stems)
    shared = [len(own & set(other.stems)) for other in others]
    most = max(shared, default=0)
    if most < 1 or most < min(2, len(own)):
        return []
    return [other for other, count in zip(others, shared, strict=True) if count == most]


def _opposed(said: Sequence[Clause], source: Sequence[Clause]) -> str:
    """A word whose opposite stands in its place in the source."""
    held = {own for clause in source for own in clause.stems}
    poles_held = {(axis, pole != bool(clause.negators % 2)) for clause in source for own in clause.stems
                  for axis, pole, _ in _poles().get(own, ())}  # fmt: skip
    for clause in said:
        for own in clause.stems:
            if own in held:
                continue
            for axis, pole, _ in _poles().get(own, ()):
                effective = pole != bool(clause.negators % 2)
                if (axis, not effective) in poles_held and (axis, effective) not in poles_held:
                    return own
    return ""
