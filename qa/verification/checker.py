"""Whether a cited paragraph says what a sentence says: the check that decides on "verified".

Fine detail is what models get wrong and what readers cannot see: numbers, names, negations. Each is compared
word by word, in one form; the meaning of the whole is compared with the embedder last. A sentence passes only
if every comparison does; the first that fails is the reason that the reader sees.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cables import Role
from cables.text import Piece, content_words, day_in_words, sentences, stem
from qa.text.names import find_names, home_of, missing_name
from qa.text.quantities import codes, dates, months, numbers
from qa.text.speaker_attribution import role_at
from qa.text.wordlists import wordlist
from qa.text.words import lemma
from qa.verification.argument_alignment import misplaced, mistitled
from qa.verification.edit_alignment import ATTRIBUTION, altered
from qa.verification.entailment import ENOUGH, Entailment
from qa.verification.negation import contradicts
from vectorstore.interfaces import Embedder
from vectorstore.retrieval.evidence import Evidence

TOGETHER = 0.9
"""Of the share of a sentence's words that the cited text holds, and its cosine with it, at least."""

SHARED = 2
"""Words of content by which a sentence of the paragraph speaks of the same as a claim."""

KEPT = 4_096
"""Vectors that a checker keeps."""

Vector = np.ndarray[tuple[int], np.dtype[np.float32]]

_TYPOGRAPHY = str.maketrans("‘’‛′`“”„«»‐‑‒–—−\u00a0", "'''''\"\"\"\"\"------ ") | {ord("…"): "..."}
_SPOKEN = re.compile(
    r"\b(?P<who>\w+) (?:said|says|told(?! to)|noted|claimed|argued|stated|explained|insisted|added|admitted"
    r"|believe[sd]?|thinks?)\b"
)
_ACCORDING = re.compile(r"\b[Aa]ccording to (?P<who>[^,]{1,60}),")
_ANY_WORD = re.compile(r"[A-Za-z]+")
_GROUNDS = tuple(
    (wordlist(f"needs_{kind}"), frozenset(lemma(word) for word in wordlist(f"ground_{kind}")))
    for kind in ("chance", "duty", "universal")
)
"""Small words that weigh, and the words of a source on which they can stand."""
_SLASHED = re.compile(r"\b\d{1,2}/\d{1,2}\b")
_OWN_VOICE = wordlist("own_voice")
_INLINE = re.compile(r'"([^"]+)"|(?<!\w)\'([^\']+(?:\'\w[^\']*)*)\'(?!\w)')


