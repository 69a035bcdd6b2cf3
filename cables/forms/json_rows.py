"""Rows of History Lab's collections as JSON: an array, one object a line, or an API's answer."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from cables.forms.base import Failure, Form, Reading, Source
from cables.forms.decoding import WINDOWS_FALLBACK
from cables.forms.metadata import Record, cable_of, parse_created
from cables.forms.plain_text import MAX_TEXT_BYTES

_OBJECT_START_RE = re.compile(rb'\s*[\[{].*"(?:doc_id|body)"\s*:', re.S)
_CHUNK_CHARS = 1024 * 1024
_WRAPPER_NAMES = ("data", "results", "rows", "documents")
_COLUMN_NAMES = {
    "id": ("doc_id", "id", "mrn"),
    "body": ("body", "text", "content"),
    "header": ("header",),
    "created": ("authored", "date", "created"),
    "classification": ("classification",),
    "subject": ("title", "subject"),
    "origin": ("origin", "from", "office"),
}


class Rows(Form):
    """JSON objects with `doc_id` and `body`, streamed one by one."""

    name = "JSON rows"

    def likeness(self, head: bytes) -> int:
        """Likely where it begins as JSON does and names a document's columns."""
        return 85 if _OBJECT_START_RE.match(head.removeprefix(b"\xef\xbb\xbf")) else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """One cable a row; where the JSON breaks, a failure with its line ends the reading."""
        with source.open() as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors=WINDOWS_FALLBACK)
            try:
                for number, row in enumerate(_rows(text), start=1):
                    yield read_row(source, f"row {number}", row)
            except _BrokenError as error:
                yield source.failure(str(error), line=error.line)


class _BrokenError(Exception):
    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"no valid JSON ({reason}): export it again")
        self.line = line


def _rows(text: TextIO) -> Iterator[Any]:
    """The objects of an array, of lines, or of an answer's `data`, one and a chunk in memory at most."""
    for value in _values(text):
        wrapped = next((value[name] for name in _WRAPPER_NAMES if isinstance(value.get(name), list)), None)
        yield from wrapped if wrapped is not None else [value]


def _values(text: TextIO) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder()
    held, line, size = "", 1, _CHUNK_CHARS
    broken: Exception | None = None
    while more := text.read(size):
        held += more
        begin = 0
        while (begin := _skip(held, begin)) < len(held):
            try:
                value, end = decoder.raw_decode(held, begin)
            except (json.JSONDecodeError, RecursionError) as error:
                broken = error
                break
            if not isinstance(value, dict):
                raise _BrokenError(line + held.count("\n", 0, begin), "objects are expected")
            yield value
            begin = end
        line += held.count("\n", 0, begin)
        held = held[begin:]
        size = max(_CHUNK_CHARS, len(held))  # doubling, so that one huge object is not tried again and again
        if len(held) > 2 * MAX_TEXT_BYTES:
            raise _BrokenError(line, f"one object of over {2 * MAX_TEXT_BYTES // 2**20} MB")
    if held:
        raise _BrokenError(line, str(broken))


def _skip(text: str, at: int) -> int:
    """The first character from `at` on that is no white space, comma or bracket of the outer array."""
    while at < len(text) and text[at] in " \t\r\n,[]":
        at += 1
    return at


def read_row(source: Source, where: str, row: Any) -> Reading | Failure:
    """The cable of one row, or why it has none; a proper row is a dictionary by column name."""
    values = (
        {name: _value(row, columns) for name, columns in _COLUMN_NAMES.items()}
        if isinstance(row, dict)
        else {}
    )
    id, body = values.get("id"), values.get("body")
    if not id or not body:
        missing = "doc_id" if not id else "body"
        return source.failure(f"no {missing} in it: export the rows with doc_id and body", where=where)
    record = Record(
        id=id,
        created=parse_created(values["created"] or ""),
        classification=values["classification"],
        origin=values["origin"],
        subject=values["subject"],
    )
    text = f"{values['header']}\n\n{body}" if values["header"] else body
    return source.reading(cable_of(text, record), where)


def _value(row: dict[str, Any], columns: tuple[str, ...]) -> str | None:
    found = next((row[name] for name in columns if row.get(name)), None)
    return str(found).strip() if found is not None else None
