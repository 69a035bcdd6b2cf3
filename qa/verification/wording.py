"""Whether a sentence is its source's own: word for word, or with changes that change nothing.

A whole sentence of the source is compared, since the words around a part of one ("It is a myth that ...", "if",
"he denied that") are what it says.
"""

import re
from collections.abc import Sequence

from cables import Role
from cables.text import cached_by_text, day_in_words, sentences
from qa.answer import ProofLevel
from qa.text.dates import MONTHS
from qa.text.quantities import numbers
from qa.text.speaker_attribution import voiced
from qa.text.wordlists import wordlist
from qa.verification.sources import Source

MAX_SENTENCES = 4
"""Sentences of a source that one sentence of an answer may run over."""

_WORD_RE = re.compile(r"\w+|[%?]")
_SENDERS = wordlist("senders")
_SENDER_WORDS = _SENDERS | wordlist("sender_words")
"""What may stand before a source's own sentence and name its sender, beside the names in its header."""
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
_COUNTED_RE = re.compile(r"\ba (few|little)\b", re.IGNORECASE)
"""An article that is no empty word: "a few" are more than "few"."""


def wording_level(sentence: str, sources: Sequence[Source]) -> ProofLevel | None:
    """VERBATIM or CONFIRMED where the sentence is one of the sources' own; None for free wording."""
    said, plain = _words(sentence), _canonical(sentence)
    near = None
    for source in sources:
        for run in _runs(source.text, source.role):
            if _words(run) == said:
                return ProofLevel.VERBATIM
            own = _canonical(run)
            if plain[-len(own) :] == own and _names_sender(plain[: -len(own)], source):
                near = ProofLevel.CONFIRMED
    return near


def _names_sender(opening: tuple[str, ...], source: Source) -> bool:
    """Whether the words before a sentence say no more than who sent it, and when; of a quoted text that is too much."""
    if not opening:
        return True
    header = _canonical(f"{source.label} {day_in_words(source.day)}")
    named = not _SENDERS.isdisjoint(opening) and _SENDER_WORDS.union(header).issuperset(opening)
    return named and source.role is not Role.QUOTED


@cached_by_text(512, max_chars=10_000)
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


@cached_by_text(4096)
def _canonical(text: str) -> tuple[str, ...]:
    """Words with known equivalents in one form, without articles."""
    for number in reversed(numbers(text)):
        text = f"{text[: number.start]} {number.value:f}{number.unit} {text[number.end :]}"
    text = _COUNTED_RE.sub(r"some \1", text)
    for pattern, same in _PHRASES:
        text = re.sub(pattern, same, text, flags=re.IGNORECASE)
    return tuple(_SAME.get(word, word) for word in _words(text) if word not in _EMPTY)