@dataclass(frozen=True, slots=True)
class CitedParagraph:
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

    def __init__(self, embedder: Embedder, entailment: Entailment | None = None) -> None:
        self._embedder = embedder
        self._entailment = entailment
        self._known: dict[str, Vector] = {}

    def _nearness(self, sentence: str, texts: Sequence[str]) -> list[float]:
        """The cosine of a sentence with each of some texts."""
        if len(self._known) > KEPT:
            self._known.clear()
        new = [text for text in dict.fromkeys((sentence, *texts)) if text not in self._known]
        if new:
            self._known.update(zip(new, self._embedder.encode(new), strict=True))
        return [float(self._known[text] @ self._known[sentence]) for text in texts]

    def check(self, sentence: str, cited: Sequence[CitedParagraph]) -> Check:
        """Whether the cited paragraphs, taken together, say what the sentence says."""
        if not cited:
            return Check(False, "it cites nothing", {})
        wrong = next((c for c in cited if folded(c.quote).strip(' ."') not in folded(c.evidence.text)), None)
        if wrong:
            return Check(False, "its quote does not stand in the cited paragraph", {})
        near = self._near(sentence, cited)
        ground = _Ground.of(cited, near)
        reason = (
            _missing_quotation(sentence, ground)
            or _missing_number(sentence, ground)
            or _missing_name(sentence, ground)
            or self._far(sentence, ground)
            or _contradiction(sentence, ground)
            or _misattributed(sentence, ground)
            or self._unentailed(sentence, ground)
        )
        return Check(not reason, reason, {key: tuple(p.text for p in pieces) for key, pieces in near.items()})

    def _near(self, sentence: str, cited: Sequence[CitedParagraph]) -> dict[str, list[Piece]]:
        """By key the sentences that a claim rests on: those of its quote, or the nearest one."""
        near: dict[str, list[Piece]] = {}
        for one in cited:
            pieces = sentences(one.evidence.text)
            quote = folded(one.quote).strip(' ."')
            held = _covering(pieces, one.evidence.text, quote) if quote else []
            if not held and pieces:
                held = [pieces[int(np.argmax(self._nearness(sentence, [piece.text for piece in pieces])))]]
            known = near.setdefault(one.evidence.key, [])
            near[one.evidence.key] = sorted({*known, *held})
        return near

    def _unentailed(self, sentence: str, ground: "_Ground") -> str:
        """The second opinion, where there is one: of the quoted sentences, or of all that is cited."""
        if self._entailment is None:
            return ""
        chance = self._entailment.chance(sentence, (" ".join(ground.near), " ".join(ground.text.split())))
        return "" if chance >= ENOUGH else "the checking model does not find it in the cited paragraph"

    def _far(self, sentence: str, ground: "_Ground") -> str:
        said = {stem(word) for word in content_words(sentence)}
        held = {stem(word) for word in content_words(ground.text)}
        coverage = len(said & held) / max(1, len(said))
        nearness = max(self._nearness(sentence, (*ground.near, ground.text)))
        return "" if coverage + nearness >= TOGETHER else "it is too far from what the cited paragraph says"


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a sentence may stand on: all cited text, its sentences, those that are quoted, and the headers."""

    text: str
    sentences: tuple[str, ...]
    near: tuple[str, ...]
    headers: str
    voices: tuple[Role, ...]
    """Who speaks in each of the sentences that are quoted."""
    quoted: bool
    home: str | None

    @classmethod
    def of(cls, cited: Sequence[CitedParagraph], near: dict[str, list[Piece]]) -> "_Ground":
        texts = {c.evidence.key: c.evidence.text for c in cited}.values()
        founds = {c.evidence.cable_id: c.evidence.found for c in cited}.values()
        return cls(
            text="\n".join(texts),
            sentences=tuple(" ".join(piece.text.split()) for text in texts for piece in sentences(text)),
            near=tuple(piece.text for pieces in near.values() for piece in pieces),
            headers="\n".join(
                f"{f.subject or ''}. {f.post or ''}. {day_in_words(f.day)}. {f.cable_id}" for f in founds
            ),
            voices=tuple(
                role_at(c.evidence.text, c.evidence.role, piece.end - 1)
                for c in {c.evidence.key: c for c in cited}.values()
                for piece in near[c.evidence.key]
            ),
            quoted=all(c.quote for c in cited),
            home=home_of(cited[0].evidence.found.post),
        )


def _covering(pieces: Sequence[Piece], text: str, quote: str) -> list[Piece]:
    """The sentences in which a folded quote stands; it may run over several."""
    for count in range(1, len(pieces) + 1):
        for start in range(len(pieces) - count + 1):
            if quote in folded(text[pieces[start].start : pieces[start + count - 1].end]):
                return list(pieces[start : start + count])
    return []


_ABSENT = "{} does not stand in the cited paragraph"


def _missing_quotation(sentence: str, ground: _Ground) -> str:
    """Words between quotation marks are somebody's own: they must stand there."""
    held = folded(ground.text).lower()
    for match in _INLINE.finditer(folded(sentence)):
        words = (match[1] or match[2]).strip(" .,;:!?")
        if words.lower() not in held:
            return _ABSENT.format(f'"{words}"')
    return ""


