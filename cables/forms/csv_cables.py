"""The table of cables, streamed: number, date, id, origin, classification, references, header, body."""

import csv
import io
import re
from collections.abc import Iterator

from cables.forms.base import Failure, Form, Reading, Source
from cables.forms.decoding import WINDOWS_FALLBACK
from cables.forms.metadata import Record, cable_of, parse_created
from cables.forms.plain_text import MAX_TEXT_BYTES

_COLUMN_COUNT = 8
_ROW_RE = re.compile(
    r'^"?\d+"?,"?\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d(?::\d\d)?"?,"?(?P<id>\d{2}[A-Z][A-Z0-9\' -]+\d+)"?,'
)


class Table(Form):
    """Comma-separated rows without a header row; quotes inside escaped by a backslash or doubled."""

    name = "table of cables"

    def likeness(self, head: bytes) -> int:
        """Certain where the first line begins with a number, a date and an id."""
        return 95 if _ROW_RE.match(head.decode("utf-8", "replace").lstrip("\ufeff")) else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """One cable a row, without ever holding more than one row in memory."""
        csv.field_size_limit(2 * MAX_TEXT_BYTES)
        with source.open() as stream:
            lines = io.TextIOWrapper(stream, encoding="utf-8-sig", errors=WINDOWS_FALLBACK, newline="")
            for number, (line, row) in enumerate(_rows(lines), start=1):
                yield _cable(source, f"row {number}", line, row)


def _rows(lines: Iterator[str]) -> Iterator[tuple[int, str | None]]:
    """(line number, text) of each row; None for a row too long.

    A row begins where a line looks like one, so that one with a broken quote spoils no other.
    """
    begun, held, length = 1, list[str](), 0
    for number, line in enumerate(lines, start=1):
        if _ROW_RE.match(line) and held:
            yield begun, "".join(held) if length <= MAX_TEXT_BYTES else None
            begun, held, length = number, [], 0
        length += len(line)
        if length <= MAX_TEXT_BYTES:
            held.append(line)
    if held:
        yield begun, "".join(held) if length <= MAX_TEXT_BYTES else None


def _cable(source: Source, where: str, line: int, row: str | None) -> Reading | Failure:
    if row is None:
        return source.failure(
            f"a row over {MAX_TEXT_BYTES // 2**20} MB: a quote is missing in it; correct or cut the row",
            line,
            where,
        )
    fields = _fields(row)
    if len(fields) != _COLUMN_COUNT:
        return source.failure(
            f"{len(fields)} columns, not {_COLUMN_COUNT}: quotes inside a field need a backslash; correct the row",
            line,
            where,
        )
    _, created, id, origin, classification, _, header, body = fields
    record = Record(id, parse_created(created), classification, origin)
    return source.reading(
        cable_of("\n\n".join(part for part in (header, body) if part.strip()), record), where
    )


def _fields(row: str) -> list[str]:
    """The columns of a row; where its quotes are broken, cut at `","` as far as the body."""
    row = row.replace("\r\n", "\n").strip("\n")
    try:
        parsed = list(csv.reader(io.StringIO(row, newline=""), escapechar="\\", strict=True))
        if len(parsed) == 1 and len(parsed[0]) == _COLUMN_COUNT:
            return parsed[0]
    except csv.Error:
        pass  # cut by hand below
    cells = row.strip('"').split('","', _COLUMN_COUNT - 1)
    return [re.sub(r"\\(.)", r"\1", cell, flags=re.S) for cell in cells]
