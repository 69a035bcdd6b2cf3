"""TAGS codes and their names."""

from dataclasses import dataclass
from functools import cache

from cables.glossary.countries import countries
from cables.glossary.tables import rows
from cables.model import TagKind


@dataclass(frozen=True, slots=True)
class Code:
    """One code of the TAGS system, or a legacy phrase; `code` is the one of several spellings that counts."""

    code: str
    kind: TagKind
    name: str


@cache
def codes() -> dict[str, Code]:
    """Every known code; where a country and an organisation share one, the country has it."""
    listed = {
        row["code"]: Code(row["same"] or row["code"], TagKind(row["kind"]), row["name"])
        for row in rows("tags")
    }
    named = {
        country.name.upper(): Code(country.name.upper(), TagKind.COUNTRY, country.name)
        for country in countries().values()
        if " " in country.name
    }
    return (
        named
        | listed
        | {code: Code(code, TagKind.COUNTRY, country.name) for code, country in countries().items()}
    )


@cache
def phrases() -> dict[str, list[tuple[str, ...]]]:
    """The codes of several words, as word tuples by their first word, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for words in sorted((tuple(code.split()) for code in codes() if " " in code), key=len, reverse=True):
        found.setdefault(words[0], []).append(words)
    return found


@cache
def last_words() -> tuple[str, ...]:
    """The last words of the codes of several words."""
    return tuple({code.rsplit(" ", 1)[1] for code in codes() if " " in code})


@cache
def given_names() -> frozenset[str]:
    """Common given names, upper case."""
    return frozenset(row["name"] for row in rows("given_names"))


def tag_name(code: str) -> str | None:
    """What a code stands for: `PREL` -> "External political relations"; None where that is not known."""
    known = codes().get(code.upper())
    return known.name if known else None
