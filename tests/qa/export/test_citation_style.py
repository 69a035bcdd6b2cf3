"""Citations in each of the four styles, alone and in a row."""

import pytest

from cables import parse_telegram
from qa.export.citation_style import CitationStyle, NoteSequence, cite, records
from qa.export.footnotes import footnote
from tests.qa.conftest import Make

CABLE = parse_telegram("SUBJECT: GAS\n\n1. (C) A gas quarrel.\n\n2. (C) It ended.", id="09MOSCOW90001")


@pytest.mark.parametrize(
    ("style", "whole", "second"),
    [
        (CitationStyle.CHICAGO, "telegram 09MOSCOW90001, undated", ", ¶2."),
        (CitationStyle.SHORT, "09MOSCOW90001.", "09MOSCOW90001, ¶2."),
        (CitationStyle.RIS, "TI  - GAS\r\n", "AN  - 09MOSCOW90001\r\n"),
        (CitationStyle.BIBTEX, "title = {{GAS}}", "@misc{09MOSCOW90001,"),
    ],
)
def test_a_cable_and_a_paragraph_are_cited_in_every_style(
    style: CitationStyle, whole: str, second: str
) -> None:
    assert whole in cite(CABLE, None, style)
    assert second in cite(CABLE, CABLE.paragraphs[1], style)


def test_notes_in_a_row_name_a_cable_in_full_once(paragraph: Make) -> None:
    first, next_one = paragraph("x").found, paragraph("x", number=3).found
    other = paragraph("x", cable="08PARIS90002").found
    notes = NoteSequence()
    assert [notes.note(found) for found in (first, first, next_one, other, first)] == [
        footnote(first),
        "Ibid.",
        "Ibid., ¶3.",
        footnote(other),
        "08PARIS90001, ¶2.",
    ]


@pytest.mark.parametrize("style", [CitationStyle.SHORT, CitationStyle.RIS, CitationStyle.BIBTEX])
def test_short_notes_name_the_cable_by_its_id(paragraph: Make, style: CitationStyle) -> None:
    first, next_one = paragraph("x").found, paragraph("x", number=3).found
    notes = NoteSequence(style)
    assert [notes.note(found) for found in (first, next_one)] == ["08PARIS90001, ¶2.", "Ibid., ¶3."]


def test_only_styles_of_programs_have_records(paragraph: Make) -> None:
    found = [paragraph("x").found]
    assert [bool(records(found, style)) for style in CitationStyle] == [False, False, True, True]
