"""Headings: they stand at the tail of one paragraph's block and belong to the next one."""

import re
from itertools import accumulate
from typing import NamedTuple

from cables.layout import RULE_RE, ends_sentence
from cables.marking import MARK_PATTERN, opening_mark
from cables.prose import LOWER_RUN_RE


class Line(NamedTuple):
    """A printed line and where it begins in the text."""

    start: int
    text: str


_RULE_BEHIND_RE = re.compile(r"(?<![ \t])[ \t]+[-=]{4}")
_MAX_SENTENCE_TITLE_CHARS = 60
_MIN_TITLE_CHARS = 2
_LAST_SENTENCE_RE = re.compile(r"^(?P<text>.*[.!?][\"')\]]*)[ \t]+(?P<title>\S.*)$")
_NO_TITLE_RE = re.compile(
    r"(?:T ?O ?P *)?S ?E ?C ?R ?E ?T\b(?: [a-z ]{2,20}\d{3,}|//|$)|C ?O ?N ?F ?I ?D ?E ?N ?T ?I ?A ?L\b(?://|$)|SENSITIVE$|NNNN?$|DECLASSIFY|"
    r"\(?(?:END|BEGIN)\b|(?:NOTE|SIPDIS|NOFORN)\b|--?[ \w]|[*•·–—]|\(?[a-z0-9]{1,2}\)[ \t]",
    re.IGNORECASE,
)
_ITEM_RE = re.compile(r"[a-z0-9]{1,2}\.[ \t]", re.IGNORECASE)
"""A title may be numbered, "I. ORIGINS", if a rule shows that it is one."""
_DECORATION_RE = re.compile(rf"^(?:[ \t/=#*_~¶-]|{MARK_PATTERN}[ \t])*|[ \t/=#*_~-]*$")
REDACTED_RE = re.compile(r"(?:¶?\d{1,2}\.[ ]?)?(?:\([A-Z/]+\)[ ]?)?[Xx]{3,}\W*")
"""What stands in the place of a text that was taken out is no title."""
_FRAMED_RE = re.compile(r"(--?|==?|//|\*\*?)[ ]?[^\s\-=/*].{0,70}[^\s\-=/*][ ]?\1$")
"""A title between dashes: `-- Cuba --`."""
_SENTENCE_ENDS = (".", ",", ";", '?"', '."', ".)")
_MIN_WRAPPED_TITLE_CHARS = 45
_MAX_PLAIN_TITLE_CHARS, _MAX_RULED_TITLE_CHARS, _MAX_TITLE_LINES = 80, 100, 3


def split_lines(text: str, start: int, end: int) -> list[Line]:
    """The lines of `text[start:end]` up to the last filled one; a rule behind its title is a line of its own."""
    block = text[start:end].rstrip()
    ruled = "----" in block or "====" in block
    printed = block.split("\n")
    starts = accumulate(map(len, printed), lambda place, length: place + length + 1, initial=start)
    lines = list(map(Line._make, zip(starts, printed)))
    if not ruled:
        return lines
    return [part for line in lines for part in (_unfold(line) if _ends_ruled(line) else (line,))]


def _ends_ruled(line: Line) -> bool:
    return line.text.rstrip().endswith(("-", "="))


def _unfold(line: Line) -> list[Line]:
    text = line.text.strip()
    inline = _RULE_BEHIND_RE.search(text, max(len(text.rstrip("-= \t")), _MIN_TITLE_CHARS))
    if not inline or RULE_RE.match(line.text):
        return [line]
    offset = line.start + len(line.text) - len(line.text.lstrip())
    title = text[: inline.start()]
    rule = Line(offset + len(title), text[inline.start() :])
    if sentence := _LAST_SENTENCE_RE.match(title):
        before = Line(offset, sentence["text"])
        return [before, Line(offset + sentence.start("title"), sentence["title"]), rule]
    return [Line(offset, title), rule]


def clean_title(lines: list[Line]) -> str:
    """A heading on one line, without rules, slashes and markings."""
    title = " ".join(" ".join(line.text.split()) for line in lines)
    return _DECORATION_RE.sub("", title).strip().rstrip(":").rstrip()


