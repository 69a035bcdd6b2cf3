"""What page and section breaks leave in the middle of a text, and the repairs that take it out.

A break may stand between paragraphs or in the middle of a sentence; each repair joins what it divided.
"""

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator

from cables.marking import MARK_PATTERN
from cables.prose import LOWER_RUN_RE
from cables.repair.offset_map import Edit, OffsetMap

_LEVEL_PATTERN = r"(?:TOP SECRET|SECRET|CONFIDENTIAL|UNCLASSIFIED|LIMITED OFFICIAL USE)"
_SPACED_LEVEL_PATTERN = r"(?:S E C R E T|C O N F I D E N T I A L|U N C L A S S I F I E D)"
_OF_WORDS = (" OF 0", " of 0")
_TOTAL_RE = re.compile(r"0(?:\d\d\b|\d?\.{3}[ \t]*+(?=\n|\Z))")
_COUNT_RE = re.compile(r"\d{6,8}[ \t]+\d{2,3}\n?\d?(?:\.\d)?[ \t]*$")
_MAX_COUNT_CHARS = 24
_POST_RE = re.compile(r"(?:^|(?<=\s))(?:[A-Z][A-Za-z.'/-]*[ \t]){1,4}[ \t]*$|^[a-z]+[ \t]+$", re.MULTILINE)
_OLD_PAGE_RE = re.compile(
    rf"^[ \t]*+(?:{_LEVEL_PATTERN}[ \t]*+\n\s{{0,20}}){{0,2}}"
    r"PAGE[ \t]+0?\d{1,2}(?:[ \t]+OF[ \t]+\d{1,2})?[ \t]+[A-Z][A-Z .']{1,20}?[ \t]*+\d{4,7}\b"
    rf"(?:[ \t]+\d{{2}} OF \d{{2}})?(?:[ \t]+\d{{6}}Z)?(?:[ \t]*+(?:{_LEVEL_PATTERN}|{_SPACED_LEVEL_PATTERN}))?",
    re.MULTILINE,
)
_CAPTION_AFTER_RE = re.compile(
    r"(?:[^\S\n]*+\n)*+^[ \t]*+(?:SIPDIS|NOFORN|SENSITIVE|EXDIS|NODIS)[ \t]*$", re.MULTILINE
)
_OPENS_BLOCK_RE = re.compile(
    rf"¶|\d{{1,3}}[.)]|[-=*#_]{{2}}|{MARK_PATTERN}|[^\n]{{1,75}}\n[ \t]*+(?:\n|[-=]{{3}})"
)
_MAX_POST_CHARS = 28


def drop_page_breaks(offset_map: OffsetMap) -> OffsetMap:
    """Take out the lines printed at the top of each page, `BEIJING 00001141  002 OF 002`."""
    return offset_map.edit(_page_breaks(offset_map.text))


def _page_breaks(text: str) -> Iterator[Edit]:
    done = 0
    for start, end in sorted([*_new_pages(text), *_old_pages(text)]):
        while after := _CAPTION_AFTER_RE.match(text, end):
            end = after.end()
        start, end = _with_white_space(text, start, end)
        start = max(start, done)
        if start < end:
            yield Edit(start, end, _joint(text, start, end))
            done = end


def _new_pages(text: str) -> Iterator[tuple[int, int]]:
    for of in (place for word in _OF_WORDS for place in _places(text, word)):
        total = _TOTAL_RE.match(text, of + len(_OF_WORDS[0]) - 1)
        count = _COUNT_RE.search(text, max(of - _MAX_COUNT_CHARS, 0), of)
        if total and count:
            window = max(count.start() - _MAX_POST_CHARS, 0)
            line = text.rfind("\n", window, count.start()) + 1
            if post := _POST_RE.search(text, line or window, count.start()):
                yield post.start(), total.end()


def _places(text: str, words: str) -> Iterator[int]:
    """Where `words` stand in `text`."""
    place = text.find(words)
    while place >= 0:
        yield place
        place = text.find(words, place + 1)


def _old_pages(text: str) -> Iterator[tuple[int, int]]:
    if "PAGE" in text:
        yield from (match.span() for match in _OLD_PAGE_RE.finditer(text))


