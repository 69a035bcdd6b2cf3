"""Who and what is named beside a subject: people and bodies, places, each with the number of cables."""

import calendar
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import takewhile

from cables.glossary import tag_name
from cables.glossary.name_words import TITLES
from cables.glossary.posts import find_post
from cables.text import stem
from qa.dossier.dossier import Analysed, Named
from qa.generation.quotation import Chosen
from qa.text.names import REGIONS, Name, find_names, parts_of

MAX_NAMES = 24
"""Of either kind."""
MIN_CABLES = 2
"""That a name stands in, where the dossier has more."""
_POSSESSIVE_RE = re.compile(r"['’]s? (?=[A-Z])")
_MONTH_RE = re.compile(rf" (?:{'|'.join(calendar.month_name[1:])})$")
_OF_RE = re.compile(r" of (?:the )?[A-Z][\w-]*(?: [A-Z][\w-]*)*")
_REFERENCE_RE = re.compile(r"(?:Ref|Reftel|Para|Tab)s?\b|.\b|x{3}", re.IGNORECASE)
"""What only points to another text, is a letter alone, or redacted."""

Parts = frozenset[str]


@dataclass
class _Tally:
    """Where a name stands, and in which forms."""

    printed: Counter[str] = field(default_factory=Counter)
    cables: set[str] = field(default_factory=set)
    first: list[Chosen] = field(default_factory=list)
    opens_only: bool = True
    """It has only been met where a sentence begins, where any word has a capital."""

    def add(self, other: "_Tally") -> None:
        self.printed += other.printed
        self.cables |= other.cables
        self.first += other.first
        self.opens_only = self.opens_only and other.opens_only


def named_beside(said: Sequence[Analysed], subject: str) -> tuple[list[Named], list[Named]]:
    """(people and bodies, places) named beside the subject, most cables first."""
    own = {part for name in find_names(f"so {subject}") for part in name.parts}
    people: dict[Parts, _Tally] = {}
    places: dict[Parts, _Tally] = {}
    for chosen, name in _names(said):
        if name.parts & own or not name.parts - _regions() or _REFERENCE_RE.match(name.printed):
            continue
        place = _place(name)
        tally = (
            places.setdefault(frozenset({place}), _Tally())
            if place
            else people.setdefault(name.parts, _Tally())
        )
        opens = name.opens and len(name.parts) == 1 and not place
        tally.add(_Tally(Counter([place or name.printed]), {chosen[0].cable_id}, [chosen], opens))
    _join_short_forms(people)
    least = MIN_CABLES if len({evidence.cable_id for (evidence, _), _ in said}) > MIN_CABLES else 1
    return _ranked(people, least), _ranked(places, least)


@cache
def _regions() -> frozenset[str]:
    return frozenset(stem(word) for word in REGIONS)


def _names(said: Iterable[Analysed]) -> Iterator[tuple[Chosen, Name]]:
    for chosen, found in said:
        for name in found.names:
            for whole in _whole(name, found.text, found.home):
                yield chosen, whole


def _whole(name: Name, text: str, home: str | None) -> Sequence[Name]:
    """A name with "of Four" behind "Group"; without what it runs on to: "Hu Jintao's May" is Hu Jintao."""
    parts = [_MONTH_RE.sub("", part) for part in _POSSESSIVE_RE.split(name.printed)]
    if parts != [name.printed]:
        return [one for part in parts for one in find_names(f"so {part}", home)]
    behind = _OF_RE.match(text, name.end)
    if behind is None or name.is_country or _MONTH_RE.search(behind[0]):
        return [name]
    return [
        replace(name, printed=name.printed + behind[0], parts=name.parts | {*parts_of(behind[0])} - {"of"})
    ]


def _place(name: Name) -> str:
    """The city of a post, or the country that a name speaks of; empty where it is of something else."""
    plain = _untitled(name.printed)
    post = find_post(plain, fuzzy=False)
    if post and post.label in (f"Embassy {plain}", f"Consulate {plain}"):
        return plain
    return (tag_name(min(name.parts)[1:]) or "") if name.is_country else ""


def _untitled(printed: str) -> str:
    words = printed.split()
    titles = sum(1 for _ in takewhile(lambda word: set(parts_of(word)) & TITLES, words[:-1]))
    return " ".join(words[titles:])


def _join_short_forms(people: dict[Parts, _Tally]) -> None:
    """Count "Karzai" with "Hamid Karzai", where no other longer name holds it."""
    for short in [parts for parts in people if len(parts) == 1]:
        longer = [parts for parts in people if short < parts]
        if len(longer) == 1:
            people[longer[0]].add(people.pop(short))


def _ranked(tallies: Mapping[Parts, _Tally], least: int) -> list[Named]:
    found = [
        Named(_best_form(tally.printed), len(tally.cables), min(tally.first, key=_when))
        for tally in tallies.values()
        if len(tally.cables) >= least and not tally.opens_only
    ]
    return sorted(found, key=lambda one: (-one.cables, one.name))[:MAX_NAMES]


def _best_form(printed: Counter[str]) -> str:
    """The longest of the forms that stand there at least half as often as the commonest."""
    least = max(printed.values()) / 2
    return max((form for form, n in printed.items() if n >= least), key=len)


def _when(chosen: Chosen) -> tuple[int, str]:
    return chosen[0].found.day or 0, chosen[0].key