def pop_headings(lines: list[Line], alone: bool = False) -> list[str]:
    """Take the headings off the tail of `lines`, outermost first; `alone`: there may be nothing else."""
    titles: list[str] = []
    while len(titles) < 2:
        end = _without_blank(lines, len(lines))
        ruled = False
        body = end
        while body and RULE_RE.match(lines[body - 1].text):
            ruled = True
            body = _without_blank(lines, body - 1)
        last = lines[body - 1].text.strip() if body else ""
        if not ruled and last.endswith(_SENTENCE_ENDS):
            break
        if ruled and _is_sentence(last):
            del lines[body:]
            break
        start = body - 1 if _FRAMED_RE.match(last) else _title_start(lines, body, ruled, alone)
        if start == body:
            if ruled:
                del lines[body:]
            break
        titles.insert(0, clean_title(lines[start:body]))
        above = _without_blank(lines, start)
        boxed = above and RULE_RE.match(lines[above - 1].text)
        del lines[above - 1 if boxed else start :]
    return [title for title in titles if title]


def _is_sentence(line: str) -> bool:
    """Whether a ruled line is text all the same."""
    return line.endswith(".") and len(line) > _MAX_SENTENCE_TITLE_CHARS and bool(LOWER_RUN_RE.search(line))


def _without_blank(lines: list[Line], end: int) -> int:
    while end and not lines[end - 1].text.strip():
        end -= 1
    return end


def _title_start(lines: list[Line], end: int, ruled: bool, alone: bool) -> int:
    """Where the heading that ends before `end` begins; `end` if there is none."""
    longest = _MAX_RULED_TITLE_CHARS if ruled else _MAX_PLAIN_TITLE_CHARS
    start = end
    while start and end - start < _MAX_TITLE_LINES:
        line = lines[start - 1].text.strip()
        if not line or RULE_RE.match(line) or len(line) > longest or REDACTED_RE.fullmatch(line):
            break
        if start < end and not _runs_on(line, lines[start].text.strip()):
            break
        start -= 1
    while start < end and not _opens_title(lines[start].text.strip()):
        start += 1
    if start == end or (not ruled and not _plain_title(lines, start, end, alone)):
        return end
    return start


def _runs_on(upper: str, lower: str) -> bool:
    """Whether two printed lines are one title: the margin broke it, or both are shouted."""
    if ends_sentence(upper):
        return False
    wrapped = len(upper) + len(lower.split(None, 1)[0]) >= _MIN_WRAPPED_TITLE_CHARS
    return wrapped or lower[0].islower() or (upper.isupper() and lower.isupper())


def _opens_title(line: str) -> bool:
    title = line[opening_mark(line) :].strip()
    return bool(_FRAMED_RE.match(line)) or (
        bool(title) and not _NO_TITLE_RE.match(title) and not title[0].islower()
    )


def _plain_title(lines: list[Line], start: int, end: int, alone: bool) -> bool:
    """Without a rule a title must stand alone, and must not look like a sentence."""
    last = lines[end - 1].text.strip()
    if _ITEM_RE.match(lines[start].text.lstrip(" \t¶")):
        return False
    if last.endswith(_SENTENCE_ENDS) or end - start > 2 or not any(c.isalpha() for c in last):
        return False
    if not any(line.text.strip() for line in lines[:start]):
        return alone
    text_above = lines[max(_without_blank(lines, start) - 1, 0)].text.rstrip()
    if text_above.endswith((":", ",")):
        return False
    above = lines[start - 1].text.strip()
    return not above or bool(RULE_RE.match(above)) or bool(ends_sentence(above) and end - start == 1)


def pop_opening_title(lines: list[Line]) -> str | None:
    """Take a ruled heading off the start of `lines`, printed behind the paragraph's number."""
    first = 0
    while first < len(lines) and (not lines[first].text.strip() or RULE_RE.match(lines[first].text)):
        first += 1
    for rule in (first + 1, first + 2):
        if rule < len(lines) and RULE_RE.match(lines[rule].text):
            title = lines[first:rule]
            short = all(0 < len(line.text.strip()) <= _MAX_RULED_TITLE_CHARS for line in title)
            if not short or not any(line.text.strip() for line in lines[rule + 1 :]):
                return None
            if lines[rule - 1].text.strip().endswith("."):
                return None
            del lines[: rule + 1]
            return clean_title(title) or None
    return None
