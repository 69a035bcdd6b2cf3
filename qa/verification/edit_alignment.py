"""Where a sentence keeps its source's words, the few that it changed: a "not" put in, a name replaced.

Words before and after hold a change in its place, so that it can be judged without understanding the rest.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from cables.text import STOPWORDS, sentences
from qa.text.lexical_relations import alike, antonyms
from qa.text.names import TITLES, find_names, narrows, parts_of, same_initials
from qa.text.quantities import numbers, unit
from qa.text.wordlists import ordered, wordlist
from qa.text.words import lemma
from qa.verification.negation import NEGATORS, opposites

HELD = 3
"""Words around a change that must be the source's own."""
SHORT = 4
"""Words of a change, at most: longer ones are another way of saying."""

CLOSE = 0.8
"""Share of a sentence's words that stand in its source in their order, from which every change must be explained."""
LONG = 8
"""Words that such a sentence has, at least: shorter ones share them with too much."""
SIDES = 3
"""Words over which two others change sides."""
FEW = 2
"""Words of content on each side of a change that are compared one by one."""
_FAMILIES = tuple(
    {kind: wordlist(f"class_{kind}") for kind in family.split()}
    for family in (
        "universal partial none",
        "intent chance duty",
        "earlier later within",
        "up down",
        "bound_low bound_high",
        "if",
        "from to",
        "against behalf",
    )
)
"""Small words that decide what is said; those of one class of a family may stand for each other."""
_WEIGHTY = frozenset({"universal", "none", "chance", "duty", "if"})
"""Classes that may neither be put in nor left out."""

ATTRIBUTION = re.compile(
    r"^(?:according to|in) (?:the|this|an?) (?:embassy|consulate|mission|post|cable|report)(?:'s (?:view|words))?, ",
    re.IGNORECASE,
)
"""What may stand before a sentence of the cable's own."""
_PLACED = frozenset({"at", "from", "in", "near", "to"})
_SPEAKER = re.compile(r"^according to [^,]{1,60}, ", re.IGNORECASE)
_WORD = re.compile(
    r"n['’]t\b|(?<=can)not\b|[A-Za-z]+?(?=n['’]t\b)|can(?=not\b)|[A-Za-z]+(?:['’][A-Za-z]+)?|\d[\d,.]*\d|\d|%"
)


_PHRASES = {one.replace("_", " "): other for one, other in (pair.split("=") for pair in ordered("phrases"))}
_PHRASE = re.compile(rf"\b(?:{'|'.join(_PHRASES)})\b", re.IGNORECASE)
"""Several words for one: "in spite of" for "despite"."""


@dataclass(frozen=True, slots=True)
class _Word:
    form: str
    start: int
    end: int


BM25Index = tuple[_Word, ...]


def _form(word: str) -> str:
    """A word as it is compared: `n't` as `not`, `two` as `2`, else its lemma."""
    plain = word.lower().replace("’", "'")
    if plain == "n't":
        return "not"
    spelled = numbers(plain) if plain.isalpha() else ()
    return str(spelled[0].value) if spelled else lemma(plain)


@lru_cache(maxsize=2048)
def _words(text: str) -> BM25Index:
    return tuple(_Word(_form(m[0]), m.start(), m.end()) for m in _WORD.finditer(text))


def altered(sentence: str, source: Sequence[str], home: str | None) -> str:
    """The change that makes a sentence say something else than its source's sentences; empty where none."""
    for claim in (piece.text for piece in sentences(_SPEAKER.sub("", ATTRIBUTION.sub("", sentence)))):
        mine = _words(claim)
        forms = {word.form for word in mine}
        related = [one for one in source if len(forms & {word.form for word in _words(one)}) >= HELD]
        aligned = [(one, _codes(mine, _words(one))) for one in related]
        near = [pair for pair in aligned if _close(mine, pair[1])]
        changes = [_altered(claim, mine, one, codes, source, home) for one, codes in near or aligned]
        if any(changes) and (not near or all(changes)):
            return next(filter(None, changes))
    return ""


def _codes(mine: BM25Index, theirs: BM25Index) -> list[tuple[str, int, int, int, int]]:
    """What is kept, replaced, put in and left out, in order, between two empty stretches of kept words."""
    matcher = SequenceMatcher(None, [w.form for w in mine], [w.form for w in theirs], autojunk=False)
    return [("equal", 0, 0, 0, 0), *matcher.get_opcodes(), ("equal", 0, 0, 0, 0)]


