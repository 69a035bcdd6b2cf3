"""The footnote of a paragraph or a cable, as historians write it."""

from cables import Cable, Level, MarkingState, Paragraph
from cables.glossary.posts import DEPARTMENT_OF_STATE
from cables.text import day_in_words
from vectorstore.storage.cable_records import day_of
from vectorstore.storage.catalog_rows import ParagraphHit


def footnote(found: ParagraphHit) -> str:
    """As historians cite: `Embassy Paris to State, telegram 08PARIS12, 17 April 2008, Secret, ¶2.`"""
    level = None if found.marking_state is MarkingState.NOT_MARKED else found.classification
    return _footnote(found.cable_id, found.post, found.day, level, found.paragraph)


def cable_footnote(cable: Cable, paragraph: Paragraph | None = None) -> str:
    """The footnote of a whole cable, or of one paragraph of it."""
    level = cable.classification.level if cable.classification else None
    return _footnote(cable.id, cable.post, day_of(cable), level, paragraph)


def _footnote(
    cable_id: str,
    post: str | None,
    day: int | None,
    level: Level | None,
    paragraph: Paragraph | None,
) -> str:
    sender = "Department of State" if post == DEPARTMENT_OF_STATE else f"{post or 'Unknown post'} to State"
    parts = [sender, f"telegram {cable_id}", day_in_words(day) or "undated", level_words(level)]
    return ", ".join(filter(None, [*parts, pilcrow(paragraph) if paragraph else ""])) + "."


def level_words(level: Level | None) -> str:
    """A classification as it is written in a note: Secret, Sensitive but Unclassified; empty for none."""
    return "Sensitive but Unclassified" if level is Level.SBU else level.label.title() if level else ""


def pilcrow(paragraph: Paragraph) -> str:
    """¶3; a paragraph without a number by its place among those: ¶[2]."""
    if paragraph.number is not None:
        return f"¶{paragraph.number}"
    return f"¶[{paragraph.key.partition('.')[2].lstrip('u')}]"
