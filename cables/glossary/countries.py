"""Countries: FIPS 10-4 codes, as TAGS use them, with the names and adjectives that people use."""

import re
from dataclasses import dataclass
from functools import cache

from cables.glossary.tables import rows


@dataclass(frozen=True, slots=True)
class Country:
    """A country or region: FIPS code `IZ`, name `Iraq`, other words for it (`Iraqi`)."""

    code: str
    name: str
    words: tuple[str, ...]


@cache
def countries() -> dict[str, Country]:
    """Every country by its FIPS 10-4 code, second codes in use (`RU` for Russia) included."""
    return {
        row["code"]: Country(
            row["code"], row["name"], tuple(word for word in row["words"].split("|") if word)
        )
        for row in rows("countries")
    }


@cache
def _by_word() -> dict[str, str]:
    """Lower-case name or adjective, singular and plural -> code; the first code of a name is its own."""
    found: dict[str, str] = {}
    plain = [row["code"] for row in rows("countries") if not row["status"]]
    for country in (countries()[code] for code in [*plain, *countries()]):
        for word in (country.name, *country.words):
            found.setdefault(word.lower(), country.code)
            found.setdefault(word.lower() + "s", country.code)
    return found


def country_code(word: str) -> str | None:
    """The FIPS code of a country's name, adjective or people: `Tunisia`, `Tunisian`, `Tunisians` -> `TS`."""
    return _by_word().get(word.strip().lower())


_WORD_START_RE = re.compile(r"(?<![\w-])\w+")
_WORD_END_RE = re.compile(r"(?![\w-])")


@cache
def _by_first_word() -> dict[str, list[str]]:
    """The names that begin with a word, the longest first."""
    found: dict[str, list[str]] = {}
    for name in sorted(_by_word(), key=len, reverse=True):
        if first := _WORD_START_RE.match(name):
            found.setdefault(first[0], []).append(name)
    return found


def find_countries(text: str) -> tuple[tuple[int, int, str], ...]:
    """Countries named in running text: (start, end, FIPS code), in order; the longest name wins."""
    found: list[tuple[int, int, str]] = []
    done = 0
    for word in _WORD_START_RE.finditer(text):
        start = word.start()
        for name in _by_first_word().get(word[0].lower(), ()) if start >= done else ():
            end = start + len(name)
            if text[start:end].lower() == name and _WORD_END_RE.match(text, end):
                found.append((start, end, _by_word()[name]))
                done = end
                break
    return tuple(found)
