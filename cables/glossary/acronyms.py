"""Acronyms and the words of cables: MFA, POLOFF, GOI."""

from dataclasses import dataclass
from functools import cache

from cables.glossary.tables import rows


@dataclass(frozen=True, slots=True)
class AcronymMeaning:
    """What an acronym stands for; `country` (FIPS) where only that country's cables mean it so."""

    words: str
    country: str | None = None


@cache
def acronyms() -> dict[str, tuple[AcronymMeaning, ...]]:
    """Every known acronym, upper case, with its meanings."""
    found: dict[str, tuple[AcronymMeaning, ...]] = {}
    for row in rows("acronyms"):
        found[row["acronym"]] = (
            *found.get(row["acronym"], ()),
            AcronymMeaning(row["meaning"], row["country"] or None),
        )
    return found


def acronym(text: str, *, country: str | None = None) -> tuple[AcronymMeaning, ...]:
    """The meanings of `text`; empty where none is known.

    With the `country` (FIPS) that a cable comes from, its own meaning alone where it has one: GOI from New
    Delhi is the Government of India.
    """
    meanings = acronyms().get(text.strip().upper(), ())
    own = tuple(meaning for meaning in meanings if country and meaning.country == country)
    return own or meanings
