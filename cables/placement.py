"""Where each line of a cable's original went: a paragraph, a field, or debris. What went nowhere is lost.

Works on the finished `Cable` alone, so that it checks the parser and does not repeat it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from cables.dates import MONTH_PATTERN
from cables.layout import RULE_RE
from cables.marking import MARK_PATTERN
from cables.model import Cable
from cables.prose import LOWER_RUN_RE, MIN_LOWER_WORDS, may_be_text
from cables.repair.repairs import repair_text

_NUMBER_RE = re.compile(rf"¶?[ ]*(?:\d{{1,3}}[.)][ ]*(?=\D))?(?:{MARK_PATTERN}[ ]*)?")
"""The number and marking of a paragraph, at the beginning of a line."""
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""What str.splitlines takes for the end of a line."""
_TOKEN_RE = re.compile(r"[^\W_]+")
_LABEL_WORD_LIST = """
subject subj tags tag ref refs reftel reference references classified derived by from reason reasons eo o e
decl declassify on for and the fm to info xmt of or no nr sent date am pm
"""
_LABEL_WORDS = frozenset(_LABEL_WORD_LIST.split())
_HEAD_DEBRIS_RE = re.compile(
    r"\W*$|[Xx]{3,}\W*$|(?:VZCZC|DE R|ZN[YR] |NNNN?\b|BT$|ACTION |INFO |ORIGIN |PAGE \d|SECTION \d|MINIMIZE)"
    r"|[ZOPRYM]{2}[ ]+R[A-Z]{3}|R[A-Z]{4,7}\b(?:[ ]+R[A-Z]{4,7}\b)*|(?:R[A-Z]{4,7}/|ZEN/)"
    r"|(?:[A-Z]{1,4}-\d\d\b[ ]*)+|-{3,}\S*[ ]+\d{6}Z?|/\d{3} [A-Z]$|.{0,80}\b\d{2,3}(?:\.\d)? (?:OF|of) \d{2,3}\b"
    rf"|(?:[ZOPRYM][ ]+){{0,2}}\d{{6}}Z[ ]+(?:{MONTH_PATTERN})"
    r"|(?:Reference ID|Created|Released|Classification|Origin)\b"
    r"|(?:T ?O ?P ?)?(?:S ?E ?C ?R ?E ?T|C ?O ?N ?F ?I ?D ?E ?N ?T ?I ?A ?L|U ?N ?C ?L ?A ?S(?: ?S ?I ?F ?I ?E ?D)?"
    r"|LIMITED OFFICIAL USE|SIPDIS|NOFORN)\b"
    r"|(?:DRAFTED|APPROVED|CLEARED|DISSEMINATION|CHARGE|DISTRIBUTION|TEXT|CABLE|SOURCE|DESTINATION|INFO|XMT)\b"
    r"(?: BY)?[: ][^\n]*$|END CABLE TEXT|E\.?[ ]?O\.?[ ]?1\d{4}|C ?O ?R ?R ?E ?C ?T|(?:TO[ ]+)?ZEN/|TO PAGE \d\d"
    r"|[^a-z]{5,75}\.{3}$",
    re.IGNORECASE,
)
"""Lines of a telegram's head and of a mirror's page that say nothing; a line that goes on as a sentence is none."""
_NOTICE_RE = re.compile(
    r"SELECT \* FROM|\*{3} Current|\*{5}|This record is a partial extract"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d|SENSITIVE BUT UNCLASSIFIED\b"
    r"|.{0,60}(?:DB/Inbox|Classified Web|https?://|s?gov\.gov)"
    r"|.{0,80}(?:Declassified/Released|SYSTEMATIC REVIEW)|<<? ?END OF DOCUMENT"
    r"|(?:\(U\)[ ])?THIS (?:CABLE|MESSAGE) IS|NOTE - (?:DO NOT PUBLISH|PII)|.{0,160}\bEL PA[IÍ]S\W*$"
    r"|[^\n]{0,200}\(C-[A-Z]{2,3}\d|E\.?[ ]?O\.?[ ]?1\d{4}: decl: [^.]{0,60}$",
    re.IGNORECASE,
)
"""Sentences that are not the cable's own, or protect it and say no more."""
_MIN_LOST_WORDS = 3
_MAX_DEBRIS_CHARS = 200
MIN_SHARE, MIN_PROSE_SHARE = 0.7, 0.9
"""Of a line's words, and of a sentence's, that a field must hold for the line to be of it; the rest is damage."""


