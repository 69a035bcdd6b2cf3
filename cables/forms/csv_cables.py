"""The table of cables, streamed: number, date, id, origin, classification, references, header, body."""

import csv
import io
import re
from collections.abc import Iterator

from cables.forms.base import Failure, Form, Reading, Source
from cables.forms.decoding import MENDING
from cables.forms.metadata import Record, cable_of, parse_created
from cables.forms.plain_text import LIMIT

_COLUMNS = 8
_ROW = re.compile(
    r'^"?\d+"?,"?\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d(?::\d\d)?"?,"?(?P<id>\d{2}[A-Z][A-Z0-9\' -]+\d+)"?,'
)


class Table(Form):
    """Comma-separated rows without a header row; quotes inside escaped by a backslash or doubled."""

    name = "table of cables"

    def likeness(self, head: bytes) -> int:
        """Certain where the first line begins with a number, a date and an id."""
        return 95 if _ROW.match(head.decode("utf-8", "replace").lstrip("\ufeff")) else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """One cable a row, without ever holding more than one row in memory."""
        csv.field_size_limit(2 * LIMIT)
        with source.open() as stream:
            lines = io.TextIOWrapper(stream, encoding="utf-8-sig", errors=MENDING, newline="")
            for number, (line, row) in enumerate(_rows(lines), start=1):
                yield _cable(source, f"row {number}", line, row)


def _rows(lines: Iterator[str]) -> Iterator[tuple[int, str | None]]:
    """(line number, text) of each row; None for a row too long.

    A row begins where a line looks like one, so that one with a broken quote spoils no other.
    """
    begun, held, length = 1, list[str](), 0
    for number, line in enumerate(lines, start=1):
        if _ROW.match(line) and held:
            yield begun, "".join(held) if length <= LIMIT else None
            begun, held, length = number, [], 0
        length += len(line)
        if length <= LIMIT:
            held.append(line)
    if held:
        yield begun, "".join(held) if length <= LIMIT else None


def _cable(source: Source, where: str, line: int, row: str | None) -> Reading | Failure:
    if row is None:
        return source.failure(
            f"a row over {LIMIT // 2**20} MB: a quote is missing in it; mend or cut the row", line, where
        )
    fields = _fields(row)
    if len(fields) != _COLUMNS:
        return source.failure(
            f"{len(fields)} columns, not {_COLUMNS}: quotes inside a field need a backslash; mend the row",
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
        if len(parsed) == 1 and len(parsed[0]) == _COLUMNS:
            return parsed[0]
    except csv.Error:
        pass  # cut by hand below
    cells = row.strip('"').split('","', _COLUMNS - 1)
    return [re.sub(r"\\(.)", r"\1", cell, flags=re.S) for cell in cells]
