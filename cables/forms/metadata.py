"""Metadata that stands beside a telegram's text - on a page, in a row - and what of it the text lacks."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from cables.dates import find_moment
from cables.forms.plain_text import split_cables
from cables.glossary import post_label
from cables.ids import canonical
from cables.marking import merge_markings, parse_marking
from cables.model import Address, Cable, Marking, MarkingState
from cables.parsing.references import parse_references
from cables.parsing.tags import parse_tags
from cables.parsing.telegram import MISSING_NOTES, parse_telegram

_PLACEHOLDER_RE = re.compile(
    r"ERROR READING TEXT INDEX|TEXT (?:FOR THIS MRN )?(?:IS )?(?:UNAVAILABLE|NOT AVAILABLE)|No Text Body Available"
    r"|(?:TEXT|TELEGRAM|DOCUMENT) (?:HAS BEEN |WAS |IS )?WITHDRAWN",
    re.IGNORECASE,
)
_MAX_PLACEHOLDER_WORDS = 40
WITHDRAWN_REASON = "withdrawn: its text says that there is none; ask the archive that holds it"
SECOND_NOTE = "found in another cable's record: cut off where its header begins"


@dataclass(frozen=True, slots=True)
class Record:
    """What a page or row says about its telegram; None where it says nothing."""

    id: str | None = None
    created: datetime | None = None
    classification: str | None = None
    origin: str | None = None
    subject: str | None = None
    sender: Address | None = None
    action: tuple[Address, ...] = ()
    info: tuple[Address, ...] = ()
    captions: tuple[str, ...] = ()
    tags: str = ""
    references: str = ""


def parse_created(text: str) -> datetime | None:
    """The moment that a metadata field prints, as UTC.

    Minutes that only say the hour again ("09:09", "20:08") are a known misprint, and dropped.
    """
    moment = find_moment(text)
    if moment and moment.minute == (moment.hour % 12 or 12):
        return moment.replace(minute=0)
    return moment


def cables_of(text: str, record: Record) -> list[Cable]:
    """The telegrams of a text that was filed as one record: each under its own id, the record's data with its own.

    What has no id of its own belongs to the telegram before it.
    """
    pieces = [piece for _, piece in split_cables(text)]
    ids = [parse_telegram(piece).id for piece in pieces] if len(pieces) > 1 else []
    own = canonical(record.id or "")
    if len(set(filter(None, ids))) < 2:
        return [cable_of(text, record)]
    starts = [0, *(index for index in range(1, len(pieces)) if ids[index] and ids[index] != ids[index - 1])]
    texts = ["".join(pieces[start:end]) for start, end in pairwise([*starts, len(pieces)])]
    main = next((index for index, start in enumerate(starts) if ids[start] == own), 0)
    return [
        cable_of(part, record) if index == main else replace(cable, notes=(*cable.notes, SECOND_NOTE))
        for index, part in enumerate(texts)
        for cable in [parse_telegram(part)]
    ]


def is_placeholder(text: str) -> bool:
    """Whether a text only says that there is none: the telegram was withdrawn, or lost."""
    match = _PLACEHOLDER_RE.search(text)
    return match is not None and len(text.split()) <= _MAX_PLACEHOLDER_WORDS


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
        "tags": record.tags,
    }
    filled_notes = {MISSING_NOTES[name] for name, value in filled.items() if value}
    other = [record.id] if record.id and record.id != cable.id else []
    marking, state = _marking(cable, parse_marking(record.classification or ""))
    date = cable.date or record.created
    return replace(
        cable,
        aliases=tuple(dict.fromkeys([*cable.aliases, *other])),
        date=date,
        sender=cable.sender or record.sender,
        action=cable.action or record.action,
        info=cable.info or record.info,
        captions=tuple(dict.fromkeys([*cable.captions, *record.captions])),
        tags=cable.tags or parse_tags(record.tags),
        references=cable.references
        or parse_references(record.references, year=date.year if date else None, own_id=cable.id),
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
