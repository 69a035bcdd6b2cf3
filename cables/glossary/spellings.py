"""Names and words that are spelt in several ways: `Gaddafi`, `Qadhafi`."""

import re
from functools import cache

from cables.glossary.tables import rows


@cache
def _by_word() -> dict[str, tuple[str, ...]]:
    groups = [row["spellings"].split("|") for row in rows("spellings")]
    return {_plain(word): tuple(other for other in own if other != word) for own in groups for word in own}


def _plain(word: str) -> str:
    return re.sub(r"['’]", "", word.lower())


def spellings(word: str) -> tuple[str, ...]:
    """Other spellings of a word, as they are written; none for most words."""
    return _by_word().get(_plain(re.sub(r"['’]s$", "", word)), ())
