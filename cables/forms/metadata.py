"""Metadata that stands beside a telegram's text - on a page, in a row - and what of it the text lacks."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cables.glossary import post_label
from cables.ids import canonical
from cables.marking import parse_marking
from cables.model import Cable
from cables.parsing.telegram import MISSING, parse_telegram

_MONTH_FIRST = re.compile(
    r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})(?:[ T](?P<hour>\d{1,2}):(?P<minute>\d\d))?"
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:[ T](?P<hour>\d\d):(?P<minute>\d\d))?"
)


@dataclass(frozen=True, slots=True)
class Record:
    """What a page or row says about its telegram; None where it says nothing."""

    id: str | None = None
    created: datetime | None = None
    classification: str | None = None
    origin: str | None = None
    subject: str | None = None


def parse_created(text: str) -> datetime | None:
    """`11/18/2009 16:04` or `2009-11-18 16:04` as UTC.

    Minutes that only say the hour again ("09:09", "20:08") are a known misprint, and dropped.
    """
    match = _MONTH_FIRST.search(text) or _YEAR_FIRST.search(text)
    if not match:
        return None
    year, month, day, hour, minute = (
        int(match[name] or 0) for name in ("year", "month", "day", "hour", "minute")
    )
    if minute == (hour % 12 or 12):
        minute = 0
    try:
        return datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None


def cable_of(text: str, record: Record) -> Cable:
    """The telegram of `text` under the record's id, its missing fields filled from the record, with no note of those.

    An id that is printed otherwise (`1976STATE311722`) stays as an alias.
    """
    cable = parse_telegram(text, id=canonical(record.id or "") or record.id)
    filled = {
        "date": record.created,
        "classification": record.classification,
        "sender": record.origin,
        "subject": record.subject,
    }
    told = {MISSING[name] for name, value in filled.items() if value}
    other = [record.id] if record.id and record.id != cable.id else []
    return replace(
        cable,
        aliases=tuple(dict.fromkeys([*cable.aliases, *other])),
        date=cable.date or record.created,
        classification=cable.classification or parse_marking(record.classification or ""),
        post=cable.post or post_label(record.origin or "") or record.origin,
        subject=cable.subject or record.subject,
        notes=tuple(note for note in cable.notes if note not in told),
    )
