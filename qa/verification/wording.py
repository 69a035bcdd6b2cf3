"""Whether a sentence is its source's own: word for word, or with changes that change nothing.

A whole sentence of the source is compared, since the words around a part of one ("It is a myth that ...", "if",
"he denied that") are what it says.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from cables import Role
from cables.text import sentences
from qa.answer import ProofLevel
from qa.text.dates import MONTHS
from qa.text.quantities import numbers
from qa.text.speaker_attribution import voiced
from qa.verification.sources import Source

MAX_SENTENCES = 4
"""Sentences of a source that one sentence of an answer may run over."""

_WORD_RE = re.compile(r"\w+|%")
_SENDER_RE = re.compile(
    r"^(?:(?:according to|as) )?(?:the |its |an? )?(?:[A-Z][\w.' -]*)?"
    r"(?:embassy|consulate|mission|post|cable|state department)\b[^,;:()\"]{0,60}?"
    r"(?:,|\b(?:reports?|reported|says?|said|writes?|wrote|notes?|noted|comments?|commented)\b(?: on [\w ,]+?)? that)\s+",
    re.IGNORECASE,
)
"""Who sent the cable, as a sentence's opening: "The embassy reported on 3 May that"."""
_SAME = {
    **{name: f"month{n}" for name, n in MONTHS.items()},
    "usg": "us",
    "american": "us",
    "americans": "us",
    "percent": "%",
    "programme": "program",
    "amb": "ambassador",
    "govt": "government",
    "dept": "department",
}
_PHRASES = (
    (r"\bunited states\b", "us"),
    (r"\bu\.\s?s\.(?:\s?g\.)?", "us"),
    (r"\bper cent\b", "%"),
)
_EMPTY = frozenset(("a", "an", "the"))


def wording_level(sentence: str, sources: Sequence[Source]) -> ProofLevel | None:
    """VERBATIM or CONFIRMED where the sentence is one of the sources' own; None for free wording."""
    said, plain = _words(sentence), _canonical(sentence)
    inner = _SENDER_RE.sub("", sentence)
    near = None
    for source in sources:
        for run in _runs(source.text, source.role):
            if _words(run) == said:
                return ProofLevel.VERBATIM
            if _canonical(run) in (plain, _canonical(inner) if source.role is not Role.QUOTED else plain):
                near = ProofLevel.CONFIRMED
    return near


@lru_cache(maxsize=512)
def _runs(text: str, role: Role) -> tuple[str, ...]:
    """The sentences of a paragraph and runs of them, as they stand and without the page's labels."""
    whole, bare = sentences(text), [one.piece for one in voiced(text, role)]
    return tuple(
        text[pieces[start].start : pieces[end].end]
        for pieces in (whole, bare)
        for start in range(len(pieces))
        for end in range(start, min(start + MAX_SENTENCES, len(pieces)))
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORD_RE.findall(re.sub(r"['’`]", "", text)))


@lru_cache(maxsize=4096)
def _canonical(text: str) -> tuple[str, ...]:
    """Words with known equivalents in one form, without articles."""
    for number in reversed(numbers(text)):
        text = f"{text[: number.start]} {number.value:f}{number.unit} {text[number.end :]}"
    for pattern, same in _PHRASES:
        text = re.sub(pattern, same, text, flags=re.IGNORECASE)
    return tuple(_SAME.get(word, word) for word in _words(text) if word not in _EMPTY)
