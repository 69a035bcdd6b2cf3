"""Metadata that stands beside a telegram's text - on a page, in a row - and what of it the text lacks."""

from dataclasses import dataclass, replace
from datetime import datetime

from cables.dates import find_moment
from cables.glossary import post_label
from cables.ids import canonical
from cables.marking import merge_markings, parse_marking
from cables.model import Cable, Marking, MarkingState
from cables.parsing.telegram import MISSING_NOTES, parse_telegram


@dataclass(frozen=True, slots=True)
class Record:
    """What a page or row says about its telegram; None where it says nothing."""

    id: str | None = None
    created: datetime | None = None
    classification: str | None = None
    origin: str | None = None
    subject: str | None = None


def parse_created(text: str) -> datetime | None:
    """The moment that a metadata field prints, as UTC.

    Minutes that only say the hour again ("09:09", "20:08") are a known misprint, and dropped.
    """
    moment = find_moment(text)
    if moment and moment.minute == (moment.hour % 12 or 12):
        return moment.replace(minute=0)
    return moment


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
    filled_notes = {MISSING_NOTES[name] for name, value in filled.items() if value}
    other = [record.id] if record.id and record.id != cable.id else []
    marking, state = _marking(cable, parse_marking(record.classification or ""))
    return replace(
        cable,
        aliases=tuple(dict.fromkeys([*cable.aliases, *other])),
        date=cable.date or record.created,
        classification=marking,
        marking_state=state,
        post=cable.post or post_label(record.origin or "") or record.origin,
        subject=cable.subject or record.subject,
        notes=tuple(
            note
            for note in cable.notes
            if note not in filled_notes
            and (state is cable.marking_state or not note.startswith(MarkingState.NOT_READABLE))
        ),
    )


def _marking(cable: Cable, stated: Marking | None) -> tuple[Marking | None, MarkingState]:
    """The cable's own marking; where it has none that can be read, the one stated beside it, raised by what it shows."""
    if stated is None or cable.marking_state is MarkingState.MARKED:
        return cable.classification, cable.marking_state
    shown = [paragraph.marking for paragraph in cable.paragraphs if paragraph.marking]
    caveats = [Marking(stated.level, cable.classification.caveats)] if cable.classification else []
    return merge_markings([stated, *caveats, *shown]), MarkingState.MARKED
