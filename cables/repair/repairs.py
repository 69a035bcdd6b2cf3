"""All repairs of known damage in the order that works, each a no-op on clean text."""

from collections.abc import Callable

from cables.repair.broken_words import join_broken_words, join_hyphen_wraps
from cables.repair.characters import (
    break_at_backslashes,
    decode_entities,
    plain_spaces,
    repair_mojibake,
    restore_apostrophes,
    restore_quotes,
    shorten_gaps,
    unify_line_ends,
    unlink_markdown,
)
from cables.repair.offset_map import OffsetMap
from cables.repair.page_breaks import (
    drop_bare_section_headers,
    drop_page_breaks,
    drop_repeated_captions,
    drop_repeated_subjects,
    drop_section_headers,
)
from cables.repair.pilcrow_numbers import join_pilcrow_lines, restore_numbers

Repair = Callable[[OffsetMap], OffsetMap]
REPAIRS: tuple[tuple[Repair, str | None], ...] = (
    (unify_line_ends, None),
    (decode_entities, "web entities decoded"),
    (repair_mojibake, "wrong encoding repaired"),
    (plain_spaces, None),
    (shorten_gaps, None),
    (break_at_backslashes, "backslashes at line ends"),
    (unlink_markdown, "Markdown links removed"),
    (drop_section_headers, "headers of later sections dropped"),
    (drop_bare_section_headers, "headers of later sections dropped"),
    (drop_page_breaks, None),
    (drop_repeated_subjects, "repeated subjects dropped"),
    (drop_repeated_captions, "repeated captions dropped"),
    (join_pilcrow_lines, "pilcrows on lines of their own"),
    (restore_numbers, "pilcrows that had become a 1 restored"),
    (join_hyphen_wraps, None),
    (join_broken_words, "words broken at the end of a line joined"),
    (restore_apostrophes, "lost apostrophes restored"),
    (restore_quotes, "lost quotation marks restored"),
)
"""Every repair in the order that works, with the note it leaves where it is worth one."""


def repair_text(text: str) -> tuple[OffsetMap, tuple[str, ...]]:
    """Run all repairs over `text`: the text with its way back, and a note for each that found damage."""
    offset_map = OffsetMap(text)
    notes = []
    for repair, note in REPAIRS:
        repaired = repair(offset_map)
        if repaired is not offset_map and note:
            notes.append(note)
        offset_map = repaired
    return offset_map, tuple(notes)
