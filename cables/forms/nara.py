"""Telegrams of 1973-79 as the National Archives publish them: message text, then message attributes."""

import re
from collections.abc import Iterator
from dataclasses import replace

from cables.forms.base import Failure, Form, Reading, Source
from cables.forms.decoding import decode
from cables.forms.metadata import Record, cables_of, is_placeholder, parse_created
from cables.forms.plain_text import MAX_TEXT_BYTES, id_in_name
from cables.model import Address, Cable

_GAP_PATTERN = r"\s{1,80}"
_STAMP_RE = re.compile(
    rf"(?:(?:Margaret{_GAP_PATTERN}P\.?{_GAP_PATTERN}Grafeld|Sheryl{_GAP_PATTERN}P\.?{_GAP_PATTERN}Walter){_GAP_PATTERN})?Declassified/Released{_GAP_PATTERN}US{_GAP_PATTERN}"
    rf"Department{_GAP_PATTERN}of{_GAP_PATTERN}State{_GAP_PATTERN}EO{_GAP_PATTERN}Systematic{_GAP_PATTERN}Review{_GAP_PATTERN}\d{{1,2}}{_GAP_PATTERN}[A-Z]{{3}}{_GAP_PATTERN}\d{{4}}",
    re.IGNORECASE,
)
_REVIEWER_RE = re.compile(r"^[ \t]*+(?:Margaret P\.? Grafeld|Sheryl P\.? Walter)[ \t]*$", re.M)
_BANNER_RE = re.compile(
    r"^[ \t]*+\*\*\* Current (?:Handling Restrictions|Classification) \*\*\*[^\n]*\n?", re.M
)
_TEXT_RE = re.compile(r"^[ \t]*+Message Text[ \t]*$", re.M)
_ATTRIBUTES_RE = re.compile(r"^[ \t]*+Message Attributes[ \t]*$", re.M)
_END_RE = re.compile(r"^[ \t]*+<< END OF DOCUMENT >>[ \t]*$", re.M)
_ATTRIBUTE_RE = re.compile(r"^[ \t]*+([A-Z][A-Za-z/ ]{1,40}?):[ \t]*+(.*)$")


class ArchivalTelegram(Form):
    """Text with the blocks "Message Text" and "Message Attributes", one telegram or many."""

    name = "National Archives telegram"

    def likeness(self, head: bytes) -> int:
        """Sure where one of the blocks or the review stamp stands in it."""
        if b"Message" not in head and b"eclassified" not in head:  # quick, for the many files that are none
            return 0
        text = head.decode("utf-8", "replace")
        if "<html" in text[:2000].lower():
            return 0
        return 90 if _TEXT_RE.search(text) or _ATTRIBUTES_RE.search(text) or _STAMP_RE.search(text) else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """Each telegram of a file; withdrawn ones, of which only the attributes are there, are failures."""
        text, note = decode(source.whole(MAX_TEXT_BYTES))
        documents = [document for document in _documents(text) if document.strip()]
        for number, document in enumerate(documents, start=1):
            where = f"document {number}" if len(documents) > 1 else ""
            named = id_in_name(source.name) if len(documents) == 1 else None
            cables = _cables(document, named)
            if not cables:
                yield source.failure(_why_not(document), where=where)
            for cable in cables:
                yield source.reading(replace(cable, notes=(*cable.notes, note)) if note else cable, where)


def _documents(text: str) -> Iterator[str]:
    """Cut a file at its end marks and at each further "Message Text"."""
    parts: list[str] = []
    for part in _END_RE.split(text):
        if parts and _ATTRIBUTES_RE.match(part.lstrip()) and not _ATTRIBUTES_RE.search(parts[-1]):
            parts[-1] += part  # the mark stands between a telegram and its attributes
        else:
            parts.append(part)
    for part in parts:
        starts = [match.start() for match in _TEXT_RE.finditer(part)][1:]
        for start, end in zip([0, *starts], [*starts, len(part)], strict=True):
            yield part[start:end]


def _cables(document: str, named: str | None) -> list[Cable]:
    """The telegram with its gaps filled from the attributes, and others in its text; none without text or id."""
    found = attributes(document)
    text = _telegram(document)
    if not text.strip() or is_placeholder(text):
        return []
    number = found.get("Document Number", "").replace(" ", "")
    restrictions = found.get("Original Handling Restrictions", found.get("Handling Restrictions", ""))
    record = Record(
        id=number or named,
        created=parse_created(found.get("Draft Date", "")),
        classification=found.get("Original Classification"),
        origin=found.get("From"),
        subject=found.get("Subject"),
        sender=Address(found["From"]) if "From" in found else None,
        action=tuple(Address(name) for name in _names(found.get("To", ""))),
        captions=tuple(re.findall(r"[A-Z]{4,}", restrictions)),
        tags=found.get("TAGS", ""),
        references=found.get("Reference", ""),
    )
    cables = cables_of(text, record)
    return cables if cables[0].id else []


def _names(line: str) -> list[str]:
    return [name for part in line.split(",") if (name := part.strip())]


def _telegram(document: str) -> str:
    """The telegram itself: between the two block headings, without stamps and banners."""
    begin = _TEXT_RE.search(document)
    end = _ATTRIBUTES_RE.search(document)
    text = document[begin.end() if begin else 0 : end.start() if end else len(document)]
    for debris in (_STAMP_RE, _REVIEWER_RE, _BANNER_RE):
        text = debris.sub("", text)
    return text.strip("\n")


def attributes(document: str) -> dict[str, str]:
    """The message attributes by name; values run on over lines, and `n/a` is left out."""
    begin = _ATTRIBUTES_RE.search(document)
    found: dict[str, str] = {}
    name = ""
    for line in _STAMP_RE.sub("", document[begin.end() :]).splitlines() if begin else ():
        match = _ATTRIBUTE_RE.match(line)
        if match:
            name = match[1]
            found[name] = match[2].strip().strip("'")
        elif name and line.strip():
            found[name] = f"{found[name]} {line.strip()}".strip()
    return {name: value for name, value in found.items() if value and value.lower() != "n/a"}


def _why_not(document: str) -> str:
    found = attributes(document)
    text = _telegram(document)
    if is_placeholder(text) or not text.strip():
        number = found.get("Document Number", "it")
        return (
            f"withdrawn: the archive holds only a card of {number}, no text; ask the National Archives for it"
        )
    return "no document number: name the file after the cable's id, such as 76NIAMEY417.txt"
