"""A paragraph's words as HTML: quotes marked exactly, acronyms explained. The words never change."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from cables.glossary import acronym
from web.render.templating import render

_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9/&-]{1,9}\b")
_IN_BRACKETS = re.compile(r" \(([A-Z]{2,9})\)")
_WORD = re.compile(r"[\w'-]+")
MAX_SPELLED_WORDS = 9
MAX_SPELLED_CHARS = 200
"""Of what stands before an acronym in brackets and may be what it is short for."""
_SMALL_WORDS = {"of", "the", "and", "for", "in", "on", "to", "a"}


def own_acronyms(texts: Iterable[str]) -> dict[str, str]:
    """Acronyms that a cable itself explains: "Ministry of Foreign Affairs (MOFA)"."""
    found: dict[str, str] = {}
    for text in texts:
        for bracket in _IN_BRACKETS.finditer(text):
            spelled = _spelled(_words_before(text, bracket.start()), bracket[1])
            if spelled:
                found.setdefault(bracket[1], spelled)
    return found


def _words_before(text: str, end: int) -> list[str]:
    """The words that stand before a place with single spaces between them, the last few."""
    start = max(0, end - MAX_SPELLED_CHARS)
    parts = text[start:end].split(" ")[-MAX_SPELLED_WORDS:]
    words: list[str] = []
    for part in reversed(parts):
        if not _WORD.fullmatch(part):
            break
        words.insert(0, part)
    return words


def _spelled(words: list[str], short: str) -> str | None:
    """The last of the words whose initials are the acronym; small words count or not, as it fits."""
    for start in range(len(words) - 1, -1, -1):
        chosen = words[start:]
        every = "".join(word[0] for word in chosen).upper()
        large = "".join(word[0] for word in chosen if word not in _SMALL_WORDS).upper()
        if short in {every, large} and chosen[0] not in _SMALL_WORDS:
            return " ".join(chosen)
    return None


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that belong together: plain, an acronym with its meaning, or part of a quote."""

    text: str
    quoted: bool
    meaning: str = ""


def marked(
    text: str, quotes: Sequence[str], own: Mapping[str, str] | None = None, country: str | None = None
) -> Markup:
    """The text with its quotes inside <mark>; one that does not stand there word for word marks nothing.

    With `own`, the acronyms that the cable itself explains, all acronyms that are known are explained.
    """
    found = (find_quote(text, quote) for quote in quotes if quote.strip())
    pieces: list[Piece] = []
    end, explained = 0, set[str]()
    for start, stop in sorted(span for span in found if span):
        if start >= end:
            pieces += _explained(text[end:start], False, own, country, explained)
            pieces += _explained(text[start:stop], True, own, country, explained)
            end = stop
    pieces += _explained(text[end:], False, own, country, explained)
    return render_pieces(pieces)


def render_pieces(pieces: Iterable[Piece]) -> Markup:
    """Pieces in a row, those of a quote inside <mark>."""
    runs = [(quoted, list(run)) for quoted, run in groupby(pieces, key=lambda piece: piece.quoted)]
    return render("marked_text.html", runs=runs)


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """Where a quote stands, white space folded."""
    match = re.search(r"\s+".join(re.escape(word) for word in quote.split()), text)
    return match.span() if match else None


def _explained(
    text: str, quoted: bool, own: Mapping[str, str] | None, country: str | None, explained: set[str]
) -> Iterator[Piece]:
    """The text with each acronym that is known explained where it first stands; all capitals stay plain."""
    end = 0
    for match in () if own is None or text.isupper() else _ACRONYM.finditer(text):
        word = match[0]
        meaning = (own or {}).get(word) or "; ".join(m.words for m in acronym(word, country=country))
        if meaning and word not in explained:
            explained.add(word)
            yield Piece(text[end : match.start()], quoted)
            yield Piece(word, quoted, meaning)
            end = match.end()
    yield Piece(text[end:], quoted)
