"""What stands between two fields of a telegram's head: the rest of a field, more of the head, or text."""

import re
from enum import StrEnum

from cables.prose import is_text_line, reads_as_prose

_MAX_REST_LINES = 3
_MAX_TEXT_CHARS = 2_000
_MIN_TEXT_WORDS = 40
"""Fewer may be passing instructions in lower case."""
_DEBRIS_RE = re.compile(
    r"\(?C-[A-Z]{2,3}\d{1,2}-\d{4,6}\)?$|CAPTIONS:\s*+NONE$|[Xx]{3,}$|\W*$"
    r"|(?:THIS (?:CABLE|MESSAGE) IS )?SENSITIVE,? BUT UNCLASSIFIED[^\n]{0,60}$",
    re.IGNORECASE,
)
"""Lines that say nothing: the code of a collection requirement, how to handle the cable, what was taken out."""
_CAPTION_RE = re.compile(r"(?:SIPDIS|NOFORN|SENSITIVE|EXDIS|NODIS|C ?O ?R ?R ?E ?C ?T)", re.IGNORECASE)
_CITATION_RE = re.compile(
    r"[ \t]*+(?:¶[ \t]*)?(?:[(\[]?[A-Z][).\]][ \t]*)?(?:\d{2,4}[ \t]+)?[A-Z][A-Z .']{2,24}[ \t]+\d{2,6}\b"
)
_HEAD_LINE_RE = re.compile(
    r"[ \t]*+(?:(?:SIPDIS|NOFORN|SENSITIVE|EXDIS|NODIS|LIMDIS|STADIS)[ \t,/]*)*$"
    r"|[ \t]*+(?:STATE|DEPT|DEPARTMENT|NSC|TREASURY)(?: ALSO)? (?:FOR|(?:PLEASE |PLS )?PASS)\b[^.]*$"
)
_HEADER_RE = re.compile(
    r"^(?:VZCZC[A-Z]|[ZOPRYM](?:[ \t][ZOPRYM])?[ \t]+\d{6}Z|[^\n]{0,90}SECTION \d+ OF"
    r"|(?:S E C R E T|C O N F I D E N T I A L|UNCLAS)\b)",
    re.MULTILINE | re.IGNORECASE,
)


class Gap(StrEnum):
    """What a gap is."""

    FIELD = "the rest of the field before it"
    REFERENCES = "citations without a label"
    HEAD = "captions, passing instructions, a header again"
    TEXT = "text in front of a field"
    END = "text: the head ends before it"


def gap_kind(label: str, gap: str, following: str) -> Gap:
    """What the lines behind the field `label` are, in front of the field `following`."""
    lines = gap_lines(gap)
    again = _HEADER_RE.search(gap) and _text_words(lines) < _MIN_TEXT_WORDS
    if again or all(_CAPTION_RE.match(line) for line in lines):
        return Gap.HEAD
    if reads_as_prose(gap) or len(gap) > _MAX_TEXT_CHARS:
        certain = following in ("classified", "eo") and len(gap) <= _MAX_TEXT_CHARS
        return Gap.TEXT if certain else Gap.END
    if label in ("subject", "ref") and all(_CITATION_RE.match(line) for line in lines):
        return Gap.FIELD if label == "ref" else Gap.REFERENCES
    if label in ("subject", "ref") and len(lines) <= _MAX_REST_LINES:
        return Gap.FIELD
    return Gap.HEAD


def gap_lines(gap: str) -> list[str]:
    """The lines of a gap that say something, stripped."""
    return [line for raw in gap.split("\n") if not _DEBRIS_RE.match(line := raw.strip())]


def leading_head_end(text: str, start: int, end: int) -> int:
    """Where captions and passing instructions behind a classification line end, in a cable without fields."""
    while start < end:
        line_end = text.find("\n", start, end)
        line_end = line_end + 1 if line_end >= 0 else end
        if not _HEAD_LINE_RE.match(text[start:line_end].rstrip("\n")):
            break
        start = line_end
    return start


def _text_words(lines: list[str]) -> int:
    return sum(len(line.split()) for line in lines if is_text_line(line))
