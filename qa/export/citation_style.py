"""In which form paragraphs and cables are cited: one of four, the same in the reader, in exports and in the terminal."""

from collections.abc import Sequence
from enum import StrEnum

from cables import Cable, Level, Paragraph, Span
from qa.export.bibliography import as_bibtex, as_ris
from qa.export.footnotes import cable_footnote, footnote, pilcrow
from vectorstore.storage.cable_records import day_of
from vectorstore.storage.catalog_rows import ParagraphHit


class CitationStyle(StrEnum):
    """How a citation is written."""

    CHICAGO = "chicago"
    """A historian's note; in a list each cable in full once, then ibid. or its id."""
    SHORT = "short"
    """The cable's id and the paragraph."""
    RIS = "ris"
    """A record for Zotero, EndNote and Mendeley; notes are short, with the records behind them."""
    BIBTEX = "bibtex"
    """An entry for LaTeX; notes are short, with the entries behind them."""


def cite(cable: Cable, paragraph: Paragraph | None, style: CitationStyle) -> str:
    """What stands for a cable, or for a paragraph of it, on its own."""
    if style is CitationStyle.CHICAGO:
        return cable_footnote(cable, paragraph)
    if style is CitationStyle.SHORT:
        return ", ".join(filter(None, (cable.id, pilcrow(paragraph) if paragraph else ""))) + "."
    return records([_hit(cable, paragraph)], style)


def records(paragraphs: Sequence[ParagraphHit], style: CitationStyle) -> str:
    """The records of the cables of some paragraphs; empty in styles that have none."""
    if style is CitationStyle.RIS:
        return as_ris(paragraphs)
    return as_bibtex(paragraphs) if style is CitationStyle.BIBTEX else ""


class NoteSequence:
    """Notes in the order in which they stand: a cable's first in full, then by its id, the next one to it as ibid."""

    def __init__(self, style: CitationStyle = CitationStyle.CHICAGO) -> None:
        self._last: ParagraphHit | None = None
        self._named: set[str] = set()
        self._short = style is not CitationStyle.CHICAGO

    def note(self, found: ParagraphHit) -> str:
        """The next note."""
        last, self._last = self._last, found
        if last and last.cable_id == found.cable_id:
            same = last.paragraph.key == found.paragraph.key
            return "Ibid." if same else f"Ibid., {pilcrow(found.paragraph)}."
        if self._short or found.cable_id in self._named:
            return f"{found.cable_id}, {pilcrow(found.paragraph)}."
        self._named.add(found.cable_id)
        return footnote(found)


def _hit(cable: Cable, paragraph: Paragraph | None) -> ParagraphHit:
    """What a record says of a cable, as it is kept beside its paragraphs."""
    level = cable.classification.level if cable.classification else Level.UNCLASSIFIED
    own = paragraph or Paragraph(cable.id, None, "", Span(0, 0))
    return ParagraphHit(0, cable.id, cable.post, day_of(cable), cable.subject, level, own)