def _with_white_space(text: str, start: int, end: int) -> tuple[int, int]:
    while start and text[start - 1].isspace():
        start -= 1
    while end < len(text) and text[end].isspace():
        end += 1
    return start, end


def _joint(text: str, start: int, end: int) -> str:
    """What joins the text before and after a break: a sentence goes on, a paragraph ends."""
    return "\n\n" if not start or _OPENS_BLOCK_RE.match(text, end) else "\n"


_STRAY_CAPTION_RE = re.compile(r"\n[ \t]*+(SIPDIS|NOFORN)[ \t]*+(?=\n|\Z)")
_FIRST_FIELD_RE = re.compile(r"^[ \t]*+(?:TAGS|SUBJ|E\.?O\.?[ ,]*1)", re.MULTILINE | re.IGNORECASE)


def drop_repeated_captions(offset_map: OffsetMap) -> OffsetMap:
    """Keep the first SIPDIS: drop its doubles in the head, and the strays of page breaks in the text."""
    text = offset_map.text
    field = _FIRST_FIELD_RE.search(text)
    head = field.start() if field else len(text)
    seen: set[str] = set()
    edits: list[Edit] = []
    for match in _STRAY_CAPTION_RE.finditer(text):
        if match[1] in seen or match.start() >= head:
            start, end = _with_white_space(text, *match.span())
            start = max(start, edits[-1].end if edits else 0)
            edits.append(Edit(start, end, "\n\n" if end <= head else _joint(text, start, end)))
        seen.add(match[1])
    return offset_map.edit(edits)


_SUBJECT_RE = re.compile(r"^[ \t]*+SUBJECT:[ \t]*", re.MULTILINE | re.IGNORECASE)
_NUMBERED_RE = re.compile(r"^[ \t]*+¶?[ \t]*+\d{1,2}\.", re.MULTILINE)
_BLANK_RE = re.compile(r"\s")
_MIN_REPEAT_CHARS, _MAX_SUBJECT_CHARS = 20, 400


def drop_repeated_subjects(offset_map: OffsetMap) -> OffsetMap:
    """Drop the subject where it is printed again behind a page break, glued to the text that goes on."""
    text = offset_map.text
    if text.count("UBJECT:") + text.count("ubject:") < 2:
        return offset_map
    subjects = list(_SUBJECT_RE.finditer(text))
    if not subjects:
        return offset_map
    first = subjects[0]
    begun = _NUMBERED_RE.search(text, first.end())  # a second head in front of all text is no page break
    subject_end = _subject_end(text, first.end())
    edits: list[Edit] = []
    done = begun.start() if begun else len(text)
    for match in subjects[1:]:
        if match.start() < done:
            continue
        shared = _shared(text[first.end() : subject_end], text, match.end())
        if shared >= _MIN_REPEAT_CHARS:
            start, end = _with_white_space(text, match.start(), match.end() + shared)
            edits.append(Edit(max(start, done), end, "\n"))
            done = end
    return offset_map.edit(edits)


def _subject_end(text: str, start: int) -> int:
    """Where a subject ends: at a blank line, or where sentences stand below its first line."""
    end = start
    for number, line in enumerate(text[start : start + _MAX_SUBJECT_CHARS].split("\n")):
        if not line.strip() or (number and LOWER_RUN_RE.search(line)):
            break
        end += len(line) + 1
    return end


def _shared(subject: str, text: str, start: int) -> int:
    """How many characters of `text` from `start` on repeat a subject, line ends aside, up to a whole word."""
    one, other = (_BLANK_RE.sub(" ", words) for words in (subject, text[start : start + len(subject)]))
    shared = bisect_left(range(len(other)), True, key=lambda length: one[: length + 1] != other[: length + 1])
    return max(other.rfind(" ", 0, shared), 0)