def _missing_number(sentence: str, ground: _Ground) -> str:
    """Figures stand in the quoted sentences, in others that share words with the claim, or in the header."""
    whole = f"{ground.text}\n{ground.headers}"
    years = {date.year for date in dates(ground.headers)}
    known = dates(whole) | months(ground.text, years)
    said = dates(sentence)
    strange = {date.printed for date in said if not any(date.same(other, years) for other in known)}
    slashed = set(_SLASHED.findall(sentence)) - set(_SLASHED.findall(whole))
    lost = codes(sentence) - codes(whole) or strange or slashed
    own = {lemma(word) for word in content_words(sentence)}
    near = [text for text in ground.sentences if len({lemma(w) for w in content_words(text)} & own) >= SHARED]
    held = numbers("\n".join((*ground.near, *near, ground.headers)) if ground.quoted else whole)
    for number in numbers(sentence):
        dated = any(number.printed in date.printed for date in said if date.printed not in strange)
        if not dated and not any(number.same(other) for other in held):
            return _ABSENT.format(number.printed)
    return _ABSENT.format(min(lost)) if lost else ""


def _missing_name(sentence: str, ground: _Ground) -> str:
    name = missing_name(sentence, f"{ground.text}\n{ground.headers}", ground.home)
    return _ABSENT.format(name) if name else ""


def _contradiction(sentence: str, ground: _Ground) -> str:
    """What the sentence says otherwise: a word changed, a name in another's place, yes for no."""
    if folded(ATTRIBUTION.sub("", sentence)).strip(' ."').lower() in folded(ground.text).lower():
        return ""  # it is word for word there
    if change := altered(sentence, ground.sentences, ground.home):
        return f'the cited paragraph has other words in the place of "{change}"'
    if word := _groundless(sentence, ground):
        return f'"{word}" has no ground in the cited paragraph'
    if name := misplaced(sentence, ground.sentences, ground.home):
        return f"the cited paragraph says it of others than {name}"
    if name := mistitled(sentence, f"{ground.text}\n{ground.headers}", ground.home):
        return f"the cited paragraph gives another title than {name}"
    if word := contradicts(sentence, " ".join(ground.near), ground.text):
        return f'the cited paragraph may say the opposite ("{word}")'
    return ""


def _groundless(sentence: str, ground: _Ground) -> str:
    """A "may", "must" or "all" without anything like it in the source."""
    held = {lemma(word) for word in _ANY_WORD.findall(ground.text)}
    for word in _ANY_WORD.findall(sentence):
        if any(word.lower() in words and not grounds & held for words, grounds in _GROUNDS):
            return str(word)
    return ""


def _misattributed(sentence: str, ground: _Ground) -> str:
    """What one says, said of another; or an embassy's own comment put into somebody else's mouth."""
    speakers = [_speakers(one, ground.home) for one in ground.near]
    if (according := _ACCORDING.match(sentence)) and all(speakers):
        claimed = _keys(according["who"], ground.home) or _keys(sentence, ground.home)
        if not claimed & frozenset().union(*speakers):
            return f"the cited paragraph has it from others than {according['who']}"
    if any(role is not Role.COMMENT for role in ground.voices):
        return ""
    said_by = [match["who"].lower() for match in _SPOKEN.finditer(sentence)]
    if any(who not in _OWN_VOICE for who in said_by) and not any(_SPOKEN.search(one) for one in ground.near):
        return "the cited paragraph is the embassy's own comment, nobody's statement"
    return ""


def _speakers(text: str, home: str | None) -> frozenset[str]:
    """The keys of the names who say what a sentence of the source says; empty where it names none."""
    ends = {match.end("who") for match in _SPOKEN.finditer(text)}
    spoken = [name.keys for name in find_names(text, home) if name.end in ends]
    according = [_keys(match["who"], home) for match in _ACCORDING.finditer(text)]
    return frozenset().union(*spoken, *according)


def _keys(text: str, home: str | None) -> frozenset[str]:
    return frozenset().union(*(name.keys for name in find_names(text, home)))
