"""A dossier in each form that it can be taken along in."""

import csv
import io
import re

import pytest

from qa.answer import Answer, Citation, ProofLevel, Sentence
from qa.chain import Chain
from qa.dossier.composer import DossierComposer
from qa.dossier.dossier import Dossier, DossierPage, Pin
from qa.dossier.export import FORMS
from qa.export.citation_style import CitationStyle
from tests.qa.conftest import Make

PINS = (Pin("08BEIJING90014.2", "=HYPERLINK(<b>)"), Pin(note="Call [Tokyo](http://x.example)."))


@pytest.fixture(scope="module")
def page(chain: Chain) -> DossierPage:
    """A dossier with lines and pins."""
    return DossierComposer(chain).compose(Dossier("d", "Japan & <China>", "Japan", pins=PINS))


@pytest.mark.parametrize("ending", [".md", ".html"])
def test_every_line_and_pin_has_a_note_that_is_there(page: DossierPage, ending: str) -> None:
    text = FORMS[ending](page, None, CitationStyle.CHICAGO)
    marks = re.findall(r"\[\^(\d+)\](?!:)" if ending == ".md" else r'href="#note-(\d+)"', text)
    notes = re.findall(r"^\[\^(\d+)\]:" if ending == ".md" else r'id="note-(\d+)"', text, re.MULTILINE)
    assert set(marks) == set(notes)
    assert notes == [str(n + 1) for n in range(len(notes))]
    assert len(notes) >= len(page.lines)


def test_notes_name_a_cable_in_full_once(page: DossierPage) -> None:
    text = FORMS[".md"](page, None, CitationStyle.CHICAGO)
    assert text.count("Embassy Beijing to State, telegram 08BEIJING90014") == 1
    assert re.search(r"\[\^\d+\]: (?:Ibid\.|08BEIJING90014), ¶", text)


def test_markup_in_titles_and_notes_is_shown_as_text(page: DossierPage) -> None:
    markdown, html = (
        FORMS[".md"](page, None, CitationStyle.CHICAGO),
        FORMS[".html"](page, None, CitationStyle.CHICAGO),
    )
    assert "# Japan & \\<China\\>" in markdown
    assert "Call \\[Tokyo\\]" in markdown
    assert "<title>Japan &amp; &lt;China&gt;</title>" in html
    assert "&lt;b&gt;" in html
    assert "src=" not in html
    assert "<script" not in html


def test_the_table_has_a_row_a_cable_and_starts_no_formula(page: DossierPage) -> None:
    rows = list(csv.DictReader(io.StringIO(FORMS[".csv"](page, None, CitationStyle.CHICAGO))))
    assert len(rows) == len(page.lines) + len(PINS)
    assert rows[0]["footnote"].startswith("Embassy")
    assert [row["note"] for row in rows if row["added by hand"] == "yes"] == [
        "'=HYPERLINK(<b>)",
        "Call [Tokyo](http://x.example).",
    ]


def test_reference_programs_get_a_record_a_cable(page: DossierPage) -> None:
    cables = {evidence.cable_id for evidence in page.quoted}
    assert FORMS[".ris"](page, None, CitationStyle.CHICAGO).count("TY  - ") == len(cables)
    assert (
        set(re.findall(r"^@misc\{(\w+),", FORMS[".bib"](page, None, CitationStyle.CHICAGO), re.MULTILINE))
        == cables
    )


def test_a_written_summary_stands_on_top_and_cites_its_paragraphs(page: DossierPage, paragraph: Make) -> None:
    summary = Answer(
        "What?",
        sentences=(Sentence("Tokyo <wants> a seat.", (1,), ProofLevel.CITED),),
        citations=(Citation(1, paragraph("x"), (), ProofLevel.CITED),),
        model="openai:scripted",
    )
    markdown, html = (
        FORMS[".md"](page, summary, CitationStyle.CHICAGO),
        FORMS[".html"](page, summary, CitationStyle.CHICAGO),
    )
    assert "Tokyo \\<wants\\> a seat.[^1] (cited, not confirmed)" in markdown
    assert "[^1]: Embassy Paris to State" in markdown
    assert "Written by openai:scripted; every sentence checked" in html
    assert "Tokyo &lt;wants&gt; a seat." in html


def test_entries_stand_behind_short_notes_where_that_style_is_chosen(page: DossierPage) -> None:
    text = FORMS[".md"](page, None, CitationStyle.BIBTEX)
    assert "]: 08TOKYO90031, ¶" in text
    assert "```bibtex\n@misc{" in text
    assert "Embassy Tokyo to State" not in text
