"""Periods that a question names: "April 2008", "spring 2008", "the first half of 2009", "since 2007"."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from cables.text import day_in_words
from qa.text.dates import MONTHS, as_int, month_end

FIRST_DAY, LAST_DAY = date(1966, 1, 1), date(2099, 12, 31)
"""Where "before 2010" begins and "since 2007" ends."""
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 14)}
_PARTS = {
    "early": (1, 4),
    "mid": (5, 8),
    "late": (9, 12),
    "end of": (11, 12),
    "beginning of": (1, 2),
    "start of": (1, 2),
    "first half of": (1, 6),
    "second half of": (7, 12),
}
_MONTH_PATTERN = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_WHEN_RE = re.compile(
    rf"\b(?:(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?{_MONTH_PATTERN}"
    r"(?: (?P<day2>\d{1,2})(?:st|nd|rd|th)?)?,?(?: of)? "
    rf"|(?P<season>spring|summer|autumn|fall|winter)(?: of)? |(?P<part>{'|'.join(_PARTS)})[- ])?"
    r"(?P<year>19[6-9]\d|20[01]\d)(?:-(?P<nth_month>0[1-9]|1[0-2])(?:-(?P<nth_day>[0-3]\d))?)?\b",
    re.IGNORECASE,
)
_ELIDED_RE = re.compile(
    rf"\b(?P<named>(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?{_MONTH_PATTERN}"
    r"(?: (?P<day2>\d{1,2})(?:st|nd|rd|th)?)?)"
    r"\s*+(?:to|and|until|till|through|-{1,2}|–)\s*+(?:the )?$",
    re.IGNORECASE,
)
_BEFORE_RE = re.compile(r"\b(?P<word>before|until|up to|by)\W+(?:\w+\W+){0,6}$", re.IGNORECASE)
_SINCE_RE = re.compile(r"\b(?:since|after)\W+(?:the\W+)?$", re.IGNORECASE)

_AGAINST_RE = re.compile(
    r"\W*(?:versus|vs\.?|and|or|than|against|compared (?:to|with)|as opposed to)\W+"
    r"(?:(?:in|during|for|of|those|from)\W+)*",
    re.IGNORECASE,
)
MAX_LEADING_CHARS = 100
"""Looked at before a time, for "before" and "from March 25 to"."""
_RANGE_RE = re.compile(r"\b(?:between|from)\W+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, and where the words stand."""

    first: date
    last: date
    start: int
    end: int
    named: date
    """The first day of the time that is named: what "before" comes before."""
    before: bool = False

    @property
    def is_day(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last


def find_periods(text: str) -> list[Period]:
    """The times that a text names, in order; "before 2010" is open to the left, "since 2007" to the right."""
    matches = list(_WHEN_RE.finditer(text))
    found = []
    for match in matches:
        first, last = _span(match)
        named, before = first, text[max(match.start() - MAX_LEADING_CHARS, 0) : match.start()]
        offset = match.start() - len(before)
        if elided := _ELIDED_RE.search(before):  # "from March 25 to March 27, 2008"
            found.append(_elided(elided, named.year, offset))
        opening = _BEFORE_RE.search(before)
        if opening:
            first = FIRST_DAY
        elif _SINCE_RE.search(before) and len(matches) == 1:
            last = LAST_DAY
        is_before = opening is not None and opening["word"].lower() == "before"
        found.append(Period(first, last, match.start(), match.end(), named, is_before))
    return found


def _elided(match: re.Match[str], year: int, offset: int) -> Period:
    """A day or month that leaves its year to the next one; `offset`: where what was matched stands in the text."""
    month = MONTHS[match["month"].lower().rstrip(".")]
    last = month_end(year, month).day
    day = min(int(match["day"] or match["day2"] or 0), last)
    first = date(year, month, day or 1)
    return Period(
        first,
        first if day else date(year, month, last),
        offset + match.start(),
        offset + match.end("named"),
        first,
    )


def whole_period(periods: list[Period]) -> tuple[date, date] | None:
    """From the first day of all to the last, exactly; None where there are none."""
    if not periods:
        return None
    lasts = (p.named - timedelta(1) if p.before else p.last for p in periods)
    return min(p.first for p in periods), max(lasts)


def in_words(since: int | None, until: int | None) -> str:
    """A period as one says it: `on 17 April 2008`, `in 2009`, `since 1 May 2007`; days are integers, 20080417."""
    since = None if since == as_int(FIRST_DAY) else since
    until = None if until == as_int(LAST_DAY) else until
    first, last = day_in_words(since), day_in_words(until)
    if since and since == until:
        return f"on {first}"
    if since and until:
        year, month = since // 10000, since // 100 % 100
        if (since % 10000, until % 10000) == (101, 1231) and until // 10000 == year:
            return f"in {year}"
        if since % 100 == 1 and until == as_int(month_end(year, month)):
            return f"in {first.removeprefix('1 ')}"
        return f"from {first} to {last}"
    return f"since {first}" if since else f"until {last}"


def separate_periods(text: str) -> list[Period]:
    """Times that a question sets against each other: "in 2008 versus 2009", "in 2008 and in 2009"; none for a range."""
    periods = find_periods(text)
    pairs = list(pairwise(periods))
    apart = all(_AGAINST_RE.fullmatch(text[one.end : other.start]) for one, other in pairs)
    if not pairs or not apart or _RANGE_RE.search(text[: periods[0].start]):
        return []
    return periods


def without_periods(text: str) -> str:
    """The text without the times that it names and the words that lead to them."""
    for period in reversed(find_periods(text)):
        before = re.sub(
            r"\b(?:(?:in|on|of|from|since|before|until|by|during|between|after|and|to|the|around|sent|dated)\s+)+$",
            "",
            text[: period.start],
            flags=re.I,
        )
        text = before + text[period.end :]
    return " ".join(text.split())


def _span(match: re.Match[str]) -> tuple[date, date]:
    year = int(match["year"])
    if match["month"] or match["nth_month"]:
        month = MONTHS[match["month"].lower().rstrip(".")] if match["month"] else int(match["nth_month"])
        day = int(match["day"] or match["day2"] or match["nth_day"] or 0)
        if 1 <= day <= month_end(year, month).day:
            return date(year, month, day), date(year, month, day)
        return date(year, month, 1), month_end(year, month)
    first, final = _SEASONS.get((match["season"] or "").lower()) or _PARTS.get(
        (match["part"] or "").lower(), (1, 12)
    )
    return date(year, first, 1), month_end(year + (final > 12), (final - 1) % 12 + 1)
