"""Printed lines into reading text: wrapped sentences are joined, tables and lists keep their lines."""

import re

RULE_RE = re.compile(r"[ \t]*+(?:[-=_*~#+–—]{2}[-=_*~#+–— \t]*+$|(?:[-=_*][ \t]++){2,}+[-=_*]?[ \t]*+$)")
_BULLET_RE = re.compile(
    r"(?:--?|[–—•*·])[ \t]*[^\s\d-]|--[ \t]*+\d|-[ \t]+\d|o[ \t]+[A-Z]|\(?(?:\d{1,2}|[a-zA-Z]"
    r"|[ivx]{1,4})\)[ \t]*+\S"
)
_LETTERED_ITEM_RE = re.compile(r"(?:[A-Za-z]|\d{1,2}|[ivx]{1,4})\.[ \t]+\S")
_TABLE_ROW_RE = re.compile(r"\S(?:[ ]{3,}|\t+)\S")
_SENTENCE_ENDS = (".", "!", "?", ":", ";")
_CLOSING_CHARS = "\"')]”’ \t"
_MAX_WRAPPED_CHARS = 100
"""A text with lines longer than this has one line a paragraph; shorter lines were wrapped by a margin."""
_MIN_WRAP_CHARS = 60
_MARGIN_SLACK_CHARS = 14


def reading_text(lines: list[str]) -> str:
    """Join `lines` into text: one line a paragraph, bullet or table row; blank lines where they divide."""
    width = min(max(_MIN_WRAP_CHARS, *map(len, lines)), _MAX_WRAPPED_CHARS) if lines else _MIN_WRAP_CHARS
    tables = _table_rows(lines)
    parts: list[str] = []
    last = ""
    blank = after_table = False
    for index, raw in enumerate(lines):
        line = raw.strip()
        plain = "  " not in line and "\t" not in line
        if (
            plain
            and last
            and last[-1] != "-"
            and not (blank or tables)
            and line[:1].islower()
            and line[1:2].isalpha()
        ):
            parts += (" ", line)  # most lines: the middle of a sentence
            last = line
            continue
        if line and not line[0].isalnum():
            line, blank = _without_sign(line, blank)
        if not line:
            blank = blank or bool(parts)
            continue
        table = index in tables
        if table or after_table:
            parts.append("\n\n"[: 1 + blank])
        elif last:
            parts.append(_joint(last, line, blank, width))
        if table:
            parts.append(raw.rstrip())
        else:
            parts.append(line if plain else " ".join(line.split()))
        last, blank, after_table = line, False, table
    return "".join(parts).strip()


def _without_sign(line: str, blank: bool) -> tuple[str, bool]:
    """A line without the pilcrow that opens it, empty where it is a rule; and whether it begins a paragraph."""
    if line[0] == "¶":
        line = line.lstrip("¶ \t")
        blank = blank or bool(_LETTERED_ITEM_RE.match(line))
    return ("" if line == "-" or RULE_RE.match(line) else line), blank


def ends_sentence(line: str) -> bool:
    """Whether a line ends in a full stop or the like, quotation marks and brackets aside."""
    return line.rstrip(_CLOSING_CHARS).endswith(_SENTENCE_ENDS)


def _joint(last: str, line: str, blank: bool, width: int) -> str:
    """What stands between two printed lines: nothing (a hyphen), a space, a new line or a blank line."""
    if not blank and line[0].islower() and line[1:2].isalpha():  # the middle of a sentence
        return _inside_sentence(last, line)
    ended = ends_sentence(last)
    if (_BULLET_RE.match(line) and not _closes_bracket(last, line)) or (
        (ended or blank) and _LETTERED_ITEM_RE.match(line)
    ):
        return "\n"
    if not blank and last.endswith("-"):
        return _inside_sentence(last, line)
    if blank and (ended or not _goes_on(last, line)):
        return "\n\n"
    if not blank and _broken_on_purpose(last, line, width, ended):
        return "\n"
    return _inside_sentence(last, line)


def _inside_sentence(last: str, line: str) -> str:
    return "" if last[-1] == "-" and not last.endswith((" -", "--")) and line[0].isalnum() else " "


def _closes_bracket(last: str, line: str) -> bool:
    """A bracket opened on the line before is closed at once: the "A)" of "(Ref A)" is no item of a list."""
    return line[0].isalnum() and last.rfind("(") > last.rfind(")")


def _goes_on(last: str, line: str) -> bool:
    """A sentence runs over a blank line (a page break): it has not ended, this is its middle."""
    return (
        line[0].islower()
        or last.endswith((",", "-"))
        or (len(last) > _MIN_WRAP_CHARS - _MARGIN_SLACK_CHARS and line[0].isalnum())
    )


def _broken_on_purpose(last: str, line: str, width: int, ended: bool) -> bool:
    """The first word would have fitted on the line before: the typist broke the line, the margin did not."""
    if line[0].islower():
        return False
    if width >= _MAX_WRAPPED_CHARS:
        return ended or (len(last) < _MIN_WRAP_CHARS - _MARGIN_SLACK_CHARS and not last.endswith(","))
    room = width - len(last) - len(line.split(None, 1)[0]) - 1
    return room > (_MARGIN_SLACK_CHARS if ended else 2 * _MARGIN_SLACK_CHARS)


def _table_rows(lines: list[str]) -> set[int]:
    """The lines that are rows of a table: at least two together with columns set apart by runs of spaces."""
    whole = "\n".join(lines)
    if "   " not in whole and "\t" not in whole:
        return set()
    rows = {index for index, line in enumerate(lines) if _TABLE_ROW_RE.search(line)}
    return {index for index in rows if index - 1 in rows or index + 1 in rows}
