"""A paragraph's sentences as they can be read outside of it, each with who speaks.

Labels ("Summary:", "End note.)"), list marks and heading scraps belong to the page, not to what is said, so
they are left outside; what is left is still verbatim. A bracketed comment inside a report is the embassy's.
"""

import re
from functools import cache
from typing import NamedTuple

from cables import Role
from cables.text import Piece, cached_by_text, sentences
from qa.text.wordlists import FOLDER, lines_of

_LABEL = (
    r"(?:summary|comments?|note|bio(?:graphic(?:al)?)? note|action requests?|introduction|overview|background|text"
    r"|cont(?:inue|['’])?d)"
)
_WHOSE = (
    r"(?:(?:begin|brief|executive|embassy|post|mission|consulate|congen|poloff|econoff|emboffs?|drafter'?s|our)"
    r"(?:['’]s)? )*"
)
_OPENING_RE = re.compile(
    rf"[\s(\[*-]*+(?P<label>{_WHOSE}{_LABEL}(?:,? (?:and|&) {_LABEL})?)(?: \(?cont(?:inue|')?d\)?)?"
    r"(?:\s*+[:.]|\s+--?|-{1,2}\s)[\s:.\]-]*",
    re.IGNORECASE,
)
_ENDING_RE = re.compile(
    r"(?<![\s(\[-])[\s(\[-]*+\bend (?:of )?(?:the )?(?:\w+[ /-]){0,2}?"
    r"(?:summary|comments?|note|action requests?|introduction|overview|background|text|points|quote|translation"
    r"|nonpaper)"
    r"(?:,? (?:and|&) (?:\w+ )?\w+)?\b[\s.)\]]*$",
    re.IGNORECASE,
)
_ITEM_RE = re.compile(r"(?:[-–—•*]++\s*+|\(?(?:[a-h]|\d{1,2}|i{1,3}|iv)\)\s++|\d{1,2}\.\s++)++")
_MARKING_RE = re.compile(r"\((?:TS|SBU|S|C|U)(?:[/ -]{1,2}[A-Za-z][A-Za-z ,/]{1,30})?\)\s*")
_WORD_RE = re.compile(r"[^\W\d_]{2,}")
MAX_HEADING_WORDS = 12
"""Words of a heading, at most."""


class AttributedSentence(NamedTuple):
    """A sentence without the page around it, and who speaks in it."""

    piece: Piece
    role: Role


@cached_by_text(1024, max_chars=10_000)
def voiced(text: str, role: Role) -> tuple[AttributedSentence, ...]:
    """The sentences of a paragraph of this role that say something, in their order."""
    found: list[AttributedSentence] = []
    bracket = False
    own = role
    pieces = sentences(text)
    for n, piece in enumerate(pieces):
        opens = _OPENING_RE.match(piece.text)
        if opens and re.fullmatch(rf"{_WHOSE}comments?(?: and .*)?", opens["label"], re.IGNORECASE):
            own, bracket = Role.COMMENT, "(" in opens[0]
        said = _bare(piece)
        last = n == len(pieces) - 1
        if said and not (last and n and _is_heading(said.text)) and not _housekeeping().search(said.text):
            found.append(AttributedSentence(said, own))
        if own is not role and (
            _ENDING_RE.search(piece.text) or (bracket and piece.text.endswith((")", ").")))
        ):
            own = role
    return tuple(found)


@cache
def _housekeeping() -> re.Pattern[str]:
    return re.compile("|".join(lines_of(FOLDER / "housekeeping.txt")), re.IGNORECASE)


def _bare(piece: Piece) -> Piece | None:
    """The sentence without labels, list marks and brackets left open; None where nothing is left."""
    start, end = 0, len(piece.text)
    for pattern in (_ITEM_RE, _MARKING_RE, _OPENING_RE, _MARKING_RE, _ITEM_RE):
        if match := pattern.match(piece.text, start):
            start = match.end()
    if match := _ENDING_RE.search(piece.text, start):
        end = match.start()
    start, end = _balanced(piece.text, start, end)
    said = piece.text[start:end]
    if not _WORD_RE.search(said):
        return None
    return Piece(piece.start + start, piece.start + end, said)


def _balanced(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space, and without a bracket at either end whose partner lies outside."""
    while start < end and (text[start].isspace() or (text[start] in "([" and _depth(text[start:end]) > 0)):
        start += 1
    while start < end and (
        text[end - 1].isspace()
        or (text[end - 1] in ")]" and _depth(text[start:end]) < 0)
        or (text[end - 1] in ".," and text[end - 2 : end - 1] in (")", "]") and _depth(text[start:end]) < 0)
    ):
        end -= 1
    return start, end


def _depth(text: str) -> int:
    """Opened brackets less closed ones."""
    return sum(text.count(c) for c in "([") - sum(text.count(c) for c in ")]")


def _is_heading(text: str) -> bool:
    """Whether a last line heads the next section: short, without a full stop, mostly capitalised."""
    words = _WORD_RE.findall(text)
    if text[-1] in ".!?:;\"'”’)" or len(words) > MAX_HEADING_WORDS or re.search(r"\d", text):
        return False
    return bool(sum(word[0].isupper() for word in words) >= 0.6 * len(words))


def role_at(text: str, role: Role, place: int) -> Role:
    """Who speaks at a character of a paragraph."""
    return next((own for piece, own in reversed(voiced(text, role)) if piece.start <= place), role)
