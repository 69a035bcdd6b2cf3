"""What a question says about where to look: cables by id, days, posts. Hints boost, they never exclude."""

import re
from datetime import timedelta
from functools import lru_cache

from cables import Level, TagKind, ids
from cables.glossary import find_countries
from cables.glossary.posts import find_post, posts
from cables.glossary.tags import codes
from cables.text import cached_by_text
from qa.text.dates import as_int
from qa.understanding.periods import LAST_DAY, Period, find_periods
from vectorstore.query import QueryHints
from vectorstore.storage.catalog_view import CatalogView

_TYPED_ID_RE = re.compile(r"\b\d\d[a-z]{3,}\d+\b")
"""An id as people type it in a hurry; running text of cables has it in capitals."""
_LEVELS = {
    "unclassified": Level.UNCLASSIFIED,
    "sensitive but unclassified": Level.SBU,
    "sbu": Level.SBU,
    "confidential": Level.CONFIDENTIAL,
    "secret": Level.SECRET,
    "top secret": Level.TOP_SECRET,
}
_LEVEL_NAMES = "|".join(sorted((name.replace(" ", r"\s+") for name in _LEVELS), key=len, reverse=True))
_CLASSIFIED_RE = re.compile(
    rf"\b(?P<before>{_LEVEL_NAMES})(?: \w+)? (?:cable|telegram|report|dispatch)(?:s|es)?\b"
    rf"|\b(?:classified|marked)(?: as)? (?P<after>{_LEVEL_NAMES})\b",
    re.IGNORECASE,
)
"""A level's word next to what is classified: "secret talks" are no secret cable."""
_DEPARTMENT_RE = re.compile(
    r"\b(?:State Department|Department of State|(?:Clinton|Rice|Powell)'s department)\b"
)


def read_hints(text: str, view: CatalogView) -> QueryHints:
    """The hints in a question; posts are those of the archive."""
    periods, posts = find_periods(text), _posts(text, view)
    since, until = _around(periods)
    return QueryHints(
        cables=_cables(text, view),
        since=since,
        until=until,
        posts=posts,
        tags=_tags(text),
        levels=_levels(text),
        several=len(periods) > 1 or len(posts) > 1,
    )


def tags_named(text: str) -> tuple[str, ...]:
    """TAGS codes that a question writes out beside the word: "tagged PREF", "the tag KCOR"."""
    if not re.search(r"\btag(?:s|ged)?\b", text, re.IGNORECASE):
        return ()
    return tuple(dict.fromkeys(word for word in re.findall(r"\b[A-Z]{2,5}\b", text) if word in codes()))


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
    found = (match["before"] or match["after"] for match in _CLASSIFIED_RE.finditer(text))
    return tuple(dict.fromkeys(_LEVELS[re.sub(r"\s+", " ", word.lower())] for word in found))


def _cables(text: str, view: CatalogView) -> tuple[str, ...]:
    named = [mention.id for mention in ids.find(text)]
    named += filter(None, map(ids.canonical, _TYPED_ID_RE.findall(text)))
    return tuple(id for id in dict.fromkeys(named) if id in view.contains(named))


def _around(periods: list[Period]) -> tuple[int | None, int | None]:
    """The first day and the last of some times: a cable is sent on the day it speaks of or in the fortnight after."""
    spans = [(p.first, p.last + timedelta(14) if p.is_day else p.last) for p in periods if p.last != LAST_DAY]
    spans += [(p.first, p.last) for p in periods if p.last == LAST_DAY]
    if not spans:
        return None, None
    return as_int(min(s for s, _ in spans)), as_int(max(e for _, e in spans))


def _posts(text: str, view: CatalogView) -> tuple[str, ...]:
    """Labels of the archive's posts whose place the question names: "the embassy in Tunis", "Tokyo's embassy"."""
    named = [label for place in _places(text) for label in _labels(place)]
    if _DEPARTMENT_RE.search(text):
        named.append(posts()["STATE"].label)
    known = {label for label, _ in view.posts()} if named else set()
    return tuple(dict.fromkeys(label for label in named if label in known))


def _places(text: str) -> list[str]:
    """Capitalised names of one to three words."""
    words = re.findall(r"[A-Z][\w'’.-]*(?: (?:de |do |da )?[A-Z][\w'’-]*){0,2}", text)
    parts = [re.sub(r"['’]s$", "", part) for word in words for part in (word, *word.split())]
    return list(dict.fromkeys(parts))


@cached_by_text(4096, max_chars=100)
def _labels(place: str) -> tuple[str, ...]:
    post = find_post(place, fuzzy=False)
    return (post.label,) if post else ()
