"""Captions and passing instructions: the lines before and between a telegram's fields."""

import re
from dataclasses import dataclass
from datetime import datetime

from cables.dates import find_moment
from cables.parsing.fields import Fields
from cables.prose import caption_text_regions

_CAPTION_RE = re.compile(
    r"[ ,/-]*(?P<caption>SIPDIS|NOFORN|SENSITIVE|EXDIS|NODIS|STADIS|LIMDIS|ROGER CHANNEL|NOCONTRACT"
    r"|ORCON)\b[ .,/]*"
)
_CAPTIONS_ALONE_RE = re.compile(rf"(?:{_CAPTION_RE.pattern.replace('?P<caption>', '?:')})++")
_TRANSMISSION_RE = re.compile(
    r"VZCZC|[ZOPRYM]{2} R[A-Z]{3}|DE R[A-Z]{4}|ZN[YR] |(?:[ZOPRYM] ){1,2}\d{6}Z|FM [A-Z]|(?:INFO|XMT) [A-Z]"
    r"|(?:TO )?R[A-Z]{4,7}/"
)
"""A line of a transmission header, which some archives print a second time."""
_LEVEL_LINE_RE = re.compile(r"(?:s e c r e t|c o n f i d e n t i a l|u n c l a s)\b", re.IGNORECASE)
_CORRECTED_RE = re.compile(r"\bC ?O ?R ?R ?E ?C ?T(?: ?E ?D)?[ ]{1,3}C ?O ?P ?Y\b[^\n]*", re.IGNORECASE)
_PUBLISHED_RE = re.compile(
    r"^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d{1,2} \w+ \d{4}, \d\d:\d\d[ \t]*$", re.MULTILINE
)


_DATE_LINE_RE = re.compile(
    r"(?:DATE:?[ \t]*)?[A-Za-z]{0,9}\.?[ \t]?[\d ,./-]{2,12}[A-Za-z]{0,9}\.?[\d ,./-]{0,12}", re.I
)
"""A line that may be a day, and nothing else."""


@dataclass(frozen=True, slots=True)
class Captions:
    """What these lines say."""

    captions: tuple[str, ...]
    corrected: bool
    passing: tuple[str, ...]
    date: datetime | None
    """A day that is printed on a line of its own."""
    text: tuple[tuple[int, int], ...]
    """Where (start, end) they are sentences of the telegram's text."""


def parse_captions(text: str, start: int, fields: Fields) -> Captions:
    """Read the lines from `start`, behind the classification line, to the first field, and between fields."""
    regions = tuple(caption_text_regions(text, start, fields.start))
    lines = f"{_without(text, start, fields.start, regions)}\n{fields.between}"
    captions, corrected, passing = _read_lines(lines.split("\n"))
    days = {
        line: moment for line in passing if _DATE_LINE_RE.fullmatch(line) and (moment := find_moment(line))
    }
    passing = tuple(line for line in passing if line not in days)
    return Captions(captions, corrected, passing, next(iter(days.values()), None), regions)


def _without(text: str, start: int, end: int, regions: tuple[tuple[int, int], ...]) -> str:
    """What of the text from `start` to `end` lies outside `regions`."""
    edges = [start, *(edge for region in regions for edge in region), max(start, end)]
    return "\n".join(text[first:last] for first, last in zip(edges[::2], edges[1::2], strict=True))


def _read_lines(lines: list[str]) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    """Captions, whether it is a corrected copy, passing instructions."""
    captions: list[str] = []
    passing: list[str] = []
    corrected = repeated = False
    for line in map(str.strip, lines):
        level = _LEVEL_LINE_RE.match(line)
        repeated = bool(line) and not level and (repeated or bool(_TRANSMISSION_RE.match(line)))
        if repeated or level:
            continue
        if _CAPTIONS_ALONE_RE.fullmatch(line.upper()):
            line = line.upper()
        if _CORRECTED_RE.search(line):
            corrected = True
            line = _CORRECTED_RE.sub("", line).strip()
        end = 0
        while match := _CAPTION_RE.match(line, end):
            captions.append(" ".join(match["caption"].split()))
            end = match.end()
        line = line[end:]
        if any(c.isalpha() for c in line) and not _PUBLISHED_RE.match(line):
            passing.append(" ".join(line.split()))
    return tuple(dict.fromkeys(captions)), corrected, tuple(passing)