def _close(mine: BM25Index, codes: Sequence[tuple[str, int, int, int, int]]) -> bool:
    """Whether a claim keeps its source's words: every change must then be explained."""
    kept = sum(i2 - i1 for kind, i1, i2, *_ in codes if kind == "equal")
    return kept >= CLOSE * len(mine) and len(mine) >= LONG


def _altered(
    sentence: str,
    mine: BM25Index,
    one: str,
    codes: Sequence[tuple[str, int, int, int, int]],
    source: Sequence[str],
    home: str | None,
) -> str:
    theirs = _words(one)
    close = _close(mine, codes)
    if close and (figure := _other_figure(sentence, one)):
        return figure
    left = {w.form for kind, *_, j1, j2 in codes if kind != "equal" for w in theirs[j1:j2]}
    for n, (kind, i1, i2, j1, j2) in enumerate(codes):
        if kind == "equal" or i2 - i1 > SHORT or j2 - j1 > SHORT:
            continue
        around = codes[n - 1][2] - codes[n - 1][1] + codes[n + 1][2] - codes[n + 1][1]
        if around < HELD or (i1 == i2 and _in_brackets(one, theirs[j1:j2])):
            continue
        said, held = _cut(sentence, mine, i1, i2), _cut(one, theirs, j1, j2)
        if close and (_moved(codes, n, mine, theirs) or _exchanged(codes, n, mine, theirs)):
            return said
        if close and (
            word := _unexplained(said, held, source, left)
            or _renamed(said, held, one, home)
            or _narrowed(mine[i1 - 1].form if i1 else "", said, held)
            or _counted(said, held)
        ):
            return word
        if i1 < i2 and _elsewhere(mine, i1, i2, source):
            continue
        if re.search(r"[,;:]|\bbut\b", said + held):
            continue  # another clause, not another word
        change = _change(said, held, mine[i1:i2], theirs[j1:j2])
        next_word = _cut(sentence, mine, i2, i2 + 1) if i2 < len(mine) else ""
        if change or _another(said, held, next_word, source, home):
            return change or said
    return ""


def _in_brackets(text: str, words: BM25Index) -> bool:
    """Whether some words are all that stands between two brackets: a remark that may be left out."""
    return text[words[0].start - 1 : words[0].start] == "(" and text[words[-1].end : words[-1].end + 1] == ")"


