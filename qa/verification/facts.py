"""Facts that a sentence may not make up: quotations, figures, dates and names.

Each must stand in the cited paragraph, in its cable's header, or in a form that everybody knows for the same:
months and ordinals, a country for its people and government, a post for its city and country, an acronym for its
name; a name or a date may also stand elsewhere in the cable. A sentence that names something else is refuted, so what
can be derived (a count of what is listed, a sum, a rounded figure, "yesterday") is no missing fact.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations

from cables.ids import year_of
from cables.text import STOPWORDS
from qa.text.analysis import Analysis, analyse
from qa.text.dates import Date, find_dates
from qa.text.names import REGIONS, Name, home_of, stands_in
from qa.text.quantities import Number, codes
from qa.verification.sources import Source

MAX_COUNT = 12
"""A number in words up to this one may count what the paragraph lists."""
MAX_DAYS_AROUND = 10
"""Days between a cable and what it calls "yesterday" or "Monday"."""
ROUNDING = Decimal("0.1")
"""Share of a figure by which "nearly" or "over" may miss it."""

_WORD_RE = re.compile(r"\w+")
_ELISION_RE = re.compile(r"(?<!\s)\s*+(?:\[\s*)?(?:\.{3,}|…)(?:\s*+\])?\s*")
_RELATIVE_DAY_RE = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:this|last|next|past) week(?:end)?"
    r"|the (?:day|evening|morning) before|the (?:next|following|previous|same) (?:day|morning|evening))\b",
    re.IGNORECASE,
)
_ROUNDED_RE = re.compile(
    r"\b(?:about|around|some|nearly|almost|roughly|approximately|more than|less than|fewer than|over|under|at least"
    r"|at most|up to|close to|just)\s+[$€£]?$",
    re.IGNORECASE,
)
"""Words for parts of the world and groups of people: common knowledge, as "American" is for the United States."""
_PART_OF_RE = re.compile(r"\b(?:half|quarter of|third of|tenth of)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Ground:
    """All that a sentence may rest on."""

    sources: Sequence[Source]
    paragraphs: Analysis
    whole: Analysis

    @classmethod
    def of(cls, sources: Sequence[Source]) -> "_Ground":
        home = home_of(sources[0].label)
        text = "\n".join(source.text for source in sources)
        header = "\n".join(source.header for source in sources)
        return cls(sources, analyse(text, home), analyse(f"{text}\n{header}", home))


@dataclass(frozen=True, slots=True)
class MissingFact:
    """What a sentence says and its sources do not hold, as printed."""

    printed: str
    in_figures: bool
    """A quotation, number or code, which has no other form; a name or a date may be known in one."""


def missing_fact(sentence: str, sources: Sequence[Source]) -> MissingFact | None:
    """The first quotation, figure, date or name of a sentence that its sources do not hold; None if none is."""
    ground = _Ground.of(sources)
    said = analyse(sentence, ground.whole.home)
    for check in (_missing_quotations, _missing_codes, _missing_numbers, _missing_dates, _missing_names):
        for printed in check(said, ground):
            return MissingFact(printed, check not in (_missing_dates, _missing_names))
    return None


def holds_words(text: str, quote: str) -> bool:
    """Whether a quote's words stand in a text in their order; "..." stands for what it leaves out."""
    held = f" {' '.join(_words(text))} "
    place = 0
    for part in _ELISION_RE.split(quote):
        if words := " ".join(_words(part)):
            found = held.find(f" {words} ", place)
            if found < 0:
                return False
            place = found + len(words)
    return True


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD_RE.findall(text)]


def _missing_quotations(said: Analysis, ground: _Ground) -> Iterator[str]:
    for quotation in said.quotations:
        if not holds_words(ground.whole.text, quotation.text):
            yield f'"{quotation.text}"'


def _missing_dates(said: Analysis, ground: _Ground) -> Iterator[str]:
    for one in said.dates:
        if not any(_same_date(one, source, ground) for source in ground.sources):
            yield one.printed


