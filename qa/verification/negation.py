"""Whether a sentence says yes where its source says no: negations, and words that are each other's opposite.

Both texts are read clause by clause. A clause of the sentence is held against the clause of the source that
shares most of its words: where one of them denies and the other does not, or where a word stands in one and
its opposite in the other, the sentence contradicts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from cables.text import STOPWORDS, stem
from qa.text.wordlists import common_words, opposites_table, wordlist

_TOKEN = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*|\d[\d,.]*\d|\d|[,;:.!?()]|(?<=\s)-(?=\s)|--+|—")
_JOINED = re.compile(r"n['’]t\b|(?<=\b[Cc]an)not\b")
NEGATORS = wordlist("negators")
_CLAUSES = wordlist("clauses")
_CONTRASTS = {"rather than": "instead", "instead of": "instead", "far from": "instead", "not only": "",
              "not just": "", "not merely": "", "not until": "until", "no later than": "by",
              "not least": ""}  # fmt: skip
_CONTRAST = re.compile(r"\b(?:" + "|".join(_CONTRASTS) + r")\b", re.IGNORECASE)
_PREFIXED = re.compile(r"^(?:un|in|im|ir|il|dis|non|mis)-?(?P<rest>[a-z]{4,})$|^(?P<stem>[a-z]{3,})less$")
_SPEECH = wordlist("speech")
"""Who says something is a clause of its own."""
_BELIEF = frozenset(stem(word) for word in wordlist("belief"))
_LOOSE_AXES = wordlist("loose_axes")
"""Axes whose words stand too often in one matter to be held against one another from afar."""
_LOOSE = wordlist("loose")


HEADS = 2
"""Words of content right after a negator that it is sure to turn."""
ALIKE = 0.5
"""Share of the shorter clause's words that two clauses need in common to say the same."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause's stems in order, its negators, and whether anything else in it denies."""

    stems: tuple[str, ...]
    heads: frozenset[str]
    """The first words that its negators turn, HEADS of each."""
    turned: frozenset[str]
    """All words after a negator or another word that denies."""
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
    for axis, plus, minus in opposites_table():
        for words, pole in ((plus, True), (minus, False)):
            for word in words.split("|"):
                entry = (axis, pole, word.endswith("!"))
                found[stem(word.rstrip("!"))] = (*found.get(stem(word.rstrip("!")), ()), entry)
    return found


def opposites(one: str, other: str) -> bool:
    """Whether two stems stand on opposite sides of one matter, or differ by a prefix that denies."""
    mine, theirs = _poles().get(one, ()), _poles().get(other, ())
    if any(a == b and pole != turned for a, pole, _ in mine for b, turned, _ in theirs):
        return True
    return any(_bare(a) == b for a, b in ((one, other), (other, one)))


def _bare(word: str) -> str:
    """The stem of what a word with a denying prefix or ending denies: `unlawful` -> `law`; else empty."""
    prefixed = _PREFIXED.match(word)
    rest = stem(prefixed["rest"] or prefixed["stem"]) if prefixed else ""
    return rest if rest in common_words() else ""


@dataclass(slots=True)
class _Draft:
    """A clause that is being read."""

    stems: list[str] = field(default_factory=list)
    heads: set[str] = field(default_factory=set)
    turned: set[str] = field(default_factory=set)
    negators: int = 0
    turns: int = 0
    loose: bool = False
    due: int = 0
    """Words that still count as heads of the last negator."""

    def opens_belief(self) -> bool:
        """Whether what follows is doubted: "no reason to think, ...", "little chance that, ..."."""
        return (self.negators > 0 or self.turns > 0 or self.loose) and bool(_BELIEF & set(self.stems))

    def deny(self, token: str) -> None:
        """Take a negator; "neither A nor B" denies once."""
        self.negators += token != "nor" or not self.negators
        self.due = HEADS

    def take(self, token: str, *, capital: bool) -> None:
        """Take a word; a name is no head, since nothing is not a name."""
        own = stem(token)
        if token not in STOPWORDS:
            self.stems.append(own)
            if self.due:
                self.heads |= set() if capital else {own}
                self.due -= 1
            if self.negators or self.turns:
                self.turned.add(own)
        self.loose = self.loose or token in _LOOSE
        self.turns += any(denies for *_, denies in _poles().get(own, ())) or _bare(token) != ""

    def finished(self) -> Clause:
        """The clause as it was read."""
        return Clause(
            tuple(self.stems),
            frozenset(self.heads),
            frozenset(self.turned),
            self.negators,
            self.turns,
            self.loose,
        )


@lru_cache(maxsize=4096)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a text; who says something is one of its own."""
    found: list[Clause] = []
    draft = _Draft()
    plain = _CONTRAST.sub(lambda m: _CONTRASTS[m[0].lower()], _JOINED.sub(" not", text))
    for match in _TOKEN.finditer(plain):
        token = match[0].lower().replace("’", "'")
        if token in NEGATORS:
            draft.deny(token)
        elif token == "or" and draft.negators:
            continue  # "not A or B" denies both
        elif not token[0].isalnum() or token in _CLAUSES or (token in _SPEECH and draft.stems):
            if draft.stems or draft.negators:
                found.append(draft.finished())
                draft = _Draft(loose=draft.opens_belief())
            draft.loose = draft.loose or token in _LOOSE
        else:
            draft.take(token, capital=match[0][0].isupper())
    if draft.stems or draft.negators:
        found.append(draft.finished())
    return tuple(found)


