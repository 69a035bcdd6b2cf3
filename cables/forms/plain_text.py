"""Plain text: one cable in a file that is named after its id, or several in one file."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePath

from cables.dates import MONTH_PATTERN
from cables.forms.base import Failure, Form, Reading, Source, UnreadableError
from cables.forms.decoding import binary_kind, decode
from cables.glossary import find_post
from cables.ids import canonical, post_of
from cables.parsing.document import document_signs, is_document, parse_document
from cables.parsing.telegram import parse_telegram

MAX_TEXT_BYTES = 32 * 1024 * 1024
"""Bytes of one text file; longer ones are no cables and would stall everything behind them."""

_CLASSIFICATION_PATTERN = (
    r"(?:T ?O ?P  ?)?(?:S ?E ?C ?R ?E ?T|C ?O ?N ?F ?I ?D ?E ?N ?T ?I ?A ?L"
    r"|U ?N ?C ?L ?A ?S(?: ?S ?I ?F ?I ?E ?D)?|LIMITED OFFICIAL USE)"
)
_CLASSIFICATION_LINE_RE = re.compile(
    rf"^[ \t]*{_CLASSIFICATION_PATTERN}(?:[ /]+(?:NOFORN|E F T O|FOR OFFICIAL USE ONLY|SENSITIVE))*"
    r"[ \t]+(?:SECTION[ \t]+\d{1,2}[ \t]+OF[ \t]+\d{1,2}[ \t]+)?(?P<mrn>[A-Z][A-Z .'-]{1,28}[ \t]+\d{3,7})\b",
    re.M | re.I,
)
_TRANSMISSION_RE = re.compile(r"^VZCZC[A-Z]{3}\d{4}\b.*$", re.M)
_DATE_TIME_GROUP_RE = re.compile(
    rf"^[ \t]*+(?:[ZOPRYM][ \t]+){{1,3}}\d{{6}}Z?[ \t]+(?:{MONTH_PATTERN})[A-Z]*[ \t]+\d{{2,4}}\b",
    re.M | re.I,
)
_FROM_RE = re.compile(r"^[ \t]*+FM[ \t]+[A-Z]", re.M)
_TO_RE = re.compile(r"^[ \t]*+TO[ \t]+[A-Z]", re.M)
_FIELDS_RE = tuple(
    re.compile(rf"(?:^|[ \t]){label}", re.M | re.I)
    for label in (r"TAGS?\b", r"SUBJ(?:ECT)?\b", r"E\.?O\.? ?1[0-9]{4}\b")
)
_NUMBERED_RE = re.compile(
    r"^[ \t]*+¶?[ \t]*+\d{1,3}[.)]?[ \t]*+\([ \t]*+(?:U|S|C|SBU|FOUO|LOU|TS)[ /)-]", re.M
)
_METADATA_RE = re.compile(r"^(?:Reference ID|Created|Released|Classification|Origin)\b", re.I)
_LEADING_ID_RE = re.compile(r"\d{2}[A-Za-z]{3,}\d{1,7}(?=[ _(-])")
MIN_EVIDENCE = 3
_QUOTING_RE = re.compile(
    r"\b(?:FOLLOWING|FOL|BELOW)\b[^\n]{0,60}\b(?:REPEAT|TEL|TELEGRAM|MESSAGE|TEXT)|\bQUOTE\b"
    r"|\bBEGIN (?:TEXT|MESSAGE)|FORWARDED"
)
"""A header behind these words is of a message that the telegram quotes."""
_MAX_QUOTING_CHARS = 200
_MAX_HEADER_CHARS = 1_000


class PlainText(Form):
    """Text with the marks of a cable: date-time group, classification line, TAGS, numbered paragraphs."""

    name = "plain text"

    def likeness(self, head: bytes) -> int:
        """The last resort for everything that no other form takes."""
        return 1

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """Each cable of a text; one failure where there is none."""
        text, note = decode(_text_bytes(source))
        named = id_in_name(source.name)
        if evidence(text) + (named is not None) < MIN_EVIDENCE:
            if source.as_document or is_document(text) or (named and document_signs(text) > 1):
                cable = parse_document(text, id=named, name=source.name)
                yield source.reading(replace(cable, notes=(*cable.notes, note)) if note else cable)
            else:
                yield source.failure(_no_cable(text))
            return
        yield from read_text(source, text, note)


def read_text(source: Source, text: str, note: str | None = None) -> Iterator[Reading | Failure]:
    """The cables of a text that holds at least one; `note` goes to each of them."""
    pieces = split_cables(text)
    read = [(line, parse_telegram(piece)) for line, piece in pieces]
    named = id_in_name(source.name)
    nameless = next((at for at, (_, cable) in enumerate(read) if not cable.id), None)
    if named and named not in [cable.id for _, cable in read]:
        at = 0 if len(pieces) == 1 else nameless
        if at is not None and (not read[at][1].id or _names_a_post(named)):
            read[at] = (read[at][0], parse_telegram(pieces[at][1], id=named))
    for number, (line, cable) in enumerate(read, start=1):
        where = f"cable {number}" if len(pieces) > 1 else ""
        if not cable.id:
            yield source.failure(
                "no id: neither its name nor its text says which cable it is; name the file after the id, "
                "such as 08BEIJING1488.txt",
                line,
                where,
            )
            continue
        yield source.reading(replace(cable, notes=(*cable.notes, note)) if note else cable, where, line)


def _names_a_post(id: str) -> bool:
    """Whether an id is of a known post: `15BOM16`, a file of bytes, is of none."""
    return find_post(post_of(id) or "", fuzzy=False) is not None


def id_in_name(name: str) -> str | None:
    """The id after which a file is named: `08BEIJING1488.txt`, `08BEIJING1488 (1).txt`."""
    stem = PurePath(name).stem
    leading = _LEADING_ID_RE.match(stem)
    return canonical(stem) or (canonical(leading[0]) if leading else None)


def evidence(text: str) -> int:
    """How many marks of a cable a text bears; three are enough."""
    marks = [
        2 if _TRANSMISSION_RE.search(text) else 0,
        2 if _DATE_TIME_GROUP_RE.search(text) else 0,
        2 if _CLASSIFICATION_LINE_RE.search(text) else 0,
        1 if _FROM_RE.search(text) and _TO_RE.search(text) else 0,
        1 if _NUMBERED_RE.search(text) else 0,
        *(1 for field in _FIELDS_RE if field.search(text)),
    ]
    return sum(marks)


def split_cables(text: str) -> list[tuple[int, str]]:
    """The cables of a text as (number of the first line, text), cut where a new one begins."""
    cuts = [0, *_beginnings(text), len(text)]
    pieces = [(start, text[start:end]) for start, end in pairwise(cuts)]
    return [(text.count("\n", 0, start) + 1, piece) for start, piece in pieces if piece.strip()]


def _beginnings(text: str) -> list[int]:
    """Where a second and each further cable begins: at its header's first line."""
    headers = {
        _block_start(text, match.start())
        for match in _DATE_TIME_GROUP_RE.finditer(text)
        if _is_header(text, match)
    }
    headers |= {_block_start(text, match.start()) for match in _TRANSMISSION_RE.finditer(text)}
    lines = [
        (match.start(), name) for match in _CLASSIFICATION_LINE_RE.finditer(text) if (name := _name(match))
    ]
    marks = _one_mark_a_header(sorted([(start, "") for start in headers] + lines))
    marks = [
        mark for mark in marks if not _QUOTING_RE.search(text, max(mark[0] - _MAX_QUOTING_CHARS, 0), mark[0])
    ]
    cuts: list[int] = []
    current = ""
    begun = headed = False
    for index, (start, name) in enumerate(marks):
        header = not name
        if header:
            name = next((later for _, later in marks[index + 1 : index + 2]), "")
        if begun and (not name or name != current) and not (headed and not header):
            cuts.append(start)
        current, begun, headed = name or current, True, header
    return cuts


