"""Rows of tables: which column is the id, the text, the date, under the many names that they have."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cables.forms.base import Failure, Reading, Source
from cables.forms.metadata import WITHDRAWN_REASON, Record, cables_of, is_placeholder, parse_created
from cables.ids import canonical
from cables.model import Address
from cables.parsing.header import parse_address

COLUMN_NAMES: dict[str, tuple[str, ...]] = {
    "id": (
        *("refid", "ref_id", "reference_id", "doc_id", "docid", "doc_nbr", "document_number", "mrn"),
        *("cable_id", "identifier", "_id", "id"),
    ),
    "text": ("body", "text", "content", "full_text", "fulltext", "message", "raw_body", "cable"),
    "header": ("header",),
    "date": ("authored", "date", "created", "datetime", "date_sent", "sent", "timestamp"),
    "classification": ("classification", "origclass", "original_classification", "class"),
    "subject": ("subject", "title"),
    "origin": ("origin", "from", "from_field", "sender", "post", "embassy", "office"),
    "to": ("to", "to_field", "action"),
    "tags": ("tags", "tag"),
    "references": ("references", "reference", "refs", "destination"),
}
"""The names of each column, lower case, spaces as underscores; the first that a table has counts."""
_CABLEGATE_COLUMNS = ("date", "id", "origin", "classification", "references", "header", "text")
"""The columns of the public dump, from the date on, where no row names them."""
_ID_RE = re.compile(r"\d{2,4}[A-Z][A-Z0-9' -]+\d+")
_MIN_TOLD_CHARS = 200
"""Of a text that is taken for the cable's, in a column whose name says nothing."""
_ID_LIST_RE = re.compile(r"[|;,]")


def plain_name(name: str) -> str:
    """A column's name as `COLUMN_NAMES` spells it."""
    return re.sub(r"\W+", "_", name.strip().strip("\ufeff").lower()).strip("_") or name.strip()


def names_known(names: Sequence[str]) -> bool:
    """Whether columns of these names hold an id and a text."""
    plain = {plain_name(name) for name in names} | {name.strip() for name in names}
    return bool(plain & set(COLUMN_NAMES["id"])) and bool(plain & set(COLUMN_NAMES["text"]))


def by_position(values: Sequence[str]) -> dict[str, str] | None:
    """A row of the public dump without column names, told by where its id stands; None for other rows."""
    at = next((i for i, value in enumerate(values[:4]) if _ID_RE.fullmatch(value.strip())), None)
    if at is None or len(values) - at != len(_CABLEGATE_COLUMNS) - 1:
        return None
    return dict(zip(_CABLEGATE_COLUMNS, values[max(at - 1, 0) :], strict=False)) if at else None


def read_row(
    source: Source, where: str, row: Mapping[str, Any], line: int | None = None
) -> Iterator[Reading | Failure]:
    """The cables of one row, or why it has none."""
    values = {name: _value(row, source.columns, name) for name in COLUMN_NAMES}
    id, body = values["id"], values["text"]
    if not id or not body:
        missing = "id" if not id else "text"
        yield source.failure(
            f"no {missing} in its columns ({', '.join(map(str, row))}): say which column it is, "
            f"--columns id=NAME,text=NAME",
            line,
            where,
        )
    elif is_placeholder(body):
        yield source.failure(WITHDRAWN_REASON, line, where)
    else:
        text = f"{values['header']}\n\n{body}" if values["header"] else body
        yield from (source.reading(cable, where, line) for cable in cables_of(text, _record(values)))


def _record(values: Mapping[str, str | None]) -> Record:
    return Record(
        id=values["id"],
        created=parse_created(values["date"] or ""),
        classification=values["classification"],
        origin=values["origin"],
        subject=values["subject"],
        sender=Address(values["origin"]) if values["origin"] else None,
        action=(parse_address(values["to"]),) if values["to"] else (),
        tags=values["tags"] or "",
        references=", ".join(_ID_LIST_RE.split(values["references"] or "")),
    )


def _value(row: Mapping[str, Any], columns: Mapping[str, str], name: str) -> str | None:
    """A row's value of that meaning; of several ids the one that is a cable's."""
    if name in columns:
        return _text(row.get(columns[name]))
    plain = {plain_name(str(key)): value for key, value in row.items()} | {
        key: value for key, value in row.items() if key in COLUMN_NAMES[name]
    }
    found = [text for key in COLUMN_NAMES[name] if (text := _text(plain.get(key)))]
    if name == "id":
        own = next((text for text in found if canonical(text)), None)
        return own or _told_by_value(row, "id") or (found[0] if found else None)
    if name == "text" and not found:
        return _told_by_value(row, "text")
    return found[0] if found else None


def is_told_by_values(row: Mapping[str, Any]) -> bool:
    """Whether a row holds an id and a text, whatever its columns are called."""
    return all(_value(row, {}, name) for name in ("id", "text"))


def _told_by_value(row: Mapping[str, Any], name: str) -> str | None:
    """The id or the text of a row whose columns have other names: the only id in it, the one long text."""
    known = {plain for names in COLUMN_NAMES.values() for plain in names if plain not in COLUMN_NAMES[name]}
    values = [
        text for key, value in row.items() if plain_name(str(key)) not in known and (text := _text(value))
    ]
    if name == "id":
        ids = [text for text in values if _ID_RE.fullmatch(text.upper()) and canonical(text)]
        return ids[0] if len(ids) == 1 else None
    long = [text for text in values if len(text) >= _MIN_TOLD_CHARS and "\n" in text]
    return long[0] if len(long) == 1 else None


def _text(value: Any) -> str | None:
    """A value as text: lists joined, the one value of a nested id."""
    if isinstance(value, Mapping):
        value = next(iter(value.values()), None)
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return str(value).strip() or None if value is not None else None
