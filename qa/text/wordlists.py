"""Closed lists of words, and stems of common ones, from the data files beside this module."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


def lines_of(file: Path) -> list[str]:
    """The lines of a data file without its comments."""
    return [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def rows_of(file: Path) -> list[tuple[str, str]]:
    """The lines of a table of two columns."""
    return [(name, words) for name, _, words in (line.partition("\t") for line in lines_of(file))]


def ordered(name: str) -> tuple[str, ...]:
    """The words of the list of this name in wordlists.tsv, in their order."""
    rows = (line.partition("\t") for line in lines_of(FOLDER / "wordlists.tsv"))
    return next(tuple(words.split()) for own, _, words in rows if own == name)


def pairs(name: str) -> dict[str, str]:
    """The `word=other` pairs of the list of this name, in their order."""
    return dict(entry.split("=") for entry in ordered(name))


def wordlist(name: str) -> frozenset[str]:
    """The words of the list of this name."""
    return frozenset(ordered(name))


@cache
def common_words() -> frozenset[str]:
    """Stems of common words: a capital that only opens a sentence makes no name of them."""
    return frozenset(word for line in lines_of(FOLDER / "common_words.txt") for word in line.split())
