"""Texts that are no telegrams - memoranda, letters, e-mails, other services' messages - as cables."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath

from cables.dates import find_day, find_moment
from cables.ids import canonical
from cables.marking import parse_marking
from cables.model import Address, Cable, Level, MarkingState, Paragraph, Role
from cables.parsing.body import parse_body
from cables.parsing.numbering import Numbered, paragraph_numbers
from cables.repair.repairs import repair_text

DOCUMENT_NOTE = "read as a document: it bears no marks of a telegram"
_FRONT_RE = re.compile(r"\A\s*+---[ \t]*+\n(?P<fields>(?:[^\n]*\n){1,40}?)---[ \t]*+\n")
_FIELD_RE = re.compile(
    r"^[ \t]*+(?:(?i:(?P<name>from|to|cc|date|sent|subject|title|doc_date|re))[ \t]*+:|(?:SUBJECT|SUBJ)[ \t]{1,20})"
    r"[ \t]*+(?P<value>[^\n]*)$",
    re.MULTILINE,
)
_REPORT_LABEL_RE = re.compile(
    r"^[ \t]*+(?:COUNTRY|CITE|DIST|DATE OF INFO(?:RMATION)?|SOURCE|APPRAISAL|FIELD REPORT NO|REPORT NO|SUBJECT|PLACE ACQ"
    r"|DATE ACQ)\b",
    re.MULTILINE,
)
"""Labels of an intelligence service's reports, with or without a colon."""
_HEAD_RE = re.compile(
    r"\s*(?:[ \t]*+(?:From|Sent|To|Cc|Bcc|Subject|Date|Attachments|Importance|Title|Re|Reply-To|Message-ID|Received"
    r"|[A-Z][A-Za-z]+-[A-Za-z-]+)[ \t]*+:[^\n]*\n(?:[ \t]{2,}\S[^\n]*\n){0,5}){1,40}",
    re.IGNORECASE,
)
_LEVEL_RE = re.compile(
    r"^[^\n]{0,30}?\b(?P<level>TOP SECRET|SECRET|CONFIDENTIAL|RESTRICTED|LIMITED OFFICIAL USE|UNCLASSIFIED)\b"
    r"[^\na-z]{0,30}$",
    re.MULTILINE,
)
_ROUTE_RE = re.compile(
    r"\b(?:cablegram|telegram|airgram|letter|memorandum|dispatch|despatch|message)\b(?:\s+from\s+(?P<sender>[^\n]+?))?\s+to\s+(?P<action>[^\n]+)",
    re.IGNORECASE,
)
_KIND_RE = re.compile(
    r"\b(?:cablegram|telegram|airgram|memorandum|dispatch|despatch|minute|aide[- ]memoire"
    r"|information (?:cable|report))\b",
    re.IGNORECASE,
)
_QUOTED_RE = re.compile(r"^[ \t>]*-{2,}[ \t]*+(?:Original|Forwarded) Message", re.MULTILINE | re.IGNORECASE)
_BOLD_RE = re.compile(
    r"^[ \t]*+(?:\*\*(?P<bold>[^*\n]{3,120})\*\*|#{1,3}[ \t]+(?P<heading>[^\n]{3,120}))[ \t]*$", re.MULTILINE
)
_NUMBER_RE = re.compile(r"^[ \t]*+(\d{1,2})[.)][ \t]+(?=\S)", re.MULTILINE)
_HEAD_CHARS = 1_500
_MIN_SIGNS = 3


def document_signs(text: str) -> int:
    """How many signs of a dated message a text bears: a day, sender or addressee, its kind, a marking, numbers."""
    head = text[:_HEAD_CHARS]
    fields = _fields(head)
    numbers = _numbers(text, 0)
    signs = (
        find_day(head) is not None,
        bool(fields.keys() & {"from", "to"}) or _ROUTE_RE.search(head) is not None,
        _KIND_RE.search(head) is not None,
        len({label[0].strip() for label in _REPORT_LABEL_RE.finditer(head)}) > 2,
        _LEVEL_RE.search(head) is not None,
        len(numbers) > 1,
    )
    return sum(signs)


def is_document(text: str) -> bool:
    """Whether a text bears enough signs of a dated message to be taken in as one."""
    return document_signs(text) >= _MIN_SIGNS


def document_id(name: str, date: datetime | None) -> str:
    """An id for a text that has none: of its file's name, with its day where the name is no cable's id."""
    stem = PurePath(name).stem
    plain = re.sub(r"[^A-Z0-9]+", "-", stem.upper()).strip("-") or "DOCUMENT"
    return canonical(stem) or (f"{date:%Y%m%d}-{plain}" if date else plain)


def parse_document(text: str, *, id: str | None = None, name: str = "") -> Cable:
    """Read a text as a document with date, sender, addressee, subject and paragraphs; never raises.

    Without an `id` it gets one of the file's `name` and its date.
    """
    offset_map, notes = repair_text(text)
    plain = offset_map.text
    front = _FRONT_RE.match(plain)
    head = front or _HEAD_RE.match(plain)
    start = head.end() if head and (front or _FIELD_RE.search(plain, 0, head.end())) else 0
    fields = _fields(plain[:_HEAD_CHARS] if not start else plain[:start])
    date = find_moment(
        fields.get("date") or fields.get("sent") or fields.get("doc_date") or plain[:_HEAD_CHARS]
    )
    cable_id = id or document_id(name, date)
    numbers = _numbers(plain, start)
    level = _LEVEL_RE.search(plain, 0, _HEAD_CHARS)
    marking = parse_marking(level["level"]) if level else None
    body = parse_body(
        offset_map, start, numbers, cable_id, level=marking.level if marking else Level.UNCLASSIFIED
    )
    route = _ROUTE_RE.search(fields.get("title", "") or plain[:_HEAD_CHARS])
    bold = _BOLD_RE.search(plain, 0, _HEAD_CHARS)
    sender = fields.get("from") or (route["sender"] if route else None)
    action = fields.get("to") or (route["action"] if route else None)
    return Cable(
        id=cable_id,
        original=text,
        paragraphs=_with_quoted(body.paragraphs, text),
        date=date,
        sender=Address(sender.strip()) if sender else None,
        action=(Address(action.strip(" .'")),) if action else (),
        classification=marking,
        marking_state=MarkingState.MARKED if marking else MarkingState.NOT_MARKED,
        subject=fields.get("subject")
        or fields.get("title")
        or (bold["bold"] or bold["heading"] if bold else None),
        signature=body.signature,
        notes=(*notes, DOCUMENT_NOTE),
    )


def _numbers(text: str, start: int) -> list[Numbered]:
    """The paragraph numbers; in other services' messages the first paragraph often has none."""
    found = paragraph_numbers(text, start)
    if found:
        return found
    rising: list[Numbered] = []
    for match in _NUMBER_RE.finditer(text, start):
        if int(match[1]) == (rising[-1].number + 1 if rising else 2):
            rising.append(Numbered(int(match[1]), match.start(), match.end(), None))
    return rising


def _fields(head: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _FIELD_RE.finditer(head):
        if value := match["value"].strip().strip("'\""):
            found.setdefault((match["name"] or "subject").lower(), value)
    return found


def _with_quoted(paragraphs: tuple[Paragraph, ...], text: str) -> tuple[Paragraph, ...]:
    """The paragraphs; what stands behind a mark of a quoted message is somebody else's words."""
    quoted = _QUOTED_RE.search(text)
    if not quoted:
        return paragraphs
    return tuple(
        replace(paragraph, role=Role.QUOTED) if paragraph.span.end > quoted.start() else paragraph
        for paragraph in paragraphs
    )
