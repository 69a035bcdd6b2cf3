"""Dates as cables and their collections print them: date-time groups, days, days with a time."""

import re
from datetime import UTC, datetime
from typing import NamedTuple

MONTH_BY_NAME = {
    month: number
    for number, month in enumerate(
        ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), start=1
    )
}
"""Months by their first three letters."""
MONTH_PATTERN = "|".join(MONTH_BY_NAME)
PIVOT_YEAR = 1960
"""Two-digit years from 60 on are of the 1900s, the others of the 2000s."""
GROUP_PATTERN = (
    r"(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)Z?[ \t]+(?P<month>[A-Z]{3})[ \t]+(?P<year>\d{4}|\d\d)\b"
)
"""A date-time group, `140915Z MAR 07`; a match of it goes to `group_moment`."""

_GROUP_RE = re.compile(rf"\b{GROUP_PATTERN}", re.IGNORECASE)
_YEAR_FIRST_RE = re.compile(r"\b(\d{4})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{1,2})(?!\d)")
_DIGITS_RE = re.compile(r"\b((?:19|20)\d\d)(\d\d)(\d\d)\b")
_MONTH_FIRST_RE = re.compile(r"\b(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4}|\d{2})(?!\d)")
_WORD_FIRST_RE = re.compile(r"\b([A-Z]{3})[A-Z]*\.?[ \t]+(\d{1,2}),?[ \t]+(\d{4})\b", re.IGNORECASE)
_DAY_FIRST_RE = re.compile(r"\b(\d{1,2})[ \t-]*([A-Z]{3})[A-Z]*\.?,?[ \t-]*(\d{4})\b", re.IGNORECASE)
_TIME_RE = re.compile(r"[ T,]+(\d{1,2}):(\d\d)(?::\d\d)?(?:\s?([ap])\.?m\b)?", re.IGNORECASE)


class Day(NamedTuple):
    """A printed day and where in the text it ends, in characters; 31 for a month of 30 days is let through."""

    year: int
    month: int
    day: int
    end: int


def full_year(year: int) -> int:
    """A year in four digits: 8 is 2008, 75 is 1975, 1976 stays."""
    if year >= 100:
        return year
    return 1900 + year if year >= PIVOT_YEAR % 100 else 2000 + year


def group_moment(match: re.Match[str]) -> datetime | None:
    """The UTC moment of a match of `GROUP_PATTERN`; None where there is no such day or hour."""
    month = MONTH_BY_NAME.get(match["month"].upper(), 0)
    day, hour, minute = int(match["day"]), int(match["hour"]), int(match["minute"])
    return _moment(full_year(int(match["year"])), month, day, hour, minute)


def find_day(text: str) -> Day | None:
    """The first day that `text` prints, in figures (year or month first) or with the month's name."""
    if match := _YEAR_FIRST_RE.search(text) or _DIGITS_RE.search(text):
        return _day(int(match[1]), int(match[2]), int(match[3]), match.end())
    if match := _MONTH_FIRST_RE.search(text):
        return _day(full_year(int(match[3])), int(match[1]), int(match[2]), match.end())
    if (match := _WORD_FIRST_RE.search(text)) and match[1].upper() in MONTH_BY_NAME:
        return _day(int(match[3]), MONTH_BY_NAME[match[1].upper()], int(match[2]), match.end())
    if (match := _DAY_FIRST_RE.search(text)) and match[2].upper() in MONTH_BY_NAME:
        return _day(int(match[3]), MONTH_BY_NAME[match[2].upper()], int(match[1]), match.end())
    return None


def find_moment(text: str) -> datetime | None:
    """The first date-time group, or the first day with the time behind it (midnight where there is none)."""
    if group := _GROUP_RE.search(text):
        return group_moment(group)
    day = find_day(text)
    if day is None:
        return None
    time = _TIME_RE.match(text, day.end)
    hour, minute = (int(time[1]), int(time[2])) if time else (0, 0)
    if time and time[3]:
        hour = hour % 12 + 12 * (time[3].lower() == "p")
    return _moment(day.year, day.month, day.day, hour, minute)


def _day(year: int, month: int, day: int, end: int) -> Day | None:
    if month > 12 >= day:
        month, day = day, month
    return Day(year, month, day, end) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _moment(year: int, month: int, day: int, hour: int, minute: int) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None