_SECTION_RE = re.compile(
    rf"^[ \t]*{_SPACED_LEVEL_PATTERN}[^\n]{{0,20}}?[ \t]+SECTION[ \t]+(?:0?[2-9]"
    rf"|[1-9]\d)[ \t]+OF[ \t]+\d{{1,2}}[ \t]+([^\n]+)$",
    re.MULTILINE,
)
_SECTION_COUNT_RE = re.compile(r"SECTION[ \t]+(?:0?[2-9]|[1-9]\d)[ \t]+OF\b")
"""What a section line holds; looked for first, because it is fast."""
_MAX_LEVEL_CHARS = 80
_SECTION_TOP_RE = re.compile(
    rf"^[ \t]*+(?:(?:{_LEVEL_PATTERN}|N{{3,4}})\s+){{0,3}}(?:PAGE 01\b|VZCZC|[ZOPR](?: [ZOPR])? \d{{6}}Z)",
    re.MULTILINE,
)
_MAX_HEADER_CHARS = 4000
_HEAD_LINE_RE = re.compile(
    r"[ \t]*+(?:SIPDIS|NOFORN|EXDIS|NODIS|LIMDIS|E\.? ?O\.?[ ,]*1\d{4}[^\n]*|TAGS[^\n]*|SUBJ[^\n]*)?[ \t]*$"
)


def drop_section_headers(offset_map: OffsetMap) -> OffsetMap:
    """Drop the header that a long telegram repeats at the start of its second and later sections."""
    text = offset_map.text
    edits: list[Edit] = []
    done = 0
    for match in _section_lines(text):
        if not done:
            origin = match[1].rstrip()
            first = text.find(origin)
            done = first + len(origin)
            begun = _NUMBERED_RE.search(text, done, match.start())
            head_end = begun.start() if begun else match.start()
            head = {
                line.strip() for line in text[first : min(first + _MAX_HEADER_CHARS, head_end)].split("\n")
            }
        if done > match.start():
            continue
        top = _section_top(text, max(match.start() - _MAX_HEADER_CHARS, done), match.start())
        start, end = _with_white_space(text, top, _behind_head(text, match.end(), head))
        edits.append(Edit(max(start, done), end, "\n"))
        done = end
    return offset_map.edit(edits)


_BARE_SECTION_RE = re.compile(
    rf"^[ \t]*+(?:(?:{_LEVEL_PATTERN}|N{{3,4}})\s+){{0,3}}PAGE[ \t]+01\b[^\n]*\b0?[2-9][ ]OF[ ]\d+[^\n]*\n"
    r"(?:(?![ \t]*+¶?[ \t]*+\d{1,2}\.)[^\n]*\n){1,30}?[ \t]*+FM [^\n]*\n(?:(?![ \t]*+¶?[ \t]*+\d{1,2}\.)[^\n]+\n)*",
    re.MULTILINE,
)


def drop_bare_section_headers(offset_map: OffsetMap) -> OffsetMap:
    """Drop a later section's header whose classification line is lost: it ends at a blank line."""
    if "PAGE" not in offset_map.text:
        return offset_map
    return offset_map.replace(_BARE_SECTION_RE, "\n")


def _section_lines(text: str) -> Iterator[re.Match[str]]:
    """The classification lines of second and later sections."""
    for count in _SECTION_COUNT_RE.finditer(text):
        window = max(count.start() - _MAX_LEVEL_CHARS, 0)
        line = text.rfind("\n", window, count.start()) + 1
        if (line or not window) and (match := _SECTION_RE.match(text, line)):
            yield match


def _section_top(text: str, start: int, end: int) -> int:
    """Where between `start` and `end` the header of a section begins, behind all numbered text; else `end`."""
    numbered = deque(_NUMBERED_RE.finditer(text, start, end), maxlen=1)
    top = _SECTION_TOP_RE.search(text, numbered[0].end() if numbered else start, end)
    return top.start() if top else end


def _behind_head(text: str, end: int, head: set[str]) -> int:
    """Skip the lines behind a repeated classification line that are captions, fields or lines of `head`."""
    while end < len(text):
        line_end = text.find("\n", end + 1)
        line_end = line_end if line_end >= 0 else len(text)
        line = text[end + 1 : line_end].strip()
        if line and line not in head and not _HEAD_LINE_RE.match(line):
            break
        end = line_end
    return end
