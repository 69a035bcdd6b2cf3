"""Printed lines into reading text: wrapped sentences are joined, tables and lists keep their lines."""

import re

RULE = re.compile(r"[ \t]*[-=_*~#+–—]{3,}[-=_*~#+–— \t]*$|[ \t]*(?:[-=_*][ \t]){3,}[-=_*]?[ \t]*$")
_BULLET = re.compile(r"(?:--?|[–—•*·])[ \t]*[^\s\d-]|--[ \t]*\d|-[ \t]+\d|o[ \t]+[A-Z]|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})\)[ \t]*\S")
_LETTERED = re.compile(r"(?:[A-Za-z]|\d{1,2}|[ivx]{1,4})\.[ \t]+\S")
_TABLE_ROW = re.compile(r"\S(?:[ ]{3,}|\t+)\S")
_STOPS = (".", "!", "?", ":", ";")
_REFLOWED = 100
_WRAP = 60
_SLACK = 14


def reading_text(lines: list[str]) -> str:
    """Join `lines` into text: one line a paragraph, bullet or table row, `\\n\\n` where a blank line divides."""
    width = min(max([_WRAP, *(len(line.rstrip()) for line in lines)]), _REFLOWED)
    tables = _table_rows(lines)
    parts: list[str] = []
    last = ""
    blank = False
    for index, raw in enumerate(lines):
        line = raw.strip()
        if line.startswith("¶"):
            line = line.lstrip("¶ \t")
            blank = blank or bool(_LETTERED.match(line))
        if line in ("", "-") or RULE.match(line):
            blank = blank or bool(parts)
            continue
        table = index in tables
        folded = raw.rstrip() if table else " ".join(line.split())
        parts += (_joint(last, folded, blank, width, table, index - 1 in tables) if parts else "", folded)
        last, blank = raw.strip(), False
    return "".join(parts).strip()


def ends_sentence(line: str) -> bool:
    """Whether a line ends in a full stop or the like, quotation marks and brackets aside."""
    return line.rstrip("\"')]”’ \t")[-1:] in _STOPS


def _joint(last: str, line: str, blank: bool, width: int, table: bool, after_table: bool) -> str:
    """What stands between two printed lines: nothing (a hyphen), a space, a new line or a blank line."""
    if table or after_table:
        return "\n\n" if blank else "\n"
    ended = ends_sentence(last)
    if _BULLET.match(line) or (_LETTERED.match(line) and (ended or blank)):
        return "\n"
    if blank and (ended or not _goes_on(last, line)):
        return "\n\n"
    if not blank and _broken_on_purpose(last, line, width, ended):
        return "\n"
    return "" if last.endswith("-") and not last.endswith((" -", "--")) and line[0].isalnum() else " "


def _goes_on(last: str, line: str) -> bool:
    """A sentence runs over a blank line (a page break): it has not ended, and the line looks like its middle."""
    return line[0].islower() or last.endswith((",", "-")) or (len(last) > _WRAP - _SLACK and line[0].isalnum())


def _broken_on_purpose(last: str, line: str, width: int, ended: bool) -> bool:
    """The first word would have fitted on the line before: the typist broke the line, the margin did not."""
    if line[0].islower():
        return False
    if width >= _REFLOWED:
        return ended or (len(last) < _WRAP - _SLACK and not last.endswith(","))
    room = width - len(last) - len(line.split(None, 1)[0]) - 1
    return room > (_SLACK if ended else 2 * _SLACK)


def _table_rows(lines: list[str]) -> set[int]:
    """The lines that are rows of a table: at least two together with columns set apart by runs of spaces."""
    rows = {
        index
        for index, line in enumerate(lines)
        if ("   " in line or "\t" in line) and _TABLE_ROW.search(line.strip())
    }
    return {index for index in rows if index - 1 in rows or index + 1 in rows}
