"""Text -> `Cable`: repair, header, fields, numbering, body, in the order that works."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from cables.glossary import post_label
from cables.ids import canonical, post_of, year_of
from cables.model import Cable, Level, Marking, MarkingState
from cables.parsing.body import Body, parse_body
from cables.parsing.captions import Captions, parse_captions
from cables.parsing.classification import classify, head_markings
from cables.parsing.fields import Fields, parse_fields
from cables.parsing.header import Header, parse_header
from cables.parsing.leftovers import with_lost_text
from cables.parsing.numbering import Numbered, paragraph_numbers
from cables.parsing.references import parse_references
from cables.parsing.repeats import first_sender
from cables.parsing.tags import parse_tags
from cables.placement import LostLineTest
from cables.prose import text_regions
from cables.repair.repairs import repair_text

_HEAD_ZONE_CHARS = 3000
"""Without a numbered paragraph the fields are looked for in this many characters."""
_MAX_HEAD_CHARS = 20_000


def parse_telegram(text: str, *, id: str | None = None) -> Cable:
    """Read one cable. It never raises on text: what is missing is None or empty, what is odd is a note.

    `id` is the id under which the text is filed, where one is known; an id in the text that differs from it
    becomes an alias.
    """
    offset_map, notes = repair_text(text)
    header = parse_header(offset_map.text)
    numbers = paragraph_numbers(offset_map.text, header.body_start)
    fields = parse_fields(offset_map.text, header.body_start, _head_end(offset_map.text, header, numbers))
    captions = parse_captions(offset_map.text, header.body_start, fields)
    cable = _head(text, id, header, fields, captions)
    strays = _strays(offset_map.text, fields, captions, cable)
    numbers = [number for number in numbers if number.start >= fields.end]
    level = header.classification.level if header.classification else Level.SECRET
    body = parse_body(offset_map, fields.end, numbers, cable.id, strays, level)
    found = head_markings(offset_map.text, header, fields, captions)
    repeated = first_sender(
        offset_map.text, header.body_start, cable.date.year if cable.date else year_of(cable.id)
    )
    classification, state = classify(header, fields, captions, found, body.paragraphs)
    whole = replace(
        cable,
        paragraphs=body.paragraphs,
        classification=classification,
        marking_state=state,
        post=repeated[0] if repeated else cable.post,
        aliases=cable.aliases + (repeated[1] if repeated else ()),
        signature=body.signature,
        notes=notes
        + _notes(header, fields, body, cable.aliases, len(strays))
        + _marking_notes(classification, state)
        + ((f"repeats a telegram: {', '.join(repeated[1])}",) if repeated else ()),
    )
    return with_lost_text(whole)


def _head(text: str, id: str | None, header: Header, fields: Fields, captions: Captions) -> Cable:
    """The cable without its paragraphs."""
    year = header.date.year if header.date else year_of(id) if id else None
    own = canonical(header.origin, year=year) if header.origin else None
    cable_id = id or own or ""
    return Cable(
        id=cable_id,
        original=text,
        aliases=(own,) if own and own != cable_id else (),
        post=_post(header, cable_id),
        date=header.date or captions.date,
        precedence=header.precedence,
        transmission_id=header.transmission_id,
        sender=header.sender,
        action=header.action,
        info=header.info,
        captions=captions.captions,
        corrected=captions.corrected,
        declassify=fields.declassify,
        tags=parse_tags(fields.tags),
        subject=fields.subject,
        references=parse_references(fields.references, year=year, own_id=cable_id or None),
        classified_by=fields.classified_by,
        reasons=fields.reasons,
        passing=captions.passing,
    )


def _strays(text: str, fields: Fields, captions: Captions, cable: Cable) -> list[tuple[int, int]]:
    """Where in the head (start, end) text stands that is in no field."""
    # A head that ends before a region leaves it to the body.
    known = sorted(region for region in (*captions.text, *fields.text) if region[1] <= fields.end)
    is_lost = LostLineTest(cable)
    edges = [0, *(edge for region in known for edge in region), fields.end]
    found = [
        region
        for start, end in zip(edges[::2], edges[1::2], strict=True)
        for region in text_regions(text, start, end, is_lost)
    ]
    return sorted([*known, *found])


def _head_end(text: str, header: Header, numbers: list[Numbered]) -> int:
    """Where the fields must end: at the first paragraph, unless that holds the Classified By block."""
    longest = header.body_start + _MAX_HEAD_CHARS
    limit = min(len(text), header.body_start + _HEAD_ZONE_CHARS)
    for index, number in enumerate(numbers):
        opening = text[number.end : number.end + 40].lstrip().lower()
        if not opening.startswith(("classified by", "derived from")) or number.start > longest:
            return min(number.start, longest)
        limit = numbers[index + 1].start if index + 1 < len(numbers) else limit
    return limit


def _post(header: Header, cable_id: str) -> str | None:
    """The sender for readers, else the post of the id."""
    names = (header.sender.name if header.sender else None, post_of(cable_id))
    return next((label for name in names if name and (label := post_label(name))), None)


MISSING_NOTES = {
    "classification": "no classification line",
    "date": "no date-time group",
    "sender": "no sender",
    "subject": "no subject",
    "tags": "no TAGS",
    "paragraphs": "no paragraphs",
}
"""What is noted of a cable in which a part was not found."""


def _notes(
    header: Header, fields: Fields, body: Body, aliases: tuple[str, ...], strays: int
) -> tuple[str, ...]:
    """What was not found, and what does not fit."""
    found = {
        "classification": header.classification,
        "date": header.date,
        "sender": header.sender,
        "subject": fields.subject,
        "tags": fields.tags.strip(),
        "paragraphs": body.paragraphs,
    }
    notes = [MISSING_NOTES[name] for name, value in found.items() if not value]
    notes += [f"id in the text differs: {alias}" for alias in aliases]
    numbers = [paragraph.number for paragraph in body.paragraphs if paragraph.number is not None]
    repeated = [number for number, count in Counter(numbers).items() if count > 1]
    if repeated:
        notes.append("paragraph numbers repeated: " + _listed(repeated))
    gaps = set(range(1, max(numbers, default=0) + 1)) - set(numbers)
    if gaps:
        notes.append("paragraph numbers missing: " + _listed(gaps))
    if strays:
        notes.append(f"text in the head kept as paragraphs: {strays}")
    unnumbered = sum(paragraph.number is None for paragraph in body.paragraphs)
    if unnumbered:
        notes.append(f"paragraphs without a number: {unnumbered}")
    return tuple(notes)


def _marking_notes(marking: Marking | None, state: MarkingState) -> tuple[str, ...]:
    if state is MarkingState.NOT_READABLE and marking:
        return (f"marking not readable: held as {marking}",)
    return ()


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in sorted(numbers))
