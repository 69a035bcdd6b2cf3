"""Repairs of characters: encodings, entities, spaces, line ends, lost quotation marks.

Each takes an `OffsetMap` and gives one back: the very same object where there was nothing to repair.
"""

import re
from functools import lru_cache
from html.entities import html5

from cables.repair.offset_map import Edit, OffsetMap, edit_of

_LINE_END_RE = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_INVISIBLE_RE = re.compile(r"[\ufeff\u200b-\u200f\u00ad\x00-\x08\x0e-\x1f\x7f]")
_ODD_SPACE_RE = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
MAX_BLANKS = 80
"""In a row: a line of print. Expressions that read white space may take the square of it."""
_LONG_GAP_RE = re.compile(rf"\s{{{MAX_BLANKS + 1},}}+")
_LAST_BACKSLASH_RE = re.compile(r"[ \t]?\\[ \t]*$", re.MULTILINE)
_BACKSLASH_END_RE = re.compile(r"[ \t]?\\ (?=\S)|\\n(?=[A-Z\s¶(]|\d+\.)", re.MULTILINE)
_ENTITY_RE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));")
_MARKDOWN_LINK_RE = re.compile(r"\[([^\]\[\n]{1,60})\]\([^()\n]{0,300}\)")
_LINKED_ZONE_CHARS = 3000
"""Links stand in the head of a published cable; in the body only the one around each pilcrow does."""


_USUAL_BYTES = bytes([9, 10, *range(32, 127)])


@lru_cache(maxsize=1)
def _unusual(text: str) -> str:
    """The characters of a text beyond tab, newline and printable ASCII, in order: few, so quickly searched."""
    return (
        text.encode("utf-8", "surrogatepass").translate(None, _USUAL_BYTES).decode("utf-8", "surrogatepass")
    )


def unify_line_ends(offset_map: OffsetMap) -> OffsetMap:
    """Make every line end a plain newline."""
    return (
        offset_map.replace(_LINE_END_RE, "\n")
        if _LINE_END_RE.search(_unusual(offset_map.text))
        else offset_map
    )


def decode_entities(offset_map: OffsetMap) -> OffsetMap:
    """Decode the HTML entities that a web page left behind: `&para;`, `&#8217;`, `&#x000A;`."""
    if "&" not in offset_map.text:
        return offset_map
    found = ((match, _entity(match)) for match in _ENTITY_RE.finditer(offset_map.text))
    return offset_map.edit(edit_of(match, text) for match, text in found if text)


def _entity(match: re.Match[str]) -> str | None:
    decimal, hexadecimal, name = match.groups()
    if name:
        return html5.get(name + ";")
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 9 <= code < 0xD800 or 0xDFFF < code < 0x110000 else None


_MOJIBAKE_RE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]{1,3}"
)


def repair_mojibake(offset_map: OffsetMap) -> OffsetMap:
    """Read again as UTF-8 what was once read as Windows-1252: two characters in the place of one pilcrow."""
    if not _MOJIBAKE_RE.search(_unusual(offset_map.text)):
        return offset_map
    found = ((match, _read_as_utf8(match.group())) for match in _MOJIBAKE_RE.finditer(offset_map.text))
    return offset_map.edit(edit_of(match, text) for match, text in found if text)


def _read_as_utf8(text: str) -> str | None:
    try:
        raw = b"".join(c.encode("latin-1") if ord(c) < 256 else c.encode("cp1252") for c in text)
        return raw.decode("utf-8")
    except UnicodeError:
        return None


def plain_spaces(offset_map: OffsetMap) -> OffsetMap:
    """Drop invisible characters and make every kind of space a plain one."""
    unusual = _unusual(offset_map.text)
    visible = offset_map.replace(_INVISIBLE_RE, "") if _INVISIBLE_RE.search(unusual) else offset_map
    return visible.replace(_ODD_SPACE_RE, " ") if _ODD_SPACE_RE.search(unusual) else visible


def shorten_gaps(offset_map: OffsetMap) -> OffsetMap:
    """Shorten white space of more than MAX_BLANKS characters: a blank line where it held one, else a few blanks."""
    text, step = offset_map.text, MAX_BLANKS // 2
    blanks = (match.start() * step for match in re.finditer(r"\s", text[::step]))
    if not any(text[at : at + step + 1].isspace() for at in blanks):
        return offset_map  # a longer run would hold one of these pieces whole; this is faster than to search for it
    return offset_map.edit(
        edit_of(match, "\n\n" if match[0].count("\n") > 1 else "\n" if "\n" in match[0] else "  ")
        for match in _LONG_GAP_RE.finditer(offset_map.text)
    )


def break_at_backslashes(offset_map: OffsetMap) -> OffsetMap:
    """Turn backslashes that stand for line ends into line ends, and drop those that stand before one."""
    if "\\" not in offset_map.text:
        return offset_map
    return offset_map.replace(_LAST_BACKSLASH_RE, "").replace(_BACKSLASH_END_RE, "\n")


def unlink_markdown(offset_map: OffsetMap) -> OffsetMap:
    """Leave of `[PREL](#)` its text. `[Name removed]` has no parenthesis and stays."""
    if "](" not in offset_map.text:
        return offset_map
    links = _MARKDOWN_LINK_RE.finditer(offset_map.text)
    return offset_map.edit(
        edit_of(match, match[1]) for match in links if match.start() < _LINKED_ZONE_CHARS or match[1] == "¶"
    )


_LOST_APOSTROPHE_RE = re.compile(r",(?<=[A-Za-z],)(?=s\b|S\b(?![.,:]))")
_QUOTE_MARKS_RE = re.compile(r"[&8](?:(?<=[\s(\[-]&)(?=[A-Za-z(.])|(?<=[A-Za-z.,!?)]8)(?=[\s.,;:)?!-]|$))")
_MAX_QUOTE_CHARS = 600


def restore_apostrophes(offset_map: OffsetMap) -> OffsetMap:
    """Give back the apostrophe that a 7-bit line turned into a comma: `Google,s`."""
    return offset_map.replace(_LOST_APOSTROPHE_RE, "'")


def restore_quotes(offset_map: OffsetMap) -> OffsetMap:
    """Give back quotation marks that a 7-bit line turned into `&` and `8`, in pairs only."""
    if "&" not in offset_map.text:
        return offset_map
    edits = []
    opening: int | None = None
    for match in _QUOTE_MARKS_RE.finditer(offset_map.text):
        if match[0] == "&":
            opening = match.start()
        elif opening is not None and match.start() - opening <= _MAX_QUOTE_CHARS:
            edits += [Edit(opening, opening + 1, '"'), edit_of(match, '"')]
            opening = None
    return offset_map.edit(edits)
