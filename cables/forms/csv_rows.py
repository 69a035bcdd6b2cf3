"""Rows of History Lab's collections as comma-separated values with a row of column names."""

import csv
import io
import re
from collections.abc import Iterator

from cables.forms.base import Failure, Form, Reading, Source
from cables.forms.decoding import WINDOWS_FALLBACK
from cables.forms.json_rows import read_row
from cables.forms.plain_text import MAX_TEXT_BYTES

_HEADER_ROW_RE = re.compile(
    rb'(?:\xef\xbb\xbf)?(?=[^\n]*\bdoc_id\b)(?=[^\n]*\bbody\b)["\w]+(?:,"?[\w ]+"?)+\r?\n'
)


class Sheet(Form):
    """A table whose first row names the columns `doc_id` and `body`."""

    name = "table with column names"

    def likeness(self, head: bytes) -> int:
        """Certain where the first line is of column names, these two among them."""
        return 95 if _HEADER_ROW_RE.match(head) else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """One cable a row, streamed."""
        csv.field_size_limit(2 * MAX_TEXT_BYTES)
        with source.open() as stream:
            lines = io.TextIOWrapper(stream, encoding="utf-8-sig", errors=WINDOWS_FALLBACK, newline="")
            reader = csv.DictReader(lines)
            try:
                for number, row in enumerate(reader, start=1):
                    yield read_row(source, f"row {number}", row)
            except csv.Error as error:
                yield source.failure(f"no valid CSV ({error}): export it again", line=reader.line_num)
