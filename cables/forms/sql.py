"""Database dumps: INSERT statements, PostgreSQL's COPY and MySQL's outfiles."""

import io
import re
from collections.abc import Iterator

from cables.forms.base import Failure, Form, Reading, Source
from cables.forms.columns import by_position, read_row
from cables.forms.decoding import WINDOWS_FALLBACK
from cables.forms.plain_text import MAX_TEXT_BYTES

_INSERT_RE = re.compile(r"^INSERT INTO\s+[\w.`\"]+\s*+(?:\((?P<names>[^)]*)\))?\s*+VALUES\s*", re.I | re.M)
_COPY_RE = re.compile(r"^COPY\s+[\w.\"]+\s*+\((?P<names>[^)]*)\)\s*+FROM stdin.*$", re.I | re.M)
_CREATE_RE = re.compile(r"^CREATE TABLE[^(]*\((?P<body>.*?)\)[^)]*;", re.I | re.M | re.S)
_COLUMN_RE = re.compile(
    r"^[ \t]*+[`\"]?(\w++)[`\"]?[ \t]++(?:int|big|small|serial|text|varchar|char|timestamp|date|longtext)",
    re.IGNORECASE | re.MULTILINE,
)
_OUTFILE_RE = re.compile(r"(?:\d+\t)?\d{4}-\d\d-\d\d[ \d:]*\t\d{2}[A-Z][A-Z0-9' -]+\d+\t")
_ESCAPE_RE = re.compile(r"\\(.)", re.S)
_CHARACTER_BY_ESCAPE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "N": "", "0": ""}
_VALUE_RE = re.compile(
    r"\s*+(?:E?'(?P<quoted>(?:[^'\\]|\\.|'')*+)'|(?P<bare>[^,()']*+))\s*+(?P<end>[,)])", re.S
)


class Dump(Form):
    """Rows of a table as a database writes them out."""

    name = "database dump"

    def likeness(self, head: bytes) -> int:
        """Sure where a statement begins a line, or the first line is a date, an id and tabs."""
        text = head.decode("utf-8", "replace").lstrip("\ufeff")
        if _OUTFILE_RE.match(text):
            return 92
        return 92 if _INSERT_RE.search(text) or _COPY_RE.search(text) else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """One cable a row; statements of other tables give failures that name their columns."""
        with source.open() as stream:
            lines = io.TextIOWrapper(stream, encoding="utf-8-sig", errors=WINDOWS_FALLBACK)
            for number, row in enumerate(_rows(lines), start=1):
                if row is None:
                    yield source.failure(
                        "a statement that cannot be read: export the table again", where=f"row {number}"
                    )
                else:
                    yield from read_row(source, f"row {number}", row)


def _rows(lines: Iterator[str]) -> Iterator[dict[str, str] | None]:
    names: list[str] = []
    held: list[str] = []
    copying = False
    for line in lines:
        if not held and (copy := _COPY_RE.match(line)):
            names, copying = _split_names(copy["names"]), True
        elif copying and line.startswith("\\."):
            copying = False
        elif copying or (held and held[0] == "") or _OUTFILE_RE.match(line):
            held = held or [""]
            held.append(line)
            if not _ends_escaped(line):
                yield _named(_tabbed("".join(held)), names)
                held = []
        elif held or _INSERT_RE.match(line) or line.upper().startswith("CREATE TABLE"):
            held.append(line)
            if line.rstrip().endswith(";") and (_closed(statement := "".join(held))):
                if created := _CREATE_RE.match(statement):
                    names = _COLUMN_RE.findall(created["body"])
                else:
                    yield from _inserted(statement, names)
                held = []
            elif sum(map(len, held)) > MAX_TEXT_BYTES:
                yield None
                held = []
    if held and held[0] != "":
        yield from _inserted("".join(held), names)


def _ends_escaped(line: str) -> bool:
    stripped = line.rstrip("\n")
    return (len(stripped) - len(stripped.rstrip("\\"))) % 2 == 1


def _closed(statement: str) -> bool:
    """Whether the semicolon at the end stands outside of a quoted value."""
    plain = statement.replace("\\\\", "").replace("\\'", "")
    return plain.count("'") % 2 == 0


def _tabbed(row: str) -> list[str]:
    return [_unescaped(cell) for cell in row.rstrip("\n").split("\t")]


def _unescaped(cell: str) -> str:
    return _ESCAPE_RE.sub(lambda match: _CHARACTER_BY_ESCAPE.get(match[1], match[1]), cell)


def _inserted(statement: str, names: list[str]) -> Iterator[dict[str, str] | None]:
    """The rows of an INSERT statement."""
    insert = _INSERT_RE.match(statement)
    if not insert:
        return
    names = _split_names(insert["names"]) if insert["names"] else names
    at = insert.end()
    values: list[str] = []
    while (start := statement.find("(", at) if not values else at - 1) >= 0:
        match = _VALUE_RE.match(statement, start + 1)
        if not match:
            yield None
            return
        quoted = match["quoted"]
        values.append(
            _unescaped(quoted.replace("''", "'")) if quoted is not None else (match["bare"] or "").strip()
        )
        at = match.end()
        if match["end"] == ")":
            yield _named([("" if value.upper() == "NULL" else value) for value in values], names)
            values = []


def _named(values: list[str], names: list[str]) -> dict[str, str]:
    if len(names) == len(values):
        return dict(zip(names, values, strict=True))
    return by_position(values) or {f"column {number}": value for number, value in enumerate(values, start=1)}


def _split_names(names: str) -> list[str]:
    return [name.strip().strip('`"') for name in names.split(",")]
