import json
from dataclasses import replace
from typing import Any

import pytest

from cables import Level, Marking
from qa.answer import Answer, Block, BlockKind, Citation, Outcome, ProofLevel, Sentence
from qa.export.answers import FORMS, as_html, as_json, as_json_text, as_markdown
from qa.export.citation_style import CitationStyle
from tests.qa.conftest import Make


@pytest.fixture
def answer(paragraph: Make) -> Answer:
    text = "China had <b>refused</b> Japan's [bid](http://x.example)."
    citation = Citation(1, paragraph(text), (text,), level=ProofLevel.VERBATIM)
    return Answer(
        "Why did <China> refuse?",
        sentences=(
            Sentence("China refused.", (1,), level=ProofLevel.VERBATIM),
            Sentence(
                "It sold 3 ships.",
                (1,),
                level=ProofLevel.REFUTED,
                reason="3 does not stand there",
                instead="It sold 2 ships.",
            ),
        ),
        citations=(citation,),
        banner=Marking(Level.SECRET, ("NOFORN",)),
        model="openai:scripted",
    )


def test_footnotes_are_numbered_through_a_conversation(answer: Answer) -> None:
    page = as_markdown([answer, answer])
    assert "China refused.[^1]" in page
    assert "China refused.[^2]" in page
    assert "[^1]: Embassy Paris to State" in page
    assert "[^2]: Ibid." in page


def test_a_refuted_sentence_gives_way_to_the_cables_words_and_says_why(answer: Answer) -> None:
    assert "It sold 2 ships.[^1] (the cable's own words: 3 does not stand there)" in as_markdown([answer])
    assert "It sold 3 ships" not in as_html([answer])


def test_a_sentence_that_nobody_confirmed_says_so(answer: Answer) -> None:
    cited = replace(answer, sentences=(Sentence("China refused.", (1,), ProofLevel.CITED),))
    assert "China refused.[^1] (cited, not confirmed)" in as_markdown([cited])


def test_the_sides_of_a_comparison_keep_their_titles(answer: Answer) -> None:
    compared = replace(
        answer, blocks=(Block(BlockKind.TABLE, "A", 0, 1), Block(BlockKind.TABLE, "<B>", 1, 2))
    )
    assert "### A\n\nChina refused.[^1]\n\n### \\<B\\>\n\nIt sold" in as_markdown([compared])
    assert "<h3>A</h3><p>China refused." in as_html([compared])
    assert "<h3>&lt;B&gt;</h3><p>It sold" in as_html([compared])


def test_markup_of_cables_and_questions_is_shown_as_text(answer: Answer) -> None:
    page = as_html([answer])
    assert "<b>" not in page
    assert "&lt;b&gt;refused&lt;/b&gt;" in page
    assert "Why did &lt;China&gt; refuse?" in page
    assert "\\[bid\\](http://x.example)" in as_markdown([answer])


def test_the_page_asks_nothing_from_elsewhere_and_its_notes_can_be_reached(answer: Answer) -> None:
    page = as_html([answer])
    assert "src=" not in page
    assert "<script" not in page
    assert 'href="#note-1"' in page
    assert 'id="note-1"' in page


def test_the_marking_the_model_and_a_refusal_are_said(answer: Answer) -> None:
    assert "SECRET//NOFORN (as marked at the time)" in as_markdown([answer])
    assert "Written by openai:scripted" in as_markdown([answer])
    refused = Answer("Who?", outcome=Outcome.REFUSED, absent=("Atlantis",))
    assert "The archive does not answer this." in as_markdown([refused])
    assert "Nowhere in the archive: Atlantis." in as_html([refused])


def test_json_carries_question_answer_and_footnotes(answer: Answer) -> None:
    (entry,) = json.loads(as_json_text([answer]))
    assert entry["question"] == "Why did <China> refuse?"
    assert entry["citations"][0]["footnote"].startswith("Embassy Paris to State")


@pytest.mark.parametrize("ending", [".md", ".html", ".json"])
def test_a_conversation_can_be_saved_in_every_form(answer: Answer, ending: str) -> None:
    page = FORMS[ending]([answer, answer], CitationStyle.CHICAGO)
    in_full = page.count("Embassy Paris to State, telegram 08PARIS90001, 17 April 2008, Confidential, ¶2")
    assert in_full == (2 if ending == ".json" else 1)


def test_a_paragraph_that_is_cited_again_is_ibid(answer: Answer) -> None:
    assert "[^2]: Ibid." in as_markdown([answer, answer])
    assert '<li id="note-2">Ibid.' in as_html([answer, answer])


@pytest.mark.parametrize(
    ("style", "record"),
    [(CitationStyle.BIBTEX, "@misc{08PARIS90001,"), (CitationStyle.RIS, "ID  - 08PARIS90001")],
)
def test_records_stand_behind_short_notes(answer: Answer, style: CitationStyle, record: str) -> None:
    page = as_markdown([answer, answer], style)
    assert "[^1]: 08PARIS90001, ¶2." in page
    assert page.count(record) == 1
    assert record in as_html([answer], style)


def test_the_json_has_the_fields_of_the_contract(paragraph: Make) -> None:
    evidence = paragraph("The minister refused.", cable="08PARIS90001", number=2)
    answer = Answer(
        "q",
        sentences=(Sentence("The minister refused.", (1,), level=ProofLevel.VERBATIM),),
        seconds=0.12345,
        citations=(Citation(1, evidence, ("The minister refused.",), level=ProofLevel.VERBATIM),),
        evidence=(evidence,),
        banner=Marking(Level.SECRET, ("NOFORN",)),
    )
    shape: dict[str, Any] = {
        "answer": "The minister refused. [1]",
        "refused": False,
        "citations": [
            {
                "n": 1,
                "cable": "08PARIS90001",
                "paragraph": 2,
                "key": "08PARIS90001.2",
                "quote": "The minister refused.",
                "level": "verbatim",
                "verified": True,
                "footnote": "Embassy Paris to State, telegram 08PARIS90001, 17 April 2008, Confidential, ¶2.",
            }
        ],
        "evidence": [{"cable": "08PARIS90001", "paragraph": 2, "key": "08PARIS90001.2", "score": 1.0}],
        "banner": "SECRET//NOFORN",
        "seconds": 0.123,
    }
    assert shape.items() <= as_json(answer).items()


def test_the_json_lists_the_ten_best_paragraphs_in_order(paragraph: Make) -> None:
    evidence = tuple(replace(paragraph("Text.", number=n), score=1 - n / 100) for n in range(1, 21))
    listed = as_json(Answer("q", evidence=evidence))["evidence"]
    assert [e["paragraph"] for e in listed] == list(range(1, 11))
