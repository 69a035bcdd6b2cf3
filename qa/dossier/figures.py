"""Figures that differ between cables: the same thing counted or measured, in nearly the same words.

Nothing is said of who is right, nor whether both speak of the same time: the sentences stand side by side.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from cables.text import STOPWORDS
from qa.dossier.dossier import Analysed, Difference, Side
from qa.generation.quotation import Chosen
from qa.text.analysis import Analysis
from qa.text.quantities import Number

MIN_SHARED = 0.3
"""Of the words of two sentences, without their numbers: below it they speak of different things."""
MIN_WORDS = 4
"""Words that two sentences share at least."""
MAX_DIFFERENCES = 12
MAX_OF_A_THING = 200
"""Sentences that count the same kind of thing and are compared with each other."""


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number with what it counts, and the other words of its sentence."""

    number: Number
    thing: str
    words: frozenset[str]
    countries: frozenset[str]
    chosen: Chosen


def differing_figures(said: Iterable[Analysed]) -> list[Difference]:
    """Pairs of sentences of different cables whose figures differ, the most alike first."""
    by_thing: dict[str, list[_Figure]] = {}
    for figure in _figures(said):
        by_thing.setdefault(figure.thing, []).append(figure)
    pairs = [
        (shared, one, other)
        for figures in by_thing.values()
        for one, other in combinations(figures[:MAX_OF_A_THING], 2)
        if _differ(one, other) and (shared := _shared(one, other)) >= MIN_SHARED
    ]
    pairs.sort(key=lambda pair: -pair[0])
    once = {
        frozenset((_place(one), _place(other))): _difference(one, other) for _, one, other in reversed(pairs)
    }
    return list(reversed(once.values()))[:MAX_DIFFERENCES]


def _figures(said: Iterable[Analysed]) -> Iterator[_Figure]:
    for chosen, found in said:
        for number in found.numbers:
            if (thing := _thing(found, number)) and not _in_date(found, number):
                words = found.lemmas - {word.lemma for word in found.words if word.printed[0].isdigit()}
                countries = frozenset(
                    key for name in found.names for key in name.parts if key.startswith("@")
                )
                yield _Figure(number, thing, words, countries, chosen)


def _thing(found: Analysis, number: Number) -> str:
    """What a number counts: its unit and the next word that says something; empty where nothing is counted."""
    after = next((word for word in found.words if word.start >= number.end), None)
    if after is None or (after.printed.lower() in STOPWORDS and not number.unit):
        return ""  # "paragraph 12 to", "in 15 of"
    behind = (
        word.lemma
        for word in found.words
        if word.start >= number.end and word.printed.lower() not in STOPWORDS
    )
    return f"{number.unit} {next(behind, '')}".strip()


def _in_date(found: Analysis, number: Number) -> bool:
    year = (
        number.value == number.value.to_integral_value() and 1800 <= number.value <= 2100 and not number.unit
    )
    return year or any(one.start <= number.start < one.end for one in found.dates)


def _place(figure: _Figure) -> tuple[str, int]:
    return figure.chosen[0].key, figure.chosen[1].place


def _differ(one: _Figure, other: _Figure) -> bool:
    """Whether two figures may be of the same thing and are not the same; Sweden's troops are not Spain's."""
    countries, others = one.countries, other.countries
    return (
        one.chosen[0].cable_id != other.chosen[0].cable_id
        and not one.number.same(other.number)
        and (countries <= others or others <= countries)
    )


def _shared(one: _Figure, other: _Figure) -> float:
    both = one.words & other.words
    return len(both) / len(one.words | other.words) if len(both) >= MIN_WORDS else 0.0


def _difference(one: _Figure, other: _Figure) -> Difference:
    sides = sorted((one, other), key=lambda figure: (figure.chosen[0].found.day or 0, figure.chosen[0].key))
    return Difference(tuple(Side(side.chosen, side.number.printed) for side in sides))