def contradicts(sentence: str, near: str, text: str) -> str:
    """What a sentence says otherwise than its source, in a word for the reader; empty where nothing.

    `near` are the source's sentences that the claim rests on, `text` is all that is cited.
    """
    said, close, whole = clauses(sentence), clauses(near), clauses(text)
    return (
        _turned(said, close, whole)
        or _denied(said, close, whole)
        or _affirmed(said, close)
        or _opposed(said, close, whole)
    )


def _turned(said: Sequence[Clause], near: Sequence[Clause], whole: Sequence[Clause]) -> str:
    """A word right after a "not" here, which is never denied there; or the other way round."""
    turned_there = {own for clause in whole for own in clause.turned}
    affirming = [clause for clause in near if not clause.loose and not clause.negators]
    plain_there = {own for clause in affirming for own in set(clause.stems) - clause.turned}
    for clause in said:
        if first := sorted(clause.heads & plain_there - turned_there):
            return f"not {first[0]}"
    heads_there = {own for clause in near for own in clause.heads}
    plain_near = {own for clause in whole for own in set(clause.stems) - clause.turned}
    turned_here = {own for clause in said for own in clause.turned}
    for clause in said:
        first = sorted(set(clause.stems) & heads_there - plain_near - turned_here)
        if first and not clause.denies and not clause.loose:
            return f"{first[0]} without not"
    return ""


def _denied(said: Sequence[Clause], near: Sequence[Clause], whole: Sequence[Clause]) -> str:
    """A clause with a negator whose counterparts deny nothing, or deny once more."""
    for clause in said:
        if not clause.negators:
            continue
        best = _counterparts(clause, near, whole)
        if not any(other.denies or other.loose for other in best):
            return "not"
        alike = [other for other in best if _alike(clause, other)]
        if alike and not clause.loose and all(_denied_again(clause, other) for other in alike):
            return "not"
    return ""


def _denied_again(one: Clause, other: Clause) -> bool:
    """Whether two clauses that say the same differ by one "not"."""
    return not other.loose and one.turns == other.turns and (one.negators - other.negators) % 2 == 1


def _alike(one: Clause, other: Clause) -> bool:
    """Whether two clauses say the same but perhaps for a negation."""
    shared = len(set(one.stems) & set(other.stems))
    return shared >= 2 and shared >= ALIKE * min(len(set(one.stems)), len(set(other.stems)))


def _affirmed(said: Sequence[Clause], near: Sequence[Clause]) -> str:
    """A clause that the source has with a negator, and the sentence without."""
    for clause in said:
        if clause.denies or clause.loose:
            continue
        own = set(clause.stems)
        best = [other for other in _counterparts(clause, (), near) if _alike(clause, other)]
        if best and all(other.negators % 2 and not other.loose and own & other.turned for other in best):
            return "without not"
    return ""


def _counterparts(clause: Clause, near: Sequence[Clause], whole: Sequence[Clause]) -> Sequence[Clause]:
    """The clauses that share most words with this one; all near ones where hardly any is shared."""
    own = set(clause.stems)
    shared = [len(own & set(other.stems)) for other in whole]
    most = max(shared, default=0)
    if most < min(2, len(own)):
        return near
    return [other for other, count in zip(whole, shared, strict=True) if count >= max(1, most - 1)]


def _opposed(said: Sequence[Clause], near: Sequence[Clause], whole: Sequence[Clause]) -> str:
    """A word whose opposite stands in its place in the source."""
    for clause in said:
        for own in clause.stems:
            if own not in _poles():
                continue
            others = _counterparts(clause, near, whole)
            held = {stem for other in others for stem in other.stems}
            against = [other for other in others if any(opposites(own, theirs) for theirs in other.stems)]
            if own in held or not against or any(opposites(own, mine) for mine in clause.stems):
                continue
            if all((other.negators % 2) == (clause.negators % 2) for other in against):
                return own
    return _swapped(said, near, whole)


def _swapped(said: Sequence[Clause], near: Sequence[Clause], whole: Sequence[Clause]) -> str:
    """A word that stands nowhere in the source, where the claim's own sentences have only its opposite."""
    held = {own for clause in whole for own in clause.stems}
    for clause in said:
        for own in set(clause.stems) - held:
            for axis, pole, _ in _poles().get(own, ()):
                sides = {(side, other.negators % 2) for other in near for theirs in other.stems
                         for name, side, _ in _poles().get(theirs, ()) if name == axis}  # fmt: skip
                if axis not in _LOOSE_AXES and sides and sides <= {(not pole, clause.negators % 2)}:
                    return own
    return ""
