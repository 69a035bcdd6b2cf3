"""The table of cables, streamed: number, date, id, origin, classification, references, header, body."""

import csv
import io
import re
from collections.abc import Iterator

from cables.forms.base import Failure, Form, Reading, Source
from cables.forms.columns import by_position, read_row
from cables.forms.decoding import WINDOWS_FALLBACK
from cables.forms.plain_text import MAX_TEXT_BYTES

_COLUMN_COUNT = 8
_ROW_RE = re.compile(
    r'^"?\d+"?(?P<delimiter>[,;\t|])"?(?:\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d\d-\d\d)[ T]\d{1,2}:\d\d(?::\d\d)?"?'
    r'(?P=delimiter)"?(?P<id>\d{2}[A-Z][A-Z0-9\' -]+\d+)"?(?P=delimiter)'
)
_NUMBERED_HEADER_RE = re.compile(r"0[,;\t|]1[,;\t|]2[^\n]*\n")
"""What a program prints above columns without names."""


class CablegateTable(Form):
    """Comma-separated rows without a header row; quotes inside escaped by a backslash or doubled."""

    name = "table of cables"

    def likeness(self, head: bytes) -> int:
        """Certain where the first line begins with a number, a date and an id."""
        text = head.decode("utf-8", "replace").lstrip("\ufeff")
        row = _ROW_RE.match(_NUMBERED_HEADER_RE.sub("", text, count=1))
        # Tabs without quotes are a database's: its line ends are escaped.
        return 95 if row and (row["delimiter"] != "\t" or '"' in row[0]) else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """One cable a row, without ever holding more than one row in memory."""
        csv.field_size_limit(2 * MAX_TEXT_BYTES)
        with source.open() as stream:
            lines = io.TextIOWrapper(stream, encoding="utf-8-sig", errors=WINDOWS_FALLBACK, newline="")
            for number, (line, row) in enumerate(_rows(lines), start=1):
                yield from _cables(source, f"row {number}", line, row)


def _rows(lines: Iterator[str]) -> Iterator[tuple[int, str | None]]:
    """(line number, text) of each row; None for a row too long.

    A row begins where a line looks like one, so that one with a broken quote spoils no other.
    """
    begun, held, length = 1, list[str](), 0
    for number, line in enumerate(lines, start=1):
        if number == 1 and _NUMBERED_HEADER_RE.fullmatch(line):
            continue
        if _ROW_RE.match(line) and held:
            yield begun, "".join(held) if length <= MAX_TEXT_BYTES else None
            begun, held, length = number, [], 0
        length += len(line)
        if length <= MAX_TEXT_BYTES:
            held.append(line)
    if held:
        yield begun, "".join(held) if length <= MAX_TEXT_BYTES else None


def _cables(source: Source, where: str, line: int, row: str | None) -> Iterator[Reading | Failure]:
    if row is None:
        yield source.failure(
            f"a row over {MAX_TEXT_BYTES // 2**20} MB: a quote is missing in it; correct or cut the row",
            line,
            where,
        )
        return
    fields = _fields(row)
    named = by_position(fields) if len(fields) == _COLUMN_COUNT else None
    if named is None:
        yield source.failure(
            f"{len(fields)} columns, not {_COLUMN_COUNT}: quotes inside a field need a backslash; correct the row",
            line,
            where,
        )
        return
    yield from read_row(source, where, named, line)


def _fields(row: str) -> list[str]:
    """The columns of a row; where its quotes are broken, cut at `","` as far as the body."""
    row = row.replace("\r\n", "\n").strip("\n")
    begun = _ROW_RE.match(row)
    delimiter = begun["delimiter"] if begun else ","
    try:
        parsed = list(
            csv.reader(io.StringIO(row, newline=""), delimiter=delimiter, escapechar="\\", strict=True)
        )
        if len(parsed) == 1 and len(parsed[0]) == _COLUMN_COUNT:
            return parsed[0]
    except csv.Error:
        pass  # cut by hand below
    cells = row.strip('"').split(f'"{delimiter}"', _COLUMN_COUNT - 1)
    return [re.sub(r"\\(.)", r"\1", cell, flags=re.S) for cell in cells]
