"""Posts: who sends cables, under which spellings, from where."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from cables.glossary.tables import rows
from cables.text import cached_by_text

_PREFIX_RE = re.compile(
    r"^(?:FM )?(?:AM|US ?)?(?:EMBASSY|EMB|CONSULATE GENERAL|CONSULATE|CONSUL|CONGEN|MISSION)\b\s*|^FM "
)
DEPARTMENT_OF_STATE = "Secretary of State"
"""Label under which the Department's own cables stand in the archive."""
_MIN_PREFIX_CHARS = 5
_MAX_NAME_CHARS = 40


@dataclass(frozen=True, slots=True)
class Post:
    """One post: `id` is its part of a cable's id (`BUENOSAIRES`), `country` a FIPS 10-4 code."""

    id: str
    label: str
    kind: str
    country: str
    latitude: float
    longitude: float
    routing: tuple[str, ...]
    spellings: tuple[str, ...]


def squeeze(name: str) -> str:
    """A name as it stands in ids: upper case, without spaces, hyphens, apostrophes and dots."""
    return re.sub(r"[^A-Z0-9]", "", name.upper())


@cache
def posts() -> dict[str, Post]:
    """Every known post by its id part."""
    return {row["id"]: _post(row) for row in rows("posts")}


def _post(row: dict[str, str]) -> Post:
    def several(column: str) -> tuple[str, ...]:
        return tuple(part for part in row[column].split("|") if part)

    return Post(
        id=row["id"],
        label=row["label"],
        kind=row["kind"],
        country=row["country"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        routing=several("routing"),
        spellings=several("spellings"),
    )


@cache
def _by_name() -> dict[str, str]:
    """Squeezed spelling or label -> id part; a post's own id wins over another's spelling."""
    labels = {squeeze(post.label): post.id for post in reversed(posts().values())}
    spellings = {squeeze(spelling): post.id for post in posts().values() for spelling in post.spellings}
    return labels | spellings | {id: id for id in posts()}


@cache
def _by_routing() -> dict[str, str]:
    return {indicator: post.id for post in reversed(posts().values()) for indicator in post.routing}


@cached_by_text(65_536, max_chars=100)
def find_post(name: str, *, fuzzy: bool = True, min_chars: int = 6) -> Post | None:
    """The post of a name in any spelling: `LA PAZ`, `AMEMBASSY LA PAZ`, with `fuzzy` also `BEIJINJG`.

    Fuzzy accepts names cut short (one embassy must be left) and names of at least `min_chars` letters that are
    one edit away from exactly one post.
    """
    upper = name.upper().split("//")[0].strip()
    plain = squeeze(upper)
    for candidate in (plain, squeeze(_PREFIX_RE.sub("", upper)), re.sub(r"(?<=\D)0", "O", plain)):
        if candidate in _by_name():
            return posts()[_by_name()[candidate]]
    if not fuzzy:
        return None
    guess = _cut_short(plain) or _one_edit_away(plain.replace("0", "O"), min_chars)
    return posts()[guess] if guess else None


def find_routing(indicator: str) -> Post | None:
    """The post behind a routing indicator such as `RUEHBJ`."""
    id = _by_routing().get(indicator.upper())
    return posts()[id] if id else None


def _cut_short(plain: str) -> str | None:
    if len(plain) < _MIN_PREFIX_CHARS:
        return None
    starts = {id for name, id in _by_name().items() if name.startswith(plain)}
    embassies = {id for id in starts if posts()[id].kind == "embassy"}
    unique = starts if len(starts) == 1 else embassies
    return next(iter(unique)) if len(unique) == 1 else None


def _one_edit_away(plain: str, min_chars: int) -> str | None:
    if not min_chars <= len(plain) <= _MAX_NAME_CHARS:
        return None
    least = max(min_chars, _MIN_PREFIX_CHARS)
    near = {_by_name()[edit] for edit in _edits(plain) if len(edit) >= least and edit in _by_name()}
    return next(iter(near)) if len(near) == 1 else None


def _edits(word: str) -> Iterator[str]:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield from (head + letter + tail for letter in letters)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in letters)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


@cached_by_text(65_536, max_chars=100)
def post_label(name: str) -> str | None:
    """A post for readers: `AMEMBASSY BEIJING`, `BEIJING` -> `Embassy Beijing`; None for who is no post."""
    post = find_post(name)
    return post.label if post else None
