"""What no rule has placed is kept: lines of text in no paragraph and no field become paragraphs of their own."""

from collections.abc import Iterator
from dataclasses import replace

from cables.model import Cable, Paragraph, Span
from cables.parsing.body import ParagraphKeys
from cables.placement import lost_text
from cables.repair.repairs import repair_text


def with_lost_text(cable: Cable) -> Cable:
    """The cable with its lost lines as paragraphs without numbers, where they stand, and a note of how many."""
    lost = lost_text(cable)
    if not lost:
        return cable
    kept = [_paragraph(cable.original, start, end) for start, end in _blocks(lost)]
    paragraphs = sorted([*cable.paragraphs, *kept], key=lambda paragraph: paragraph.span.start)
    keys = ParagraphKeys(cable.id)
    return replace(
        cable,
        paragraphs=tuple(replace(paragraph, key=keys.key(paragraph.number)) for paragraph in paragraphs),
        notes=(*cable.notes, f"lines that fit nowhere kept as paragraphs: {len(kept)}"),
    )


def _blocks(lines: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Lines that follow each other, together."""
    first, last = lines[0]
    for start, end in lines[1:]:
        if start > last:
            yield first, last
            first = start
        last = end
    yield first, last


def _paragraph(original: str, start: int, end: int) -> Paragraph:
    words = original[start:end]
    span = Span(start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip()))
    return Paragraph("", None, " ".join(repair_text(words)[0].text.split()), span)
