"""Whether a cited paragraph says what a sentence says: the check that decides on "verified".

Fine detail is what models get wrong and what readers cannot see: numbers, names, negations. Each is compared
word by word, in one form; the meaning of the whole is compared with the embedder last. A sentence passes only
if every comparison does; the first that fails is the reason that the reader sees.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from cables.text import Piece, content_words, day_in_words, sentences, stem
from qa.naming import home_of, missing_name
from qa.numbers import codes, numbers
from qa.polarity import contradicts
from vectorstore.embeddings import Embedder
from vectorstore.retriever import Evidence

COVERAGE = 0.25
"""Share of the sentence's words that the cited text must hold, at least."""
NEARNESS = 0.35
"""Cosine of the sentence and the nearest cited sentence, at least."""
TOGETHER = 0.85
"""Of coverage and nearness together, at least."""

_TYPOGRAPHY = str.maketrans({"‘": "'", "’": "'", "‛": "'", "′": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"',
                             "»": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "…": "...",
                             "\u00a0": " "})  # fmt: skip
_INLINE = re.compile(r'"([^"]+)"|(?<!\w)\'([^\']+(?:\'\w[^\']*)*)\'(?!\w)')


@dataclass(frozen=True, slots=True)
class Cited:
    """A paragraph that a sentence cites, with the words that it quotes from there; they may be missing."""

    evidence: Evidence
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What the check of a sentence found; `quotes` are the paragraph's own sentences behind it, by key."""

    verified: bool
    reason: str
    quotes: dict[str, tuple[str, ...]]


def folded(text: str) -> str:
    """Text with white space, typographic quotation marks and dashes in one form; otherwise as it is."""
    return " ".join(re.sub(r"-{2,}", "-", text.translate(_TYPOGRAPHY)).split())


class Checker:
    """Checks sentences against paragraphs; keeps the vectors of what it has seen for the next sentence."""

    def __init__(self, embedder: Embedder) -> None:
        self._vector = lru_cache(maxsize=4096)(lambda text: embedder.encode([text])[0])

    def check(self, sentence: str, cited: Sequence[Cited]) -> Check:
        """Whether the cited paragraphs, taken together, say what the sentence says."""
        if not cited:
            return Check(False, "it cites nothing", {})
        wrong = next((c for c in cited if folded(c.quote).strip(' ."') not in folded(c.evidence.text)), None)
        if wrong:
            return Check(False, "its quote does not stand in the cited paragraph", {})
        text = "\n".join(c.evidence.text for c in cited)
        ground = f"{text}\n{_headers(cited)}"
        near = self._near(sentence, cited)
        reason = (
            _missing_quotation(sentence, text)
            or _missing_number(sentence, ground)
            or _missing_name(sentence, ground, cited)
            or self._far(sentence, [piece.text for pieces in near.values() for piece in pieces], text)
            or _opposite(sentence, near, text)
        )
        return Check(not reason, reason, {key: tuple(p.text for p in pieces) for key, pieces in near.items()})

    def _near(self, sentence: str, cited: Sequence[Cited]) -> dict[str, list[Piece]]:
        """By key the sentences that a claim rests on: those of its quote, or the nearest one."""
        near: dict[str, list[Piece]] = {}
        for one in cited:
            pieces = sentences(one.evidence.text)
            quote = folded(one.quote).strip(' ."')
            held = _covering(pieces, one.evidence.text, quote) if quote else []
            if not held and pieces:
                cosines = [float(self._vector(piece.text) @ self._vector(sentence)) for piece in pieces]
                held = [pieces[int(np.argmax(cosines))]]
            near[one.evidence.key] = held
        return near

    def _far(self, sentence: str, near: Sequence[str], text: str) -> str:
        said = {stem(word) for word in content_words(sentence)}
        held = {stem(word) for word in content_words(text)}
        coverage = len(said & held) / max(1, len(said))
        nearness = max(float(self._vector(one) @ self._vector(sentence)) for one in [*near, text])
        if coverage < 1 and (coverage < COVERAGE or nearness < NEARNESS or coverage + nearness < TOGETHER):
            return "it is too far from what the cited paragraph says"
        return ""


def _covering(pieces: Sequence[Piece], text: str, quote: str) -> list[Piece]:
    """The sentences in which a folded quote stands; it may run over several."""
    for count in range(1, len(pieces) + 1):
        for start in range(len(pieces) - count + 1):
            if quote in folded(text[pieces[start].start : pieces[start + count - 1].end]):
                return list(pieces[start : start + count])
    return []


def _headers(cited: Sequence[Cited]) -> str:
    """What the cables' headers say of subject, post and date."""
    founds = {c.evidence.cable_id: c.evidence.found for c in cited}.values()
    return "\n".join(f"{f.subject or ''}. {f.post or ''}. {day_in_words(f.day)}. {f.cable_id}" for f in founds)


def _missing_quotation(sentence: str, text: str) -> str:
    """Words between quotation marks are somebody's own: they must stand there."""
    held = folded(text).lower()
    for match in _INLINE.finditer(folded(sentence)):
        words = (match[1] or match[2]).strip(" .,;:!?")
        if words.lower() not in held:
            return f'"{words}" does not stand in the cited paragraph'
    return ""


def _missing_number(sentence: str, ground: str) -> str:
    held = numbers(ground)
    for number in numbers(sentence):
        if not any(number.same(other) for other in held):
            return f"{number.printed} does not stand in the cited paragraph"
    lost = codes(sentence) - codes(ground)
    return f"{min(lost)} does not stand in the cited paragraph" if lost else ""


def _missing_name(sentence: str, ground: str, cited: Sequence[Cited]) -> str:
    name = missing_name(sentence, ground, home_of(cited[0].evidence.found.post))
    return f"{name} does not stand in the cited paragraph" if name else ""


def _opposite(sentence: str, near: dict[str, list[Piece]], text: str) -> str:
    words = contradicts(sentence, " ".join(piece.text for pieces in near.values() for piece in pieces))
    return f"the cited paragraph may say the opposite ({words})" if words else ""