class Place(StrEnum):
    """Where a line of the original went."""

    PARAGRAPH = "paragraph"
    FIELD = "field"
    DEBRIS = "debris"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of the original: characters `start` to `end`, and the field's name or paragraph's key it is in."""

    number: int
    start: int
    end: int
    place: Place
    name: str = ""


def place_lines(cable: Cable) -> Iterator[PlacedLine]:
    """Every line of the original that is not blank, in order, numbered from 1."""
    spans = [(paragraph.span, paragraph.key) for paragraph in cable.paragraphs]
    starts = [span.start for span, _ in spans]
    places = _Places(cable)
    start = 0
    for number, line in enumerate(cable.original.splitlines(keepends=True), start=1):
        end = start + len(line)
        if line.strip():
            at = bisect_right(starts, end - 1) - 1
            if at >= 0 and spans[at][0].end > start:
                yield PlacedLine(number, start, end, Place.PARAGRAPH, spans[at][1])
            else:
                yield PlacedLine(number, start, end, *places.of(line))
        start = end


def lost_lines(cable: Cable) -> list[PlacedLine]:
    """The lines that are in no paragraph and no field and are no known debris."""
    return [line for line in place_lines(cable) if line.place is Place.LOST]


def lost_text(cable: Cable) -> list[tuple[int, int]]:
    """Where (start, end) the lost lines are that are text: quickly, since few lines between paragraphs are."""
    places, original, found = _Places(cable), cable.original, list[tuple[int, int]]()
    edges = [0, *(edge for p in cable.paragraphs for edge in (p.span.start, p.span.end)), len(original)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if len(original[start:end].split(maxsplit=MIN_LOWER_WORDS - 1)) < MIN_LOWER_WORDS:
            continue  # a number, a marking, a heading: most of them
        lines = original[start:end].splitlines(keepends=True)
        for n, line in enumerate(lines):
            shared = (n == 0 and start and original[start - 1] not in _LINE_ENDS) or (
                n == len(lines) - 1 and end < len(original) and line[-1] not in _LINE_ENDS
            )  # with a paragraph: the number, the marking, the heading stand outside of it
            if not shared and may_be_text(line) and places.of(line)[0] is Place.LOST:
                found.append((start, start + len(line)))
            start += len(line)
    return found


class _Places:
    """Where lines outside of paragraphs went."""

    def __init__(self, cable: Cable) -> None:
        self._cable = cable

    @cached_property
    def _fields(self) -> dict[str, frozenset[str]]:
        return {name: _words(text) for name, text in _field_texts(self._cable).items()}

    @cached_property
    def known(self) -> frozenset[str]:
        """The words of all fields and their labels."""
        return frozenset().union(*self._fields.values()) | _LABEL_WORDS

    @cached_property
    def _text(self) -> str:
        return " ".join(" ".join(paragraph.text.split()) for paragraph in self._cable.paragraphs)

    def of(self, line: str) -> tuple[Place, str]:
        """The place of a line and the field's name."""
        place, name = _place(line, self._fields, self.known)
        if place is Place.LOST and " ".join(line.split()) in self._text:
            return Place.DEBRIS, "repeated"
        return place, name


def _place(line: str, fields: dict[str, frozenset[str]], everything: frozenset[str]) -> tuple[Place, str]:
    plain = _NUMBER_RE.sub("", repair_text(line)[0].text.strip(), count=1)
    words = _words(plain)
    for name, known in fields.items():
        if words & known and _is_held(plain, words, known):
            return Place.FIELD, name
    if _is_debris(plain):
        return Place.DEBRIS, ""
    if _is_held(plain, words, everything):
        return Place.FIELD, ""
    return (Place.LOST if _says_something(words) else Place.DEBRIS), ""


def _is_held(line: str, words: frozenset[str], known: frozenset[str]) -> bool:
    """Whether fields hold most of a line's words; of a sentence nearly all that are in no label."""
    if LOWER_RUN_RE.search(line):
        own = words - _LABEL_WORDS
        return len(own & known) >= MIN_PROSE_SHARE * len(own)
    return len(words & (known | _LABEL_WORDS)) >= MIN_SHARE * len(words)


def _field_texts(cable: Cable) -> dict[str, str]:
    """What each field holds, by its name."""
    addresses = [address for address in (cable.sender, *cable.action, *cable.info) if address]
    return {
        "subject": cable.subject or "",
        "tags": " ".join(f"{tag.code} {tag.name or ''}" for tag in cable.tags),
        "references": " ".join(f"{r.label or ''} {r.text} {r.title or ''}" for r in cable.references),
        "classified by": f"{cable.classified_by or ''} {' '.join(cable.reasons)}",
        "declassify": cable.declassify or "",
        "passing": " ".join(cable.passing),
        "captions": " ".join(cable.captions),
        "addresses": " ".join(f"{a.routing or ''} {a.name} {a.precedence or ''}" for a in addresses),
        "signature": cable.signature or "",
        "date": f"{cable.date:%A %a %B %b %Y %d %H %I %M %p} {cable.date.day} {cable.date:%I}".replace(
            " 0", " "
        )
        if cable.date
        else "",
        "id": " ".join((cable.id, *cable.aliases)),
        "heading": " ".join({paragraph.section or "" for paragraph in cable.paragraphs}),
    }


class LostLineTest:
    """Whether a line outside of paragraphs, as it was repaired, is in no field of a cable and is no known debris."""

    def __init__(self, cable: Cable) -> None:
        self._places = _Places(cable)

    def __call__(self, line: str) -> bool:
        """Most lines of a head cannot be text: nothing is compared for them."""
        if not may_be_text(line):
            return False
        plain = _NUMBER_RE.sub("", line.strip(), count=1)
        words = _words(plain)
        if _is_held(plain, words, self._places.known) or not _says_something(words):
            return False
        return not _is_debris(plain)


def _is_debris(line: str) -> bool:
    """Whether a line is known to say nothing; a header's line that goes on as text does say something."""
    if LOWER_RUN_RE.search(line, _MAX_DEBRIS_CHARS):
        return False
    if _NOTICE_RE.match(line) or RULE_RE.match(line):
        return True
    return not may_be_text(line) and bool(_HEAD_DEBRIS_RE.match(line))


def _says_something(words: frozenset[str]) -> bool:
    return sum(word.isalpha() and len(word) > 1 for word in words) >= _MIN_LOST_WORDS


def _words(text: str) -> frozenset[str]:
    return frozenset(_TOKEN_RE.findall(text.lower()))
