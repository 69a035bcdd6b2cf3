"""What a question says about where to look: cables by id, days, posts. Hints boost, they never exclude."""

import calendar
import re
from datetime import date
from functools import lru_cache

from cables import Level, TagKind, ids
from cables.glossary import find_countries
from cables.glossary.posts import find_post, posts
from cables.glossary.tags import codes
from vectorstore.query import QueryHints
from vectorstore.storage.catalog_view import CatalogView

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name} | {
    name.lower(): n for n, name in enumerate(calendar.month_abbr) if name
}
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 14)}
_YEAR = r"(?P<year>19[6-9]\d|20[01]\d)"
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_WHEN = re.compile(
    rf"\b(?:(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?{_MONTH}(?: (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?)?,?(?: of)? "
    rf"|(?P<season>spring|summer|autumn|fall|winter)(?: of)? |(?P<part>early|mid|late|end of)[- ])?{_YEAR}\b",
    re.IGNORECASE,
)
_PARTS = {"early": (1, 4), "mid": (5, 8), "late": (9, 12), "end of": (11, 12)}
_TYPED = re.compile(r"\b\d\d[a-z]{3,}\d+\b")
"""An id as people type it in a hurry; running text of cables has it in capitals."""
_LEVELS = {
    "unclassified": Level.UNCLASSIFIED, "sensitive but unclassified": Level.SBU, "sbu": Level.SBU,
    "confidential": Level.CONFIDENTIAL, "secret": Level.SECRET, "top secret": Level.TOP_SECRET,
}  # fmt: skip
_LEVEL = "|".join(sorted((name.replace(" ", r"\s+") for name in _LEVELS), key=len, reverse=True))
_CLASSIFIED = re.compile(
    rf"\b(?P<before>{_LEVEL})(?: \w+)? (?:cable|telegram|report|dispatch)(?:s|es)?\b"
    rf"|\b(?:classified|marked)(?: as)? (?P<after>{_LEVEL})\b",
    re.IGNORECASE,
)
"""A level's word next to what is classified: "secret talks" are no secret cable."""
_DEPARTMENT = re.compile(r"\b(?:State Department|Department of State|(?:Clinton|Rice|Powell)'s department)\b")


def read_hints(text: str, view: CatalogView) -> QueryHints:
    """The hints in a question; posts are those of the archive."""
    periods, posts = _periods(text), _posts(text, view)
    since, until = _around(periods)
    return QueryHints(
        cables=_cables(text, view), since=since, until=until, posts=posts, tags=_tags(text),
        levels=_levels(text), several=len(periods) > 1 or len(posts) > 1,
    )  # fmt: skip


def _tags(text: str) -> tuple[str, ...]:
    """TAGS codes that a question writes out (`PHUM`), names (`human rights`), or whose country it names."""
    written = [word for word in re.findall(r"\b[A-Z]{4}\b", text) if word in codes()]
    lower = " ".join(re.findall(r"[a-z]+", text.lower()))
    named = [code for name, own in _subjects().items() if name in lower for code in own]
    return tuple(dict.fromkeys([*written, *named, *(code for *_, code in find_countries(text))]))


@lru_cache(maxsize=1)
def _subjects() -> dict[str, list[str]]:
    """Subject codes by their name, where it is one that people say: of two or three plain words."""
    found: dict[str, list[str]] = {}
    for code in codes().values():
        name = code.name.lower()
        if code.kind is TagKind.SUBJECT and re.fullmatch(r"[a-z]+(?: [a-z]+){1,2}", name):
            found.setdefault(name, []).append(code.code)
    return found


def _levels(text: str) -> tuple[Level, ...]:
    """Classifications that a question asks for: "secret cables", "classified confidential"."""
    found = (match["before"] or match["after"] for match in _CLASSIFIED.finditer(text))
    return tuple(dict.fromkeys(_LEVELS[re.sub(r"\s+", " ", word.lower())] for word in found))


def _cables(text: str, view: CatalogView) -> tuple[str, ...]:
    named = [mention.id for mention in ids.find(text)]
    named += filter(None, map(ids.canonical, _TYPED.findall(text)))
    return tuple(id for id in dict.fromkeys(named) if id in view.contains(named))


def read_period(text: str) -> tuple[int | None, int | None]:
    """First and last day (20080401, 20080430) of all times that a text names, or (None, None).

    "April 2008", "17 April 2008", "spring 2008", "late 2009", "2008"; "before 2010" is open to the left.
    """
    return _around(_periods(text))


def _around(spans: list[tuple[date, date]]) -> tuple[int | None, int | None]:
    """The first day and the last of some times."""
    if not spans:
        return None, None
    return _as_int(min(s for s, _ in spans)), _as_int(max(e for _, e in spans))


def _periods(text: str) -> list[tuple[date, date]]:
    """First and last day of each time that a text names."""
    spans: list[tuple[date, date]] = []
    for match in _WHEN.finditer(text):
        span = _span(match)
        if re.search(r"\b(?:before|until|up to)\W+(?:\w+\W+){0,6}$", text[: match.start()], re.IGNORECASE):
            span = date(1966, 1, 1), span[1]
        spans.append(span)
    return spans


def _span(match: re.Match[str]) -> tuple[date, date]:
    year = int(match["year"])
    if match["month"]:
        month = _MONTHS[match["month"].lower()]
        day = int(match["day"] or match["day2"] or 0)
        last = calendar.monthrange(year, month)[1]
        if 1 <= day <= last:
            return date(year, month, day), _shifted(date(year, month, day), 14)
        return date(year, month, 1), date(year, month, last)
    first, final = _SEASONS.get((match["season"] or "").lower()) or _PARTS.get(
        (match["part"] or "").lower(), (1, 12)
    )
    return date(year, first, 1), _month_end(year + (final > 12), (final - 1) % 12 + 1)


def _shifted(day: date, days: int) -> date:
    """A cable is sent on the day it speaks of or in the fortnight after."""
    return date.fromordinal(day.toordinal() + days)


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _as_int(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


def _posts(text: str, view: CatalogView) -> tuple[str, ...]:
    """Labels of the archive's posts whose place the question names: "the embassy in Tunis", "Tokyo's embassy"."""
    named = [label for place in _places(text) for label in _labels(place)]
    if _DEPARTMENT.search(text):
        named.append(posts()["STATE"].label)
    known = {label for label, _ in view.posts()} if named else set()
    return tuple(dict.fromkeys(label for label in named if label in known))


def _places(text: str) -> list[str]:
    """Capitalised names of one to three words."""
    words = re.findall(r"[A-Z][\w'’.-]*(?: (?:de |do |da )?[A-Z][\w'’-]*){0,2}", text)
    parts = [re.sub(r"['’]s$", "", part) for word in words for part in (word, *word.split())]
    return list(dict.fromkeys(parts))


@lru_cache(maxsize=4096)
def _labels(place: str) -> tuple[str, ...]:
    post = find_post(place, fuzzy=False)
    return (post.label,) if post else ()
