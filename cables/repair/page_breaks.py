"""What page and section breaks leave in the middle of a text, and the repairs that take it out.

A break may stand between paragraphs or in the middle of a sentence; each repair joins what it divided.
"""

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator

from cables.marking import MARK
from cables.repair.offset_map import Edit, OffsetMap

_LEVEL_WORD = r"(?:TOP SECRET|SECRET|CONFIDENTIAL|UNCLASSIFIED|LIMITED OFFICIAL USE)"
_SPACED_LEVEL = r"(?:S E C R E T|C O N F I D E N T I A L|U N C L A S S I F I E D)"
_OF = (" OF 0", " of 0")
_TOTAL = re.compile(r"0(?:\d\d\b|\d?\.{3}[ \t]*(?=\n|\Z))")
_COUNT = re.compile(r"\d{6,8}[ \t]+\d{2,3}\n?\d?(?:\.\d)?[ \t]*$")
_LONGEST_COUNT = 24
_POST = re.compile(r"(?:^|(?<=\s))(?:[A-Z][A-Za-z.'/-]*[ \t]){1,4}[ \t]*$|^[a-z]+[ \t]+$", re.MULTILINE)
_OLD_PAGE = re.compile(
    rf"^[ \t]*(?:{_LEVEL_WORD}[ \t]*\n\s{{0,20}}){{0,2}}"
    r"PAGE[ \t]+0?\d{1,2}(?:[ \t]+OF[ \t]+\d{1,2})?[ \t]+[A-Z][A-Z .']{1,20}?[ \t]*\d{4,7}\b"
    rf"(?:[ \t]+\d{{2}} OF \d{{2}})?(?:[ \t]+\d{{6}}Z)?(?:[ \t]*(?:{_LEVEL_WORD}|{_SPACED_LEVEL}))?",
    re.MULTILINE,
)
_CAPTION_AFTER = re.compile(r"\s*^[ \t]*(?:SIPDIS|NOFORN|SENSITIVE|EXDIS|NODIS)[ \t]*$", re.MULTILINE)
_OPENS_BLOCK = re.compile(rf"¶|\d{{1,3}}[.)]|[-=*#_]{{2}}|{MARK}|[^\n]{{1,75}}\n[ \t]*(?:\n|[-=]{{3}})")
_LONGEST_POST = 28


def drop_page_breaks(traced: OffsetMap) -> OffsetMap:
    """Take out the lines printed at the top of each page, `BEIJING 00001141  002 OF 002`."""
    return traced.edit(_page_breaks(traced.text))


def _page_breaks(text: str) -> Iterator[Edit]:
    done = 0
    for start, end in sorted([*_new_pages(text), *_old_pages(text)]):
        while after := _CAPTION_AFTER.match(text, end):
            end = after.end()
        start, end = _with_white_space(text, start, end)
        start = max(start, done)
        if start < end:
            yield Edit(start, end, _joint(text, start, end))
            done = end


def _new_pages(text: str) -> Iterator[tuple[int, int]]:
    for of in (place for word in _OF for place in _places(text, word)):
        total = _TOTAL.match(text, of + len(_OF[0]) - 1)
        count = _COUNT.search(text, max(of - _LONGEST_COUNT, 0), of)
        if total and count:
            window = max(count.start() - _LONGEST_POST, 0)
            line = text.rfind("\n", window, count.start()) + 1
            if post := _POST.search(text, line or window, count.start()):
                yield post.start(), total.end()


def _places(text: str, words: str) -> Iterator[int]:
    """Where `words` stand in `text`."""
    place = text.find(words)
    while place >= 0:
        yield place
        place = text.find(words, place + 1)


def _old_pages(text: str) -> Iterator[tuple[int, int]]:
    if "PAGE" in text:
        yield from (match.span() for match in _OLD_PAGE.finditer(text))


def _with_white_space(text: str, start: int, end: int) -> tuple[int, int]:
    while start and text[start - 1].isspace():
        start -= 1
    while end < len(text) and text[end].isspace():
        end += 1
    return start, end


def _joint(text: str, start: int, end: int) -> str:
    """What joins the text before and after a break: a sentence goes on, a paragraph ends."""
    return "\n\n" if not start or _OPENS_BLOCK.match(text, end) else "\n"


_STRAY_CAPTION = re.compile(r"\n[ \t]*(SIPDIS|NOFORN)[ \t]*(?=\n|\Z)")
_FIRST_FIELD = re.compile(r"^[ \t]*(?:TAGS|SUBJ|E\.?O\.?[ ,]*1)", re.MULTILINE | re.IGNORECASE)


def drop_repeated_captions(traced: OffsetMap) -> OffsetMap:
    """Keep the first SIPDIS: drop its doubles in the head, and the strays of page breaks in the text."""
    text = traced.text
    field = _FIRST_FIELD.search(text)
    head = field.start() if field else len(text)
    seen: set[str] = set()
    edits: list[Edit] = []
    for match in _STRAY_CAPTION.finditer(text):
        if match[1] in seen or match.start() >= head:
            start, end = _with_white_space(text, *match.span())
            start = max(start, edits[-1].end if edits else 0)
            edits.append(Edit(start, end, "\n\n" if end <= head else _joint(text, start, end)))
        seen.add(match[1])
    return traced.edit(edits)


