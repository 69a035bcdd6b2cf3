"""Dates of a text in one form, and the periods that a question names.

A `Date` is a day, a month or a year; what is not said is None. `May` is a month where it stands beside a day or
a year or after a preposition, else it is a verb.
"""

import calendar
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from cables.text import cached_by_text
from qa.text.wordlists import ordered

MONTHS = {
    name.lower(): n
    for names in (calendar.month_name, calendar.month_abbr)
    for n, name in enumerate(names)
    if name
} | {"febr": 2, "sept": 9}
"""Names of months and their short forms, lower case -> 1 to 12."""
_TENS = ordered("tens")
_UNITS = {word: n for n, word in enumerate(ordered("ordinals"), 1)}
ORDINALS = {
    **_UNITS,
    **{f"{ten[:-1]}ieth": 10 * n for n, ten in enumerate(_TENS[1:], 2)},
    **{
        f"{ten}-{one}": 10 * n + _UNITS[one] for n, ten in enumerate(_TENS[1:], 2) for one in list(_UNITS)[:9]
    },
}
"""Ordinals in words, lower case: `twenty-second` -> 22."""
_MONTH_WORD = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_DAY_WORD = "|".join(sorted((word for word, n in ORDINALS.items() if n <= 31), key=len, reverse=True))
_DAY_NUMBER = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{_DAY_WORD})\b"
_SPAN = r"\s*+(?:-{1,2}|–|—|\bto\b|\band\b|/)\s*"
_YEAR = r"(?:19|20)\d\d"
_DATED_RE = re.compile(
    rf"\b(?P<month1>{_MONTH_WORD})\s+(?:the\s+)?(?P<day1>{_DAY_NUMBER})(?:{_SPAN}(?P<until1>{_DAY_NUMBER})(?!\s+{_MONTH_WORD}))?"
    rf"(?![\d.,]*\d)(?:,?\s+(?P<year1>{_YEAR})\b)?"
    rf"|\b(?P<day2>{_DAY_NUMBER})(?:{_SPAN}(?P<until2>{_DAY_NUMBER}))?\s+(?:of\s+)?(?P<month2>{_MONTH_WORD})(?:,?\s+(?P<year2>{_YEAR})\b)?"
    rf"|\b(?P<month3>{_MONTH_WORD}),?\s+(?:of\s+)?(?P<year3>{_YEAR})\b",
    re.IGNORECASE,
)
_MONTH_ALONE_RE = re.compile(
    rf"\b(?P<word>{'|'.join(sorted((n.title() for n in MONTHS if len(n) > 3 or n == 'may'), key=len, reverse=True))})\b"
)
_BEFORE_MAY_RE = re.compile(
    r"\b(?:in|since|until|till|by|of|from|to|last|next|this|early|mid|late|during|before|after|and|or|through)[ -]+$",
    re.IGNORECASE,
)
_NUMERIC_RE = re.compile(
    r"(?<![\d/.-])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?:/(?P<year>\d{2}|\d{4}))?(?![\d/])"
)
_ISO_RE = re.compile(rf"\b(?P<year>{_YEAR})-(?P<month>\d\d)-(?P<day>\d\d)\b")
_YEAR_RE = re.compile(
    rf"(?<![\d.,$€£/-])\b(?P<year>{_YEAR})\b(?![\d.,]*\d|%|\s*+(?:percent|million|billion))"
)


@dataclass(frozen=True, slots=True)
class Date:
    """A day, a month or a year in a text, and where it stands."""

    year: int | None
    month: int | None
    day: int | None
    printed: str
    start: int = 0
    end: int = 0

    def same(self, other: "Date", years: Collection[int | None] = ()) -> bool:
        """Whether `other` may be this date: it says all that this one says.

        A year that the other leaves out is one of `years`, such as its cable's.
        """
        year = self.year in (None, other.year) or (other.year is None and self.year in years)
        return year and self.month in (None, other.month) and self.day in (None, other.day)

    def span(self) -> tuple[date, date] | None:
        """First and last day; None without a year, or where there is no such day."""
        if self.year is None:
            return None
        first, last = self.month or 1, self.month or 12
        try:
            if self.day:
                return (day := date(self.year, first, self.day)), day
            return date(self.year, first, 1), month_end(self.year, last)
        except ValueError:
            return None


@cached_by_text(4096)
def find_dates(text: str) -> tuple[Date, ...]:
    """All dates of a text in order, partial ones too; of "April 3-5" both ends."""
    found = [*_dated(text), *_numeric(text)]
    for match in _MONTH_ALONE_RE.finditer(text):
        if not _taken(match, found) and (match[0] != "May" or _is_month(match)):
            found.append(Date(None, MONTHS[match[0].lower()], None, match[0], match.start(), match.end()))
    for match in _YEAR_RE.finditer(text):
        if not _taken(match, found):
            found.append(Date(int(match[0]), None, None, match[0], match.start(), match.end()))
    return tuple(sorted(found, key=lambda one: one.start))


def _dated(text: str) -> Iterator[Date]:
    """A month beside its day or year."""
    for match in _DATED_RE.finditer(text):
        parts = {name[:-1]: value for name, value in match.groupdict().items() if value}
        if parts["month"].islower() and parts["month"] in ("may", "mar", "march") and "year" not in parts:
            continue  # "may 12 people"
        month = MONTHS[parts["month"].lower().rstrip(".")]
        year = int(parts["year"]) if "year" in parts else None
        days: list[int | None] = [_day_number(parts[name]) for name in ("day", "until") if name in parts]
        for day in days or [None]:
            yield Date(year, month, day, match[0], match.start(), match.end())


def _day_number(printed: str) -> int:
    return ORDINALS.get(printed.lower()) or int(re.sub(r"\D", "", printed))


def _numeric(text: str) -> Iterator[Date]:
    """`2/14`, `2/14/2008` as Americans write them, and `2008-02-14`."""
    for match in (*_ISO_RE.finditer(text), *_NUMERIC_RE.finditer(text)):
        month, day = int(match["month"]), int(match["day"])
        if 1 <= month <= 12 and 1 <= day <= 31:
            year = int(match["year"]) if match["year"] else None
            if year is not None and year < 100:
                year += 1900 if year > 60 else 2000
            yield Date(year, month, day, match[0], match.start(), match.end())


def _taken(match: re.Match[str], found: Collection[Date]) -> bool:
    return any(one.start <= match.start() < one.end for one in found)


def _is_month(match: re.Match[str]) -> bool:
    """Whether a capital `May` without a day or a year is the month: after a preposition or "last"."""
    return _BEFORE_MAY_RE.search(match.string[: match.start()]) is not None


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def as_int(day: date) -> int:
    """The day as the catalog keeps it: 20080417."""
    return day.year * 10000 + day.month * 100 + day.day