def _moved(
    codes: Sequence[tuple[str, int, int, int, int]], n: int, mine: BM25Index, theirs: BM25Index
) -> bool:
    """Whether a word has changed sides with the one to three words beside it: "A told B" as "B told A"."""
    _, i1, i2, *_ = codes[n]
    here = {word.form for word in mine[i1:i2]} - STOPWORDS
    for m in (n - 2, n + 2):
        if not 0 < m < len(codes) - 1:
            continue
        between, there = codes[(n + m) // 2], {w.form for w in theirs[codes[m][3] : codes[m][4]]}
        if between[2] - between[1] <= SIDES and any(not word.endswith("ly") for word in here & there):
            return True
    return False


def _exchanged(
    codes: Sequence[tuple[str, int, int, int, int]], n: int, mine: BM25Index, theirs: BM25Index
) -> bool:
    """Whether words stand in the place of others, which stand in theirs, anywhere in the sentence."""
    pairs = [
        ({w.form for w in mine[i1:i2]}, {w.form for w in theirs[j1:j2]})
        for kind, i1, i2, j1, j2 in codes
        if kind == "replace"
    ]
    _, i1, i2, j1, j2 = codes[n]
    return ({w.form for w in theirs[j1:j2]}, {w.form for w in mine[i1:i2]}) in pairs


def _unexplained(said: str, held: str, source: Sequence[str], left: Collection[str]) -> str:
    """A word of a change in an else unchanged sentence that says something else; empty where there is none.

    `left` are the source's words that the sentence has not kept in their place.
    """
    said, held = (_PHRASE.sub(lambda m: _PHRASES[m[0].lower()], text) for text in (said, held))
    new, old = _plain_words(said), _plain_words(held)
    for family in _FAMILIES:
        mine = {kind for kind, words in family.items() if words & set(new)}
        theirs = {kind for kind, words in family.items() if words & set(old)}
        if mine != theirs and ((mine and theirs) or (mine | theirs) & _WEIGHTY):
            return said or f"without {held}"
    units, others = {unit(word) for word in new} - {""}, {unit(word) for word in old} - {""}
    if units and others and units != others:
        return said
    added, lost = _content(said), _content(held)
    if max(len(added), len(lost)) > FEW or (held and not lost):
        return ""
    beside = lost or {word for text in source for word in _plain_words(text)}
    added = [word for word in added if lemma(word) not in left]
    strange = (w for w in added if not any(alike(w, other) and not antonyms(w, other) for other in beside))
    return said if next(strange, "") else ""


def _renamed(said: str, held: str, one: str, home: str | None) -> str:
    """A name in the place of another one, where neither is the other's title or acronym.

    Several words that stand in the source sentence as they are have only moved: "on October 13".
    """
    if " " in said and said.lower() in one.lower():
        return ""
    new, old = ([name.keys for name in find_names(text, home)] for text in (said, held))
    if not new and said[:1].isupper() and not any(part in TITLES for part in parts_of(said)):
        new = [frozenset(parts_of(said))]  # "March" for "Guimaraes"
    if not new or not old or any(a & b for a in new for b in old) or same_initials(said, held):
        return ""
    return said


def _other_figure(sentence: str, one: str) -> str:
    """A figure that a sentence has and its source has not, where the source has one that it leaves out."""
    mine, theirs = numbers(sentence), numbers(one)
    strange = [a.printed for a in mine if not any(a.same(b) for b in theirs)]
    lost = any(not any(a.same(b) for a in mine) for b in theirs)
    return strange[0] if strange and lost else ""


def _narrowed(before: str, said: str, held: str) -> str:
    """A city for its country where it is a place; "Tehran refused" may stand for "Iran refused"."""
    return said if before in _PLACED and narrows(said, held) else ""


def _counted(said: str, held: str) -> str:
    """A figure in the place of another one."""
    new, old = numbers(said), numbers(held)
    return said if new and old and not any(a.same(b) for a in new for b in old) else ""


def _plain_words(text: str) -> list[str]:
    """The words of a text, lower case; "May" is a month."""
    return [m[0].lower().replace("’", "'") for m in _WORD.finditer(text) if m[0] != "May"]


def _content(text: str) -> list[str]:
    """Words that carry meaning of their own; names and figures are judged elsewhere."""
    words = [match[0] for match in _WORD.finditer(text)]
    return [w for w in words if w.islower() and w not in STOPWORDS and len(w) > 2 and not unit(w)]


def _elsewhere(mine: BM25Index, first: int, last: int, source: Sequence[str]) -> bool:
    """Whether the changed words stand in the source with two of their neighbours."""
    forms = [word.form for word in mine]
    beside = [forms[max(0, first - 2) : last], forms[first : last + 2]]
    texts = [f" {' '.join(word.form for word in _words(one))} " for one in source]
    return any(
        len(words) > last - first + 1 and f" {' '.join(words)} " in text for words in beside for text in texts
    )


def _cut(text: str, words: tuple[_Word, ...], first: int, last: int) -> str:
    return text[words[first].start : words[last - 1].end] if first < last else ""


def _change(said: str, held: str, mine: BM25Index, theirs: BM25Index) -> str:
    """A negation put in or taken out, a word turned into its opposite, another number."""
    negated, was_negated = (bool(NEGATORS & {w.form for w in words}) for words in (mine, theirs))
    turn = any(opposites(a.form, b.form) or antonyms(a.form, b.form) for a in mine for b in theirs)
    put_in, taken_out = negated and not was_negated, was_negated and not negated
    if turn != ((put_in and len(mine) - len(theirs) <= 2) or (taken_out and len(theirs) - len(mine) <= 2)):
        return said or f"without {held}"
    return _counted(said, held)


def _another(said: str, held: str, next_word: str, source: Sequence[str], home: str | None) -> bool:
    """Whether a name, or a title, stands in another's place that is not the same one's."""
    new, old = _capitals(said, home), _capitals(held, home)
    if not new or not old or any(a & b for a in new for b in old) or same_initials(said, held):
        return False
    parts, others = frozenset().union(*new), frozenset().union(*old)
    if parts | others <= TITLES and next_word[:1].isupper():
        return False  # "Secretary Rice", "Minister Rice"
    beside = {pair for text in source for own in [parts_of(text)] for pair in pairwise(own)}
    return not any((x, y) in beside or (y, x) in beside for x in parts for y in others)


def _capitals(text: str, home: str | None) -> list[frozenset[str]]:
    """Names among some words, by their keys; titles where there are no names."""
    found = [name.keys for name in find_names(text, home)]
    titles = [parts_of(word) for word in text.split() if word[:1].isupper() and word.lower() not in STOPWORDS]
    return found or [frozenset(title) for title in titles if title]
