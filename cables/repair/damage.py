"""Known damage of cables and its repairs, each its own function and a no-op on clean text.

A repair takes a `OffsetMap` and gives one back: the very same object where there was nothing to mend.
`mend` runs them in the order that works and says in words what it did.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html.entities import html5

from cables.marking import MARK
from cables.repair.offset_map import Edit, OffsetMap, edit_of
from cables.repair.page_breaks import (
    drop_page_breaks,
    drop_repeated_captions,
    drop_repeated_subjects,
    drop_section_headers,
)

_LINE_END = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_INVISIBLE = re.compile(r"[\ufeff\u200b-\u200f\u00ad\x00-\x08\x0e-\x1f\x7f]")
_ODD_SPACE = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_BACKSLASH_END = re.compile(r"[ \t]?\\[ \t]*$|[ \t]?\\ (?=\S)|\\n(?=[A-Z\s¶(]|\d+\.)", re.MULTILINE)
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));")
_MARKDOWN_LINK = re.compile(r"\[([^\]\[\n]{1,60})\]\([^()\n]{0,300}\)")
_LINKED_ZONE = 3000
"""Links stand in the head of a published cable; in the body only the one around each pilcrow does."""


_USUAL = bytes([9, 10, *range(32, 127)])


@lru_cache(maxsize=1)
def _unusual(text: str) -> str:
    """The characters of a text beyond tab, newline and printable ASCII, in order: few, so quickly searched."""
    return text.encode("utf-8", "surrogatepass").translate(None, _USUAL).decode("utf-8", "surrogatepass")


def unify_line_ends(traced: OffsetMap) -> OffsetMap:
    """Make every line end a plain newline."""
    return traced.replace(_LINE_END, "\n") if _LINE_END.search(_unusual(traced.text)) else traced


def decode_entities(traced: OffsetMap) -> OffsetMap:
    """Decode the HTML entities that a web page left behind: `&para;`, `&#8217;`, `&#x000A;`."""
    if "&" not in traced.text:
        return traced
    found = ((match, _entity(match)) for match in _ENTITY.finditer(traced.text))
    return traced.edit(edit_of(match, text) for match, text in found if text)


def _entity(match: re.Match[str]) -> str | None:
    decimal, hexadecimal, name = match.groups()
    if name:
        return html5.get(name + ";")
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 9 <= code < 0xD800 or 0xDFFF < code < 0x110000 else None


_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]{1,3}"
)


def mend_mojibake(traced: OffsetMap) -> OffsetMap:
    """Read again as UTF-8 what was once read as Windows-1252: two characters in the place of one pilcrow."""
    if not _MOJIBAKE.search(_unusual(traced.text)):
        return traced
    found = ((match, _read_as_utf8(match.group())) for match in _MOJIBAKE.finditer(traced.text))
    return traced.edit(edit_of(match, text) for match, text in found if text)


def _read_as_utf8(text: str) -> str | None:
    try:
        raw = b"".join(c.encode("latin-1") if ord(c) < 256 else c.encode("cp1252") for c in text)
        return raw.decode("utf-8")
    except UnicodeError:
        return None


def plain_spaces(traced: OffsetMap) -> OffsetMap:
    """Drop invisible characters and make every kind of space a plain one."""
    unusual = _unusual(traced.text)
    visible = traced.replace(_INVISIBLE, "") if _INVISIBLE.search(unusual) else traced
    return visible.replace(_ODD_SPACE, " ") if _ODD_SPACE.search(unusual) else visible


def break_at_backslashes(traced: OffsetMap) -> OffsetMap:
    """Turn the backslashes that stand for line ends into line ends."""
    return traced.replace(_BACKSLASH_END, "\n") if "\\" in traced.text else traced


def unlink_markdown(traced: OffsetMap) -> OffsetMap:
    """Leave of `[PREL](#)` its text. `[Name removed]` has no parenthesis and stays."""
    if "](" not in traced.text:
        return traced
    links = _MARKDOWN_LINK.finditer(traced.text)
    return traced.edit(
        edit_of(match, match[1]) for match in links if match.start() < _LINKED_ZONE or match[1] == "¶"
    )


_PILCROW = re.compile(r"¶[ \t]*\d")
_NUMBER = re.compile(
    rf"^[ \t]*(\d{{1,3}})(?:\.{{1,2}}(?![\d])|(?=[ \t]{{1,3}}\())[ \t]*({MARK})?", re.MULTILINE
)
_LETTER = re.compile(r"^[ \t]*(?:REFS?:?[ \t]*)?(1)[A-Z]\.", re.MULTILINE)
_WRAPPED = re.compile(r"^[ \t]*(1)[1-9]\d{0,3}\.(?=\s)", re.MULTILINE)
"""A day or year that a line begins with: the pilcrow stood before these too."""
_EXTRACT = "partial extract"
_MANY = 5
_WIDEST_STEP = 4
"""An unmarked number further from the next one is a year, a sum or a day."""


def restore_numbers(traced: OffsetMap) -> OffsetMap:
    """Undo a pilcrow that became a 1: `11. (C)`, `12. (C)`, ... `110. (C)` are paragraphs 1, 2, ... 10."""
    text = traced.text
    if _PILCROW.search(text):  # pilcrows are left: nothing ate them
        return traced
    found = list(_NUMBER.finditer(text))
    marked = [match for match in found if match[2]] or found
    if not marked or (_EXTRACT in text[:500] and found[0][1] not in ("1", "11")):
        return traced
    if not _pilcrow_became_one([match[1] for match in marked]):
        return traced
    edits = [Edit(match.start(1), match.start(1) + 1) for match in _damaged(found, set(marked))]
    known = {edit.start for edit in edits} | {match.start(1) for match in marked}
    edits += [edit_of(match, "", 1) for match in _WRAPPED.finditer(text) if match.start(1) not in known]
    edits += [edit_of(match, "", 1) for match in _LETTER.finditer(text)]
    return traced.edit(sorted(edits))


def _gained_one(number: str) -> bool:
    return len(number) > 1 and number[0] == "1" and number[1] != "0"


def _pilcrow_became_one(numbers: list[str]) -> bool:
    """The tested rule: nearly all numbers can lose a leading 1, and without it they count from the start.

    Where some numbers never had a pilcrow, the others give themselves away by fitting in between.
    """
    damaged = [number for number in numbers if _gained_one(number)]
    if not damaged or (
        "19" in numbers and "20" in numbers
    ):  # a true run from 11 on passes 20; a damaged one never holds it
        return False
    if len(damaged) >= 0.8 * len(numbers):
        stripped = [int(number[1:]) for number in damaged]
        return stripped[0] <= 3 or _steps(stripped) > _steps([int(number) for number in damaged])
    return _fit_in_between(numbers)


def _fit_in_between(numbers: list[str]) -> bool:
    """Whether each number is the next one, as it stands or without its 1, and enough of them need that."""
    mended = 0
    for expected, number in enumerate(numbers, start=1):
        if int(number) != expected:
            if not _gained_one(number) or int(number[1:]) != expected:
                return False
            mended += 1
    return mended > (len(numbers) < _MANY)


def _damaged(found: list[re.Match[str]], marked: set[re.Match[str]]) -> Iterator[re.Match[str]]:
    """The numbers that come nearer to the next one, or to a new beginning, without their 1."""
    expected = 1
    for match in found:
        number = int(match[1])
        stripped = int(match[1][1:]) if _gained_one(match[1]) else number
        distance, nearest = min(
            (0.5 if value == 1 != expected else abs(value - expected), value) for value in (number, stripped)
        )
        if match in marked or distance <= _WIDEST_STEP:
            if nearest != number:
                yield match
            expected = nearest + 1


def _steps(numbers: list[int]) -> int:
    return sum(after == before + 1 for before, after in itertools.pairwise(numbers))


_LOST_APOSTROPHE = re.compile(r",(?<=[A-Za-z],)(?=s\b|S\b(?![.,:]))")
_QUOTE_MARKS = re.compile(r"[&8](?:(?<=[\s(\[-]&)(?=[A-Za-z(.])|(?<=[A-Za-z.,!?)]8)(?=[\s.,;:)?!-]|$))")
_LONGEST_QUOTE = 600


def mend_apostrophes(traced: OffsetMap) -> OffsetMap:
    """Give back the apostrophe that a 7-bit line turned into a comma: `Google,s`."""
    return traced.replace(_LOST_APOSTROPHE, "'")


def mend_quotes(traced: OffsetMap) -> OffsetMap:
    """Give back quotation marks that a 7-bit line turned into `&` and `8`, in pairs only."""
    if "&" not in traced.text:
        return traced
    edits = []
    opening: int | None = None
    for match in _QUOTE_MARKS.finditer(traced.text):
        if match[0] == "&":
            opening = match.start()
        elif opening is not None and match.start() - opening <= _LONGEST_QUOTE:
            edits += [Edit(opening, opening + 1, '"'), edit_of(match, '"')]
            opening = None
    return traced.edit(edits)


_HYPHEN_WRAP = re.compile(r"-[ \t]*\n[ \t]*(?=[A-Za-z])")
_WORD_BEFORE = re.compile(r"[A-Za-z]+$")
_WORD = re.compile(r"[A-Za-z]+")
_LONGEST_WORD = 24


def join_hyphen_wraps(traced: OffsetMap) -> OffsetMap:
    """Join a word that a hyphen parts at the end of a line, if the text has it whole elsewhere."""
    text = traced.text
    found = [
        match for match in _HYPHEN_WRAP.finditer(text) if text[match.start() - 1 : match.start()].isalpha()
    ]
    if not found:
        return traced
    known = frozenset(_WORD.findall(text.lower()))
    return traced.edit(edit_of(match) for match in found if _parted_word(text, match) in known)


def _parted_word(text: str, match: re.Match[str]) -> str:
    before = _WORD_BEFORE.search(text, max(match.start() - _LONGEST_WORD, 0), match.start())
    behind = _WORD.match(text, match.end())
    return (before[0] + behind[0]).lower() if before and behind else "\n"


_WORDS = """
a i an as at am be by do go he if in is it me my no of on or ox so to up us we all and any are ask bad
big but buy can cut day did due end far few for get got had has he her him his how its key law led let
low man may men met new nor not now off oil old one our out own pay per put ran raw run say see set she
six ten the tie too top try two use via war was way who why win won yes yet you etc eu un uk eta
"""
_SHORT_WORDS = frozenset(_WORDS.split())
_LINE_OPENING = re.compile(r"\n([a-z]{1,3})(?![\w'-])")
_WHOLE_WORD = re.compile(r"\b[A-Za-z]+\b")
_LINE_ENDING = re.compile(r"(?<![\w'-])([A-Za-z]{1,14})[ \t]*$")


def join_broken_words(traced: OffsetMap) -> OffsetMap:
    """Join a word broken at a fixed column, `reaso` and `ns`, if the text has it whole."""
    text = traced.text
    found = [
        (head, match)
        for match in _LINE_OPENING.finditer(text)
        if match[1] not in _SHORT_WORDS
        and (head := _LINE_ENDING.search(text, max(match.start() - _LONGEST_WORD, 0), match.start()))
    ]
    if not found:
        return traced
    known = frozenset(_WHOLE_WORD.findall(text))
    return traced.edit(
        Edit(head.end(1), match.start(1)) for head, match in found if head[1] + match[1] in known
    )


Repair = Callable[[OffsetMap], OffsetMap]
REPAIRS: tuple[tuple[Repair, str | None], ...] = (
    (unify_line_ends, None),
    (decode_entities, "web entities decoded"),
    (mend_mojibake, "wrong encoding mended"),
    (plain_spaces, None),
    (break_at_backslashes, "backslashes at line ends"),
    (unlink_markdown, "Markdown links removed"),
    (drop_section_headers, "headers of later sections dropped"),
    (drop_page_breaks, None),
    (drop_repeated_subjects, "repeated subjects dropped"),
    (drop_repeated_captions, "repeated captions dropped"),
    (restore_numbers, "pilcrows that had become a 1 restored"),
    (join_hyphen_wraps, None),
    (join_broken_words, "words broken at the end of a line joined"),
    (mend_apostrophes, "lost apostrophes restored"),
    (mend_quotes, "lost quotation marks restored"),
)
"""Every repair in the order that works, with the note it leaves where it is worth one."""


def mend(text: str) -> tuple[OffsetMap, tuple[str, ...]]:
    """Run all repairs over `text`: the text with its way back, and a note for each that found damage."""
    traced = OffsetMap(text)
    notes = []
    for repair, note in REPAIRS:
        mended = repair(traced)
        if mended is not traced and note:
            notes.append(note)
        traced = mended
    return traced, tuple(notes)
