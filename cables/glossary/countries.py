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


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(_by_word(), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(re.escape(word) for word in words) + r")(?![\w-])", re.I)


def find_countries(text: str) -> tuple[tuple[int, int, str], ...]:
    """Countries named in running text: (start, end, FIPS code), in order; the longest name wins."""
    return tuple(
        (match.start(), match.end(), _by_word()[match[0].lower()]) for match in _pattern().finditer(text)
    )
