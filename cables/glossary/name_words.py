"""Titles, the full names of a text, and how a name sounds in any spelling."""

import re

from cables.glossary.tables import rows
from cables.text import names

_WORDS = {row["kind"]: row["words"].split() for row in rows("name_words")}
TITLES = frozenset(_WORDS["title"])
"""Words of names that name nobody: lower case."""
_SOUNDS = dict(pair.split("=") for pair in _WORDS["sound"])
_REDACTED_RE = re.compile("x{3}", re.IGNORECASE)
_HEADING_RE = re.compile(r"(?:End|Begin|Comment|Summary|Ref|Reftel|Embassy|Consulate|Subject)\b")
MAX_NAME_WORDS = 5


def full_names(text: str) -> list[str]:
    """Names of two to five words in a text, each once, without titles before two words: `President Pinto` stays."""
    found = (
        without_titles(name, keeping=2).rstrip("'’")
        for name in names(text)
        if "." not in name and not _HEADING_RE.match(name)
    )
    return list(
        dict.fromkeys(
            name
            for name in found
            if 2 <= len(name.split()) <= MAX_NAME_WORDS
            and len(name.split()[0]) > 1  # "A/S Welch"
            and not name.isupper()
            and not _REDACTED_RE.search(name)
        )
    )


def without_titles(name: str, keeping: int = 1) -> str:
    """A name without the titles before it, but for its last `keeping` words: `Embassy Rome` is `Rome`."""
    words = name.split()
    while len(words) > keeping and words[0].lower() in TITLES:
        words = words[1:]
    return " ".join(words)


def sound(word: str) -> str:
    """Roughly how a word sounds, in small letters: its consonants, those that are confused as one, none twice."""
    for letters, other in _SOUNDS.items():
        word = word.replace(letters, other)
    bare = word[:1] + re.sub(r"[aeiouh]", "", word[1:])
    bare = re.sub(r"^[aeio]", "a", bare)
    return re.sub(r"(.)\1+", r"\1", bare)