def _same_date(one: Date, source: Source, ground: _Ground) -> bool:
    """Whether a date stands in the ground, with the years around a source's own for those that it leaves out."""
    year = year_of(source.cable_id)
    years = {year, year - 1, year + 1} if year else set()
    if any(one.same(other, years) for other in ground.whole.dates):
        return True
    if one.year and one.month is None:
        return one.year in years
    if source.day is None:  # the header may hold it
        return year is None or one.year in (None, year)
    if _is_relative(one, source.day, ground):
        return True
    return any(one.same(other, years) for other in find_dates(source.cable))


def _is_relative(one: Date, day: int, ground: _Ground) -> bool:
    """Whether a day may be what the paragraph calls "yesterday" or "on Monday"."""
    if one.day is None or one.month is None or not _RELATIVE_DAY_RE.search(ground.paragraphs.text):
        return False
    sent = date(day // 10000, day // 100 % 100, day % 100)
    try:
        return abs((date(one.year or sent.year, one.month, one.day) - sent).days) <= MAX_DAYS_AROUND
    except ValueError:
        return False


def _missing_numbers(said: Analysis, ground: _Ground) -> Iterator[str]:
    dated = [(one.start, one.end) for one in said.dates] + [(name.start, name.end) for name in said.names]
    subjects = (number for source in ground.sources for number in analyse(source.subject).numbers)
    held = (*ground.paragraphs.numbers, *subjects)
    for number in said.numbers:
        if any(start < number.end <= end for start, end in dated) or _may_count(number, said):
            continue
        if not any(_same_number(number, other) for other in held) and not _is_derived(number, held, said):
            yield number.printed


def _same_number(one: Number, other: Number) -> bool:
    if (one.unit, other.unit) == ("%", "part"):
        return abs(one.value - 100 * other.value) < 1  # "20 percent" for "one fifth"
    return one.same(other) or (one.value == other.value and "" in (one.unit, other.unit))


def _may_count(number: Number, said: Analysis) -> bool:
    """Whether it is a small number in words, a fraction, or a part of a code: the first two may be worked out."""
    in_words = not number.printed[0].isdigit() and number.value <= MAX_COUNT and number.unit != "%"
    return in_words or number.unit == "part" or bool(re.search(r"\w-$", said.text[: number.start]))


def _is_derived(number: Number, held: Sequence[Number], said: Analysis) -> bool:
    """Whether it is a sum or difference of two figures, or one of them rounded, or a part of it is meant."""
    before = said.text[: number.start] + " "
    near = any(abs(number.value - other.value) <= ROUNDING * other.value for other in held)
    if _PART_OF_RE.search(before) or (near and _ROUNDED_RE.search(before)):
        return True
    alike = {other.value for other in held if other.unit == number.unit}
    return any(number.value in (a + b, abs(a - b)) for a, b in combinations(alike, 2))


def _missing_codes(said: Analysis, ground: _Ground) -> Iterator[str]:
    held = "".join(_WORD_RE.findall(ground.whole.text)).upper()
    yield from sorted(code for code in codes(said.text) if code not in held)


def _missing_names(said: Analysis, ground: _Ground) -> Iterator[str]:
    if not all(source.header_known for source in ground.sources):
        return  # the subject may hold it
    text = "\n".join((ground.whole.text, *(source.cable for source in ground.sources)))
    for name in said.names:
        if not _is_common(name, ground.whole.home) and not stands_in(name, text, ground.whole.home):
            yield name.printed


def _is_common(name: Name, home: str | None) -> bool:
    """Whether a name needs no ground: who sent the cable, a region or group of people, a word that opens a sentence."""
    opening = name.opens and len(name.parts) == 1 and not name.is_country and not name.printed.isupper()
    words = {word.lower() for word in _WORD_RE.findall(name.printed)}
    return opening or bool(name.parts & {"@US", f"@{home}"}) or words <= REGIONS | STOPWORDS
