"""Cables and paragraphs as rows of the catalog, and back."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from cables import Cable, Level, Marking, MarkingState, Paragraph, Role
from cables.model import Span
from vectorstore.access import level_of
from vectorstore.interfaces import KnownParagraph
from vectorstore.keys import row_of, text_hash
from vectorstore.storage.catalog_rows import ParagraphHit

_cable_json = TypeAdapter(Cable)


def day_of(cable: Cable) -> int | None:
    """The cable's day as an integer, 20080417."""
    return int(f"{cable.date:%Y%m%d}") if cable.date else None


def cable_row(cable: Cable, file: str, place: str) -> tuple[Any, ...]:
    """A cable's row: its record without paragraphs and original, which stand in columns of their own."""
    record = _cable_json.dump_json(replace(cable, paragraphs=(), original="")).decode()
    return (
        cable.id,
        file,
        place,
        text_hash(cable.original),
        int(level_of(cable)),
        cable.post,
        day_of(cable),
        cable.subject,
        cable.corrected,
        record,
        cable.original,
    )


def paragraph_row(
    cable: Cable, position: int, paragraph: Paragraph, known: KnownParagraph
) -> tuple[Any, ...]:
    """A paragraph's row; `position` counts the cable's paragraphs."""
    marking = paragraph.marking
    return (
        row_of(paragraph.key),
        paragraph.key,
        cable.id,
        position,
        paragraph.number,
        int(level_of(cable, paragraph)),
        int(marking.level) if marking else None,
        "\n".join(marking.caveats) if marking else None,
        paragraph.section,
        paragraph.role.value,
        paragraph.text,
        paragraph.span.start,
        paragraph.span.end,
        known.passages,
        known.windows,
        known.details,
    )


def store_counts(db: sqlite3.Connection) -> tuple[int, int, int]:
    """(cables, paragraphs, vectors) that the stores should hold."""
    (cables,) = db.execute("SELECT count(*) FROM cables").fetchone()
    paragraphs, vectors = db.execute("SELECT count(*), coalesce(sum(windows), 0) FROM paragraphs").fetchone()
    return cables, paragraphs, vectors


def read_cable(db: sqlite3.Connection, cable_id: str) -> Cable | None:
    """The cable with the paragraphs that may be seen; without original and notes where some are cut."""
    row = db.execute("SELECT record, original FROM cables WHERE id = ?", (cable_id,)).fetchone()
    if row is None:
        return None
    found = db.execute(
        "SELECT key, number, text, first, last, marking, caveats, section, role "
        "FROM paragraphs WHERE cable = ? ORDER BY position",
        (cable_id,),
    ).fetchall()
    record = _cable_json.validate_json(row[0])
    paragraphs = tuple(read_paragraph(values, record.classification) for values in found)
    cable = replace(record, paragraphs=paragraphs)
    all_of_them = db.execute("SELECT count(*) FROM main.paragraphs WHERE cable = ?", (cable_id,)).fetchone()[
        0
    ]
    return replace(cable, original=row[1]) if len(found) == all_of_them else replace(cable, notes=())


def known_paragraphs(db: sqlite3.Connection, cable_id: str) -> dict[str, KnownParagraph]:
    """What the stores hold of a cable, by key."""
    query = "SELECT key, passages, windows, details FROM paragraphs WHERE cable = ?"
    return {row[0]: KnownParagraph(*row) for row in db.execute(query, (cable_id,))}


def read_paragraph(values: Sequence[Any], classification: Marking | None) -> Paragraph:
    """A paragraph from the columns that `read_cable` asks for.

    Of its marking's word nothing is kept: a paragraph of its cable's level is marked in the cable's word.
    """
    key, number, text, first, last, level, caveats, section, role = values
    marking = None if level is None else Marking(Level(level), tuple(caveats.split("\n")) if caveats else ())
    if marking and classification and classification.level == marking.level:
        marking = replace(marking, printed=classification.printed)
    return Paragraph(key, number, text, Span(first, last), marking, section, Role(role))


def read_hit(values: Sequence[Any]) -> ParagraphHit:
    """A paragraph with what is needed of its cable, from the columns that `CatalogView.find` asks for."""
    row, cable, post, day, subject, level, printed, state, *own = values
    paragraph = read_paragraph(own, Marking(Level(level), printed=printed))
    state = MarkingState(state or MarkingState.MARKED)  # an earlier version kept none
    return ParagraphHit(row, cable, post, day, subject, Level(level), paragraph, printed, state)
