"""Rows of History Lab's collections as JSON: an array, one object a line, or an API's answer."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from cables.forms.base import Failure, Form, Reading, Source, UnreadableError
from cables.forms.columns import read_row
from cables.forms.decoding import WINDOWS_FALLBACK
from cables.forms.plain_text import MAX_TEXT_BYTES

_OBJECT_START_RE = re.compile(
    rb'\s*+[\[{].*"(?:doc_id|body|text|content|full_text|_source|raw_body)"\s*+:', re.S
)
_CHUNK_CHARS = 1024 * 1024
_WRAPPER_NAMES = ("data", "results", "rows", "documents", "hits")


class JsonRows(Form):
    """JSON objects with `doc_id` and `body`, streamed one by one."""

    name = "JSON rows"

    def likeness(self, head: bytes) -> int:
        """Likely where it begins as JSON does and names a document's columns."""
        return 85 if _OBJECT_START_RE.match(head.removeprefix(b"\xef\xbb\xbf")) else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """One cable a row; where the JSON breaks, a failure with its line ends the reading."""
        with source.open() as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors=WINDOWS_FALLBACK)
            for number, row in enumerate(_rows(text), start=1):
                yield from read_row(source, f"row {number}", _plain(row))


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
                raise _broken("objects are expected", line + held.count("\n", 0, begin))
            yield value
            begin = end
        line += held.count("\n", 0, begin)
        held = held[begin:]
        size = max(_CHUNK_CHARS, len(held))  # doubling, so that one huge object is not tried again and again
        if len(held) > 2 * MAX_TEXT_BYTES:
            raise _broken(f"one object of over {2 * MAX_TEXT_BYTES // 2**20} MB", line)
    if held:
        raise _broken(str(broken), line)


def _broken(reason: str, line: int) -> UnreadableError:
    return UnreadableError(f"no valid JSON ({reason}): export it again", line)


def _skip(text: str, at: int) -> int:
    """The first character from `at` on that is no white space, comma or bracket of the outer array."""
    while at < len(text) and text[at] in " \t\r\n,[]":
        at += 1
    return at


def _plain(row: Any) -> dict[str, Any]:
    """A row by column name; what a search engine wraps in `_source` beside its id is taken out."""
    if not isinstance(row, dict):
        return {}
    inner = row.get("_source")
    return {**row, **inner} if isinstance(inner, dict) else row