def _one_mark_a_header(marks: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Without the second mark of a header whose lines stand apart: `VZCZC...` and date-time group."""
    return [
        (start, name)
        for (before, last), (start, name) in zip([(-_MAX_HEADER_CHARS, ""), *marks], marks, strict=False)
        if name or last or start - before >= _MAX_HEADER_CHARS
    ]


def _name(match: re.Match[str]) -> str | None:
    """The post and serial of a classification line; None for a line of prose that begins like one."""
    return canonical(match["mrn"], year=2000)


def _is_header(text: str, match: re.Match[str]) -> bool:
    """A date-time group heads a cable only where FM follows; in running text it cites one."""
    return _FROM_RE.match(text, text.find("\n", match.end()) + 1) is not None


def _block_start(text: str, at: int) -> int:
    """The beginning of the block of lines around `at`, with a block of metadata right before it."""
    start = text.rfind("\n\n", 0, at)
    start = 0 if start < 0 else start + 2
    before = text.rfind("\n\n", 0, max(start - 2, 0))
    before = 0 if before < 0 else before + 2
    return before if before < start and _METADATA_RE.match(text[before:start].lstrip()) else start


def _text_bytes(source: Source) -> bytes:
    """The bytes of a text. Raises UnreadableError where there is none, or something else."""
    head = source.head()
    data = head if binary_kind(head) else source.whole(MAX_TEXT_BYTES)
    if kind := binary_kind(data):
        raise UnreadableError(
            f"{kind}, not text: convert it to text first, or keep it out of the source folder"
        )
    if not data.strip():
        raise UnreadableError("the file is empty: copy it again from where it came, or delete it")
    return data


def _no_cable(text: str) -> str:
    missing = [
        name
        for name, found in (
            ("date-time group", _DATE_TIME_GROUP_RE.search(text)),
            ("classification line with post and number", _CLASSIFICATION_LINE_RE.search(text)),
            ("FM and TO lines", _FROM_RE.search(text) and _TO_RE.search(text)),
            ("TAGS or SUBJECT", any(field.search(text) for field in _FIELDS_RE)),
            ("numbered paragraphs with markings", _NUMBERED_RE.search(text)),
        )
        if not found
    ]
    return (
        f"no sign of a cable: no {', no '.join(missing)}; index only cables, or take it in "
        "on purpose with --as document"
    )
