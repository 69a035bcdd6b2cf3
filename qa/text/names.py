"""Names of a text in one form, and whether a source holds the names of a sentence.

Countries count by any of their words (Tehran's "Iranian", "GOI" in a cable from Tehran), people by the last
part of their names, bodies by their words or their initials.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from cables.glossary import acronym, acronyms, find_countries, posts
from cables.text import stem
from qa.text.wordlists import common_words, wordlist

_NAME = re.compile(
    r"(?<![\w'’])(?:The )?(?:[A-Z]\.(?:[A-Z]\.)+|(?:(?:al|el|ul)-)?[A-ZÀ-Þ][\w'’]*)"
    r"(?:(?:[ -]|\. )(?:(?:al|bin|bint|ben|ibn|de|del|da|do|dos|el|ul|von|van|der|la)[ -])?"
    r"(?:(?:al|el|ul)-)?[A-ZÀ-Þ][\w'’]*)*"
)
_PART = re.compile(r"[a-z0-9]+")
TITLES = wordlist("titles")
"""Words of names that name nobody: they need no ground of their own."""
SIMILAR = 6
"""Letters of a name from which one letter's difference is a spelling."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name where it stands: `keys` are its forms; `opens` tells that it opens a sentence."""

    printed: str
    keys: frozenset[str]
    start: int
    end: int
    opens: bool


@cache
def _cities() -> dict[str, str]:
    """Posts' cities, lower case, and the countries that they speak for."""
    return {
        post.label.partition(" ")[2].lower(): post.country
        for post in posts().values()
        if post.kind == "embassy"
    }


@cache
def _homes() -> dict[str, str]:
    return {post.label: post.country for post in posts().values()}


def home_of(post: str | None) -> str | None:
    """The country (FIPS) in which a post such as `Embassy Rome` stands."""
    return _homes().get(post or "")


@lru_cache(maxsize=1024)
def find_names(text: str, home: str | None = None) -> tuple[Name, ...]:
    """The names of a text in order; `home` is the country (FIPS) that decides what GOI means."""
    found = []
    for match in _NAME.finditer(text):
        printed = re.sub(r"['’]s?$", "", match[0])
        opens = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in '.!?:;"“'
        parts = parts_of(printed)
        while parts and (parts[0] in TITLES) and len(parts) > 1:
            parts = parts[1:]
        if not parts or all(part in TITLES for part in parts):
            continue
        countries = _countries(printed, home)
        if (
            opens
            and len(parts) == 1
            and not countries
            and not printed.isupper()
            and stem(parts[0]) in common_words()
        ):
            continue
        keys = countries or frozenset({parts[-1]})
        found.append(Name(printed, keys, match.start(), match.start() + len(printed), opens))
    return tuple(found)


def narrows(said: str, held: str) -> bool:
    """Whether a capital stands in its country's place: what happened in Iran need not have happened in Tehran."""
    cities = _cities()
    said, held = (re.sub(r"['’]s?$", "", name).lower() for name in (said, held))
    return said in cities and held not in cities and f"@{cities[said]}" in _countries(held.title(), None)


def missing_name(sentence: str, ground: str, home: str | None = None) -> str:
    """The first name of the sentence that has no ground; empty where all stand there."""
    held = frozenset().union(*(name.keys for name in find_names(ground, home))) | _lower_countries(
        ground, home
    )
    parts = frozenset(parts_of(ground))
    for name in find_names(sentence, home):
        if not name.keys & held and not _stands(name, parts, ground):
            return name.printed
    return ""


def parts_of(name: str) -> list[str]:
    """The parts of a name, lower case, without accents and possessives: `Rubai'e` is `rubaie`."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return _PART.findall(re.sub(r"['’]s\b|['’]|(?<=[A-Z])\.(?=[A-Z]|$|\W)", "", plain).lower())


def _stands(name: Name, parts: frozenset[str], ground: str) -> bool:
    """Whether a name stands in the ground in its own letters, spelled nearly so, or by its initials."""
    own = [part for part in parts_of(name.printed) if part not in TITLES]
    last = own[-1]
    if last in parts or stem(last) in {stem(part) for part in parts}:
        return True
    if any(key.startswith("@") for key in name.keys):
        return False
    if len(last) >= SIMILAR and any(_nearly(last, part) for part in parts):
        return True
    if any(c.isupper() for c in name.printed[1:]) and _spelled_out(name.printed, ground):
        return True
    initials = "".join(part[0] for part in parts_of(name.printed)).upper()
    return len(own) > 1 and re.search(rf"\b{initials}", ground) is not None


def _nearly(a: str, b: str) -> bool:
    """Whether two words of six letters or more differ by one letter, or by an ending."""
    if abs(len(a) - len(b)) > 1 or a[0] != b[0]:
        return (
            len(b) >= SIMILAR and len(a) - len(b) in (1, 2, -1, -2) and (a.startswith(b) or b.startswith(a))
        )
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) == 1
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def same_initials(one: str, other: str) -> bool:
    """Whether one of two texts holds an acronym that the other spells out."""
    return any(
        _spelled_out(match[0], b)
        for a, b in ((one, other), (other, one))
        for match in re.finditer(r"\b[A-Z]{2,6}\b", a)
    )


def _spelled_out(name: str, ground: str) -> bool:
    """Whether an acronym's words stand in the ground, by the glossary or by their initials."""
    if any(meaning.words.lower() in ground.lower() for meaning in acronym(name)):
        return True
    letters = [letter for letter in name if letter.isalpha()]
    if len(letters) < 2 or not name.isupper():
        return False
    return (
        re.search(
            r"[ -](?:(?:of|the|and|for|de|del|des|du|la)[ -])*".join(rf"\b{c}\w+" for c in letters), ground
        )
        is not None
    )


def _countries(name: str, home: str | None) -> frozenset[str]:
    """`@` and code of the countries that a name speaks of: by name, people, government or capital."""
    plain = re.sub(r"\bU\.S\.(?:G\.)?|\bUSG?\b", "United States", name)
    plain = re.sub(r"\bU\.K\.|\bHMG\b|\bUK\b|\bBritish\b|\bBritain\b|\bBritons?\b", "United Kingdom", plain)
    codes = {code for *_, code in find_countries(plain)}
    if not codes and plain.lower() in _cities():
        codes = {_cities()[plain.lower()]}
    if not codes and name in acronyms() and name.isupper():
        for meaning in acronym(name, country=home):
            if re.search(r"[Gg]overnment|Republic", meaning.words):
                codes |= (
                    {meaning.country} if meaning.country else {c for *_, c in find_countries(meaning.words)}
                )
    return frozenset(f"@{code}" for code in codes)


def _lower_countries(text: str, home: str | None) -> frozenset[str]:
    """Countries in a text that is all in capitals, such as a subject."""
    return frozenset(f"@{code}" for *_, code in find_countries(text))
