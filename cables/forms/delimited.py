"""Tables as text whose first row names the columns: commas, semicolons, tabs or bars between them."""

import csv
import io
import re
from collections.abc import Iterator

from cables.forms.base import Failure, Form, Reading, Source, UnreadableError
from cables.forms.columns import is_told_by_values, names_known, read_row
from cables.forms.decoding import WINDOWS_FALLBACK
from cables.forms.plain_text import MAX_TEXT_BYTES

_NAME_PATTERN = r"\"?[A-Za-z_][\w .-]{0,39}\"?"
_HEADER_RE = re.compile(
    rf"(?P<names>{_NAME_PATTERN}(?P<delimiter>[,;\t|]){_NAME_PATTERN}"
    rf"(?:(?P=delimiter){_NAME_PATTERN})*)\r?\n"
)
_MIN_COLUMNS = 3
_BACKSLASHED_RE = re.compile(r"\\\"")


class NamedColumns(Form):
    """A table whose first row names its columns, an id and a text among them."""

    name = "table with column names"

    def likeness(self, head: bytes) -> int:
        """Certain where the first line names an id and a text; likely where it only looks like column names."""
        header = _header(head)
        if header is None:
            return 0
        names = _names(header)
        if names_known(names):
            return 96
        below = head.decode("utf-8", "replace").split("\n", 2)[1:2]
        columns = below[0].count(header["delimiter"]) + 1 if below else 0
        return 40 if len(names) >= _MIN_COLUMNS and columns > 1 else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """One cable a row, streamed. Quotes inside a value are doubled or escaped by a backslash."""
        csv.field_size_limit(2 * MAX_TEXT_BYTES)
        head = source.head()
        header = _header(head)
        names = _names(header) if header else []
        escape = "\\" if _BACKSLASHED_RE.search(head.decode("utf-8", "replace")) else None
        with source.open() as stream:
            lines = io.TextIOWrapper(stream, encoding="utf-8-sig", errors=WINDOWS_FALLBACK, newline="")
            delimiter = header["delimiter"] if header else ","
            reader = csv.DictReader(lines, delimiter=delimiter, escapechar=escape)
            try:
                line = 2
                for number, row in enumerate(reader, start=1):
                    named = {name: value for name, value in row.items() if name}
                    if number == 1 and not (names_known(names) or source.columns or is_told_by_values(named)):
                        raise UnreadableError(
                            f"columns {', '.join(names)}: which is the id, which the text? "
                            "Say --columns id=NAME,text=NAME",
                            1,
                        )
                    yield from read_row(source, f"row {number}", named, line)
                    line = reader.line_num + 1
            except csv.Error as error:
                raise UnreadableError(f"no valid CSV ({error}): export it again", reader.line_num) from error


def _header(head: bytes) -> re.Match[str] | None:
    return _HEADER_RE.match(head[:4_000].decode("utf-8", "replace").lstrip("\ufeff"))


def _names(header: re.Match[str]) -> list[str]:
    return [name.strip('"') for name in header["names"].split(header["delimiter"])]
