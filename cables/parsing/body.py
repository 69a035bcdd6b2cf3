"""The body of a cable: numbered text into paragraphs with section, marking and role, and the signature."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cables.layout import RULE_RE, ends_sentence, reading_text
from cables.marking import (
    INSIDE_MARK_PATTERN,
    MARK_PATTERN,
    leading_markings,
    merge_markings,
    opening_mark,
    parse_marking,
)
from cables.model import Level, Marking, Paragraph, Role
from cables.parsing.headings import REDACTED_RE, Line, pop_headings, pop_opening_title, split_lines
from cables.parsing.numbering import Numbered
from cables.parsing.roles import assign_roles, ends_section, opening_role
from cables.parsing.signature import pop_tail
from cables.repair.offset_map import OffsetMap

_PART_MARK_RE = re.compile(rf"\((?=[A-Z]){INSIDE_MARK_PATTERN}(?=[ \t])")
_PART_OPENING_RE = re.compile(r"\n[ \t]*+(?:--?|[*•]|¶?\(?[A-Z0-9]{1,2}[.)])?[ \t]*+\Z")
_MAX_INDENT_CHARS = 40
_MAY_SPLIT_RE = re.compile(r"\n[ \t]*+\n[ \t]*+(?:\([A-Z]|[A-Za-z' ]{0,24}C(?:omment|OMMENT))")
_NOFORN_MARK_RE = re.compile(r"\((?:TS|S|C|SBU|U)(?:/{1,2}[A-Z ]{2,12})*/{1,2}(?:NF|NOFORN)\)")
"""A marking that can be nothing else, wherever in a paragraph it stands."""
_HANDLING_RE = re.compile(
    r"(?:THIS (?:CABLE|MESSAGE) IS )?(?:SENSITIVE,? BUT UNCLASSIFIED|CLASSIFIED SECRET"
    r"|CLASSIFIED CONFIDENTIAL)[^\n]{0,90}$",
    re.IGNORECASE,
)
"""How to handle the cable: no text of it."""
_MAX_DEBRIS_LETTERS = 4
_MARKING_LINE_RE = re.compile(
    r"(?:TOP SECRET|SECRET|CONFIDENTIAL|UNCLASSIFIED|LIMITED OFFICIAL USE)(?://[A-Z ,]{2,40})*\W*",
    re.IGNORECASE,
)
"""A classification printed between paragraphs, as at the top of a page."""
_ITEM_RE = re.compile(r"(?:--?|[*•–—])[ \t]*[^\s-]|¶?[(]?[a-zA-Z0-9]{1,2}[.)][ \t]|\S.*\S[ ]{3,}\S")
"""An item of a list, or a row of a table."""
_END_MARKER_RE = re.compile(r"\W*+END (?:OF )?[\w ]{3,30}\W*$", re.IGNORECASE)
_BEGIN_MARKER_RE = re.compile(r"\W*BEGIN [\w ]{3,30}\W*", re.IGNORECASE)
_UNNUMBERED_MARK_RE = re.compile(rf"(?=\([A-Z]){MARK_PATTERN}[ \t]+\S")


@dataclass(slots=True)
class _Block:
    """The lines of one paragraph to be."""

    number: int | None
    mark: str | None
    start: int
    lines: list[Line]
    titles: list[str] = field(default_factory=list)
    title_lines: list[Line] = field(default_factory=list)
    """The printed lines of its titles."""
    odd_marks: list[Marking] = field(default_factory=list)
    runs_on: bool = False
    """Whether it is a later paragraph of an unnumbered text, and no new one begins with it."""


@dataclass(frozen=True, slots=True)
class Body:
    """What the body of a cable holds."""

    paragraphs: tuple[Paragraph, ...]
    signature: str | None


def parse_body(
    offset_map: OffsetMap,
    start: int,
    numbers: list[Numbered],
    cable_id: str,
    before: Sequence[tuple[int, int]] = (),
    level: Level = Level.SECRET,
) -> Body:
    """Cut `offset_map.text` from `start` on into paragraphs at `numbers`.

    `before` is where (start, end) text stands between header and fields, `level` that of the cable: of what
    is marked but not understood.
    """
    text = offset_map.text
    blocks = [_Block(None, None, first, split_lines(text, first, end)) for first, end in before]
    blocks += _blocks(text, start, numbers)
    signature = pop_tail(blocks[-1].lines)
    if _MAY_SPLIT_RE.search(text, start):
        split = (_split_unnumbered(*pair) for pair in zip(blocks, _lacking(blocks), strict=True))
        blocks = [part for parts in split for part in parts]
    blocks = [part for block in blocks for part in _split_at_blank_lines(block)]
    _move_headings(blocks)
    return Body(_paragraphs(offset_map, blocks, cable_id, level), signature)


def _blocks(text: str, start: int, numbers: list[Numbered]) -> Iterator[_Block]:
    end = numbers[0].start if numbers else len(text)
    yield _Block(None, None, start, split_lines(text, start, end))
    for index, found in enumerate(numbers):
        end = numbers[index + 1].start if index + 1 < len(numbers) else len(text)
        first = found.start + len(text[found.start : found.end]) - len(text[found.start : found.end].lstrip())
        yield _Block(found.number, found.mark, first, split_lines(text, found.end, end))


def _split_at_blank_lines(block: _Block) -> list[_Block]:
    """An unnumbered text as its paragraphs; what runs on over a blank line stays together."""
    lines = block.lines
    if block.number is not None or not any(not line.text.strip() for line in lines):
        return [block]
    cuts: list[int] = []
    last = -1
    for index, line in enumerate(lines):
        if not line.text.strip():
            continue
        if last >= 0 and last < index - 1 and not _belongs_together(lines[last].text, line.text):
            cuts.append(index)
        last = index
    pieces = [lines[cut:end] for cut, end in pairwise([0, *cuts, len(lines)])]
    block.lines = pieces[0]
    return [block, *(_Block(None, None, piece[0].start, piece, runs_on=True) for piece in pieces[1:])]


def _belongs_together(above: str, below: str) -> bool:
    """Whether the lines before and after a blank one are of one paragraph: a list, a sentence, a table."""
    above, below = above.strip(), below.strip()
    if _ITEM_RE.match(below) or _END_MARKER_RE.match(below) or _BEGIN_MARKER_RE.fullmatch(above):
        return True
    if RULE_RE.match(below) or RULE_RE.match(above):
        return True
    return below[0].islower() and not ends_sentence(above)


def _split_unnumbered(block: _Block, may_lack: bool) -> list[_Block]:
    """Begin a new block at a comment of its own, and at a marking where a number is missing (`may_lack`)."""
    lines = block.lines
    cuts = []
    for index in range(1, len(lines)):
        text = lines[index].text.strip()
        if not text or lines[index - 1].text.strip():
            continue
        goes_on = len(text) > 60 or (index + 1 < len(lines) and bool(lines[index + 1].text.strip()))
        if (goes_on and _opens_comment(text)) or (may_lack and _UNNUMBERED_MARK_RE.match(text)):
            cuts.append(index)
    pieces = [lines[cut:end] for cut, end in pairwise([0, *cuts, len(lines)])]
    block.lines = pieces[0]
    return [block, *(_Block(None, None, piece[0].start, piece) for piece in pieces[1:])]


def _opens_comment(line: str) -> bool:
    unmarked = line[opening_mark(line) :]
    return (
        opening_role(unmarked) is Role.COMMENT
        and ":" in unmarked[:30]
        and unmarked.lstrip()[:1] not in ("(", "[")
    )


def _lacking(blocks: list[_Block]) -> list[bool]:
    """For each block whether a number is missing behind it: at the ends of the count or in a gap."""
    numbers = [block.number or 0 for block in blocks]
    return [
        not number or following is None or following > number + 1
        for number, following in zip(numbers, [*numbers[1:], None], strict=True)
    ]


def _move_headings(blocks: list[_Block]) -> None:
    """Move each heading from the tail of a block to the block that it heads."""
    for index, block in enumerate(blocks):
        if index + 1 < len(blocks):
            lines = list(block.lines)
            blocks[index + 1].titles = pop_headings(block.lines, alone=block.number is None)
            blocks[index + 1].title_lines = lines[len(block.lines) :]
        if title := pop_opening_title(block.lines):
            block.titles.append(title)


def _paragraphs(
    offset_map: OffsetMap, blocks: list[_Block], cable_id: str, level: Level
) -> tuple[Paragraph, ...]:
    drafts = _drafts(blocks, level)
    roles = assign_roles(
        [text for _, text, _ in drafts],
        [section for _, _, section in drafts],
        [block.runs_on for block, _, _ in drafts],
    )
    keys = ParagraphKeys(cable_id)
    paragraphs = []
    for (block, text, section), role in zip(drafts, roles, strict=True):
        end = _end(block)
        paragraph = Paragraph(
            key=keys.key(block.number),
            number=block.number,
            text=text,
            span=offset_map.span(block.start, end),
            marking=_marking(block, offset_map.text, end),
            section=section,
            role=role,
        )
        paragraphs.append(paragraph)
    return tuple(paragraphs)


def _drafts(blocks: list[_Block], level: Level) -> list[tuple[_Block, str, str | None]]:
    """The blocks that hold text, with their text and the section that they stand in."""
    drafts: list[tuple[_Block, str, str | None]] = []
    section: str | None = None
    titles: list[str] = []
    above: list[Line] = []
    for block in blocks:
        titles += block.titles
        above += block.title_lines
        text = _text(block, level)
        if text and (block.number is not None or not _HANDLING_RE.match(text)):
            section = " / ".join(titles) or section
            titles, above = [], []
            drafts.append((block, text, section))
        if ends_section(section, text):
            section = None
    if titles and above:  # a title over nothing is text
        block = _Block(None, None, above[0].start, above)
        drafts += [(block, text, section)] if (text := _text(block, level)) else []
    return drafts


def _text(block: _Block, level: Level) -> str:
    """The reading text, empty where only debris is left; a marking that opens it moves to `block.mark`."""
    lines = [line.text for line in block.lines]
    if block.mark is None:
        first = next((index for index, line in enumerate(lines) if line.strip()), 0)
        if lines and (length := opening_mark(lines[first])):
            block.mark = lines[first][:length]
            lines[first] = lines[first][length:]
    text = reading_text(lines).removeprefix(". ")
    length, block.odd_marks = leading_markings(text, level)
    text = text[length:].lstrip(" :") if length else text
    if not text[:1].isalnum() and not any(c.isalnum() for c in text):
        # "1. (C - ENTIRE TEXT)." says no more than that
        text = block.mark.strip(" \t()") if block.mark and "ENTIRE" in block.mark.upper() else ""
    if block.number is None and (
        sum(c.isalpha() for c in text) <= _MAX_DEBRIS_LETTERS
        or REDACTED_RE.fullmatch(text)
        or _MARKING_LINE_RE.fullmatch(text)
    ):
        return ""
    return text


def _end(block: _Block) -> int:
    for line in reversed(block.lines):
        if text := line.text.rstrip():
            return line.start + len(text)
    return block.lines[0].start


def _marking(block: _Block, text: str, end: int) -> Marking | None:
    """The marking of the paragraph, or the higher one of a part: who may not read that may not read it."""
    marks = (block.mark, *_part_marks(text, block.start, end))
    markings = [marking for mark in marks if mark and (marking := parse_marking(mark))]
    return merge_markings([*markings, *block.odd_marks])


def _part_marks(text: str, start: int, end: int) -> Iterator[str]:
    """The markings that open a line or list item of a paragraph."""
    second_line = text.find("\n", start, end)
    for mark in _PART_MARK_RE.finditer(text, second_line, end) if second_line >= 0 else ():
        if _PART_OPENING_RE.search(text, max(start, mark.start() - _MAX_INDENT_CHARS), mark.start()):
            yield mark[0]
    if text.find("NF)", start, end) >= 0 or text.find("NOFORN)", start, end) >= 0:
        yield from _NOFORN_MARK_RE.findall(text, start, end)


class ParagraphKeys:
    """Unique keys of paragraphs, in order."""

    def __init__(self, cable_id: str) -> None:
        self._id = cable_id
        self._seen: dict[int | None, int] = {}

    def key(self, number: int | None) -> str:
        """The key of the next paragraph of that printed number."""
        count = self._seen[number] = self._seen.get(number, 0) + 1
        if number is None:
            return f"{self._id}.u{count}"
        return f"{self._id}.{number}" if count == 1 else f"{self._id}.{number}-{count}"