_SUBJECT = re.compile(r"^[ \t]*SUBJECT:[ \t]*", re.MULTILINE | re.IGNORECASE)
_NUMBERED = re.compile(r"^[ \t]*¶?[ \t]*\d{1,2}\.", re.MULTILINE)
_BLANK = re.compile(r"\s")
_SHORTEST_REPEAT, _LONGEST_SUBJECT = 20, 400


def drop_repeated_subjects(traced: OffsetMap) -> OffsetMap:
    """Drop the subject where it is printed again behind a page break, glued to the text that goes on."""
    text = traced.text
    if text.count("UBJECT:") + text.count("ubject:") < 2:
        return traced
    subjects = list(_SUBJECT.finditer(text))
    if not subjects:
        return traced
    first = subjects[0]
    begun = _NUMBERED.search(text, first.end())  # a second head in front of all text is no page break
    edits: list[Edit] = []
    done = begun.start() if begun else len(text)
    for match in subjects[1:]:
        if match.start() < done:
            continue
        shared = _shared(text, first.end(), match.end())
        if shared >= _SHORTEST_REPEAT:
            start, end = _with_white_space(text, match.start(), match.end() + shared)
            edits.append(Edit(max(start, done), end, "\n"))
            done = end
    return traced.edit(edits)


def _shared(text: str, first: int, second: int) -> int:
    """How many characters at `second` repeat those at `first`, line ends aside, up to a whole word."""
    one, other = (_BLANK.sub(" ", text[at : at + _LONGEST_SUBJECT]) for at in (first, second))
    shared = bisect_left(range(len(other)), True, key=lambda length: one[: length + 1] != other[: length + 1])
    return max(other.rfind(" ", 0, shared), 0)


_SECTION = re.compile(
    rf"^[ \t]*{_SPACED_LEVEL}[^\n]{{0,20}}?[ \t]+SECTION[ \t]+(?:0?[2-9]"
    rf"|[1-9]\d)[ \t]+OF[ \t]+\d{{1,2}}[ \t]+([^\n]+)$",
    re.MULTILINE,
)
_SECTION_COUNT = re.compile(r"SECTION[ \t]+(?:0?[2-9]|[1-9]\d)[ \t]+OF\b")
"""What a section line holds; looked for first, because it is fast."""
_LONGEST_LEVEL = 80
_SECTION_TOP = re.compile(
    rf"^[ \t]*(?:(?:{_LEVEL_WORD}|NNNN)\s+){{0,3}}(?:PAGE 01\b|VZCZC|[ZOPR](?: [ZOPR])? \d{{6}}Z)",
    re.MULTILINE,
)
_LONGEST_HEADER = 4000
_HEAD_LINE = re.compile(
    r"[ \t]*(?:SIPDIS|NOFORN|EXDIS|NODIS|LIMDIS|E\.? ?O\.?[ ,]*1\d{4}[^\n]*|TAGS[^\n]*|SUBJ[^\n]*)?[ \t]*$"
)


def drop_section_headers(traced: OffsetMap) -> OffsetMap:
    """Drop the header that a long telegram repeats at the start of its second and later sections."""
    text = traced.text
    edits: list[Edit] = []
    done = 0
    for match in _section_lines(text):
        if not done:
            origin = match[1].rstrip()
            first = text.find(origin)
            done = first + len(origin)
            begun = _NUMBERED.search(text, done, match.start())
            head_end = begun.start() if begun else match.start()
            head = {line.strip() for line in text[first : min(first + _LONGEST_HEADER, head_end)].split("\n")}
        if done > match.start():
            continue
        top = _section_top(text, max(match.start() - _LONGEST_HEADER, done), match.start())
        start, end = _with_white_space(text, top, _behind_head(text, match.end(), head))
        edits.append(Edit(max(start, done), end, "\n"))
        done = end
    return traced.edit(edits)


def _section_lines(text: str) -> Iterator[re.Match[str]]:
    """The classification lines of second and later sections."""
    for count in _SECTION_COUNT.finditer(text):
        window = max(count.start() - _LONGEST_LEVEL, 0)
        line = text.rfind("\n", window, count.start()) + 1
        if (line or not window) and (match := _SECTION.match(text, line)):
            yield match


def _section_top(text: str, start: int, end: int) -> int:
    """Where between `start` and `end` the header of a section begins, behind all numbered text; else `end`."""
    numbered = deque(_NUMBERED.finditer(text, start, end), maxlen=1)
    top = _SECTION_TOP.search(text, numbered[0].end() if numbered else start, end)
    return top.start() if top else end


def _behind_head(text: str, end: int, head: set[str]) -> int:
    """Skip the lines behind a repeated classification line that are captions, fields or lines of `head`."""
    while end < len(text):
        line_end = text.find("\n", end + 1)
        line_end = line_end if line_end >= 0 else len(text)
        line = text[end + 1 : line_end].strip()
        if line and line not in head and not _HEAD_LINE.match(line):
            break
        end = line_end
    return end
