"""What can be known of a sentence without reading it: is it the source's own words, and does it make up a fact?

The level is refuted only on evidence that is nearly always right, and confirmed only where the sentence is its
source's own up to known equivalents; between the two it is cited, and a reading decides (reading.py).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cables import Role
from cables.text import Piece, cached_by_text, sentences
from qa.answer import ProofLevel
from qa.text.analysis import analyse
from qa.text.speaker_attribution import role_at
from qa.text.wordlists import wordlist
from qa.verification.facts import holds_words, missing_fact
from qa.verification.reading import Reading, unsupported_words
from qa.verification.sources import Source
from qa.verification.wording import wording_level

UNREAD = "it is in other words than the paragraph's, and nobody has confirmed it"

_SPOKEN_RE = re.compile(
    r"\b(?!(?:am|is|are|was|were|be|been|being|has|had|have|not)\b)(?P<who>\w+) (?:said|says|told(?! to)|noted|claimed"
    r"|argued|stated|explained|insisted|added|admitted|believe[sd]?|thinks?|stressed|emphasi[sz]ed|replied|warned"
    r"|complained|asserted|remarked|confirmed)\b"
)
_OWN_VOICE = wordlist("own_voice")


@dataclass(frozen=True, slots=True)
class CitedParagraph:
    """A paragraph that a sentence cites, with the words that it quotes from there; they may be missing."""

    source: Source
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What is known of a sentence; `quotes` are its sources' own sentences behind it, by key."""

    level: ProofLevel
    reason: str
    quotes: dict[str, tuple[str, ...]]
    final: bool = False
    """No reading can raise it: it cites nothing, or its quote or a figure does not stand there."""


def check(sentence: str, cited: Sequence[CitedParagraph]) -> Check:
    """The level of a sentence by its wording and its facts."""
    if not cited:
        return Check(ProofLevel.REFUTED, "it cites nothing", {}, final=True)
    quotes = _quotes(sentence, cited)
    if not all(_holds_quote(one) for one in cited):
        return Check(
            ProofLevel.REFUTED, "its quote does not stand in the cited paragraph", quotes, final=True
        )
    sources = [one.source for one in cited]
    if level := wording_level(sentence, sources):
        return Check(level, "", quotes)
    if fact := missing_fact(sentence, sources):
        reason = f"{fact.printed} does not stand in the cited paragraph"
        return Check(ProofLevel.REFUTED, reason, quotes, final=fact.in_figures)
    if _misattributed(sentence, sources, quotes):
        reason = "the cited paragraph is the embassy's own comment, nobody's statement"
        return Check(ProofLevel.REFUTED, reason, quotes)
    return Check(ProofLevel.CITED, UNREAD, quotes)


def with_reading(sentence: str, known: Check, reading: Reading) -> Check:
    """A check with what a reading of the sentence says.

    It decides on the wording, and makes of a missing name or date a doubt.
    """
    if known.level.verified or known.final or reading.supported is None:
        return known
    if reading.supported:
        if known.level is ProofLevel.CITED:
            return replace(known, level=ProofLevel.CONFIRMED, reason="")
        return replace(known, level=ProofLevel.CITED)
    if known.level is ProofLevel.REFUTED:
        return known
    if words := unsupported_words(reading, sentence):
        reason = f'the cited paragraph does not say "{words}"'
        return replace(known, level=ProofLevel.REFUTED, reason=reason)
    return replace(known, reason="a second reading did not find all of it in the cited paragraph")


def _holds_quote(cited: CitedParagraph) -> bool:
    return any(holds_words(text, cited.quote) for text in (cited.source.text, cited.source.header))


def _quotes(sentence: str, cited: Sequence[CitedParagraph]) -> dict[str, tuple[str, ...]]:
    """By key the sentences that a claim rests on: those of its quote, or the one with most words in common."""
    found: dict[str, set[Piece]] = {}
    for one in cited:
        pieces = sentences(one.source.text)
        held = _covering(one.source.text, one.quote)
        if not held and pieces:
            held = (max(pieces, key=lambda piece: _shared(sentence, piece.text)),)
        found.setdefault(one.source.key, set()).update(held)
    return {key: tuple(piece.text for piece in sorted(pieces)) for key, pieces in found.items()}


def _shared(sentence: str, own: str) -> float:
    said, held = analyse(sentence).lemmas, analyse(own).lemmas
    return len(said & held) / (len(held) + 10)


@cached_by_text(1024, max_chars=10_000)
def _covering(text: str, quote: str) -> tuple[Piece, ...]:
    """The fewest sentences in which a quote stands."""
    pieces = sentences(text)
    held = quote.strip(" .") and holds_words(text, quote)
    for count in range(1, len(pieces) + 1) if held else ():
        for start in range(len(pieces) - count + 1):
            if holds_words(text[pieces[start].start : pieces[start + count - 1].end], quote):
                return pieces[start : start + count]
    return ()


def _misattributed(sentence: str, sources: Sequence[Source], quotes: dict[str, tuple[str, ...]]) -> bool:
    """Whether an embassy's own comment is put into somebody else's mouth."""
    near = [(source, quote) for source in sources for quote in quotes.get(source.key, ())]
    roles = {role_at(s.text, s.role, s.text.find(quote) + len(quote) - 1) for s, quote in near}
    if roles != {Role.COMMENT} or any(_SPOKEN_RE.search(source.text) for source in sources):
        return False
    return any(match["who"].lower() not in _OWN_VOICE for match in _SPOKEN_RE.finditer(sentence))
