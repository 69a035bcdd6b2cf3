"""Quoted answers: verbatim sentences, each with its paragraph, and who speaks."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cables import Role
from cables.text import sentences
from qa.answer import Answer, Outcome
from qa.generation.extractive import ExtractiveAnswerer
from qa.generation.quotation import lead
from qa.generation.selection import MAX_WORDS
from qa.verification.answerability import AnswerabilityJudge, Thresholds
from vectorstore.retrieval.evidence import Evidence, ScoredSentence

Make = Callable[..., Evidence]


@pytest.fixture
def quoting() -> ExtractiveAnswerer:
    return ExtractiveAnswerer(
        AnswerabilityJudge(Thresholds(answer=10.0, closest=8.0), known=lambda word: True)
    )


def scored(evidence: Evidence, *chances: float) -> Evidence:
    """The evidence as a reranker leaves it, with a chance for each sentence."""
    pieces = sentences(evidence.text)
    looked = tuple(
        ScoredSentence(piece, n, c) for n, (piece, c) in enumerate(zip(pieces, chances, strict=True))
    )
    return replace(evidence, sentences=looked, scored=True)


def answered(quoting: ExtractiveAnswerer, *evidence: Evidence) -> Answer:
    answer = quoting.answer("Why?", Answer("Why?", evidence=evidence, done=False))
    return answer


def test_the_likeliest_sentence_is_quoted_word_for_word(quoting: ExtractiveAnswerer, paragraph: Make) -> None:
    text = "It rained. The minister  refused the pier. " + "Nobody knows what came of it. " * 25
    answer = answered(quoting, scored(paragraph(text), 0.1, 0.9, *[0.05] * 25))
    assert "The minister  refused the pier." in answer.citations[0].quotes
    assert all(quote in text for quote in answer.citations[0].quotes)


def test_sentences_stand_in_the_order_of_their_paragraph(
    quoting: ExtractiveAnswerer, paragraph: Make
) -> None:
    answer = answered(quoting, scored(paragraph("First. Second. Third."), 0.7, 0.8, 0.9))
    assert [s.text for s in answer.sentences] == ["First.", "Second.", "Third."]


def test_a_gap_between_quoted_sentences_shows(quoting: ExtractiveAnswerer, paragraph: Make) -> None:
    middle = "Word " * (MAX_WORDS - 5) + "end."
    answer = answered(quoting, scored(paragraph(f"First. {middle} Third."), 0.9, 0.1, 0.8))
    assert [(s.text, s.elided) for s in answer.sentences] == [("First.", False), ("Third.", True)]


def test_every_sentence_cites_the_paragraph_that_it_stands_in(
    quoting: ExtractiveAnswerer, paragraph: Make
) -> None:
    one = scored(paragraph("One refused.", cable="08PARIS90001"), 0.9)
    two = scored(paragraph("Two agreed.", cable="08TOKYO90002"), 0.8)
    answer = answered(quoting, one, two)
    cables = {c.n: c.evidence.cable_id for c in answer.citations}
    assert [(s.text, cables[s.citations[0]]) for s in answer.sentences] == [
        ("One refused.", "08PARIS90001"),
        ("Two agreed.", "08TOKYO90002"),
    ]


def test_an_answer_stays_short(quoting: ExtractiveAnswerer, paragraph: Make) -> None:
    text = "The minister spoke again of the sunken pier. " * 40
    assert len(answered(quoting, scored(paragraph(text), *[0.9] * 40)).text.split()) <= MAX_WORDS


def test_weak_evidence_is_refused_without_citations(quoting: ExtractiveAnswerer, paragraph: Make) -> None:
    answer = answered(quoting, replace(paragraph("The minister refused."), cosine=0.1))
    assert (answer.outcome, answer.citations, answer.sentences, answer.banner) == (
        Outcome.REFUSED,
        (),
        (),
        None,
    )


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.BODY, "Embassy Paris, 17 April 2008:"),
        (Role.SUMMARY, "Embassy Paris, 17 April 2008, summary:"),
        (Role.COMMENT, "Embassy Paris, 17 April 2008, comment:"),
        (Role.ACTION, "Embassy Paris, 17 April 2008, action requested:"),
        (Role.QUOTED, "Embassy Paris, 17 April 2008, quoting:"),
    ],
)
def test_the_lead_says_who_speaks_where_and_when(paragraph: Make, role: Role, words: str) -> None:
    assert lead(paragraph("Text.", role=role)) == words


def test_a_cable_without_a_date_has_a_lead_with_the_year_of_its_id(paragraph: Make) -> None:
    assert lead(paragraph("Text.", day=None)) == "Embassy Paris, 2008:"


def test_the_department_and_missions_are_named_as_one_says_them(paragraph: Make) -> None:
    assert lead(paragraph("Text.", post="Secretary of State", day=None)).startswith("The State Department,")
    assert lead(paragraph("Text.", post="US Mission to NATO", day=None)).startswith("The US Mission to NATO,")


def test_a_second_paragraph_of_a_cable_repeats_neither_post_nor_date(
    quoting: ExtractiveAnswerer, paragraph: Make
) -> None:
    one, two = scored(paragraph("One refused."), 0.9), scored(paragraph("Two agreed.", number=5), 0.8)
    comment = scored(paragraph("Three laughed.", number=7, role=Role.COMMENT), 0.7)
    leads = [sentence.lead for sentence in answered(quoting, one, two, comment).sentences]
    assert leads == [
        "Embassy Paris, 17 April 2008:",
        "",
        "Comment:",
    ]


def test_labels_marks_and_headings_stay_outside_of_what_is_quoted(
    quoting: ExtractiveAnswerer, paragraph: Make
) -> None:
    text = "Summary: (C) The minister refused.\n-- He laughed. End Summary. A Heading of the Next Part"
    answer = answered(quoting, scored(paragraph(text, role=Role.SUMMARY), *[0.9] * len(sentences(text))))
    assert [s.text for s in answer.sentences] == ["The minister refused.", "He laughed."]
    assert all(quote in text for quote in answer.citations[0].quotes)


def test_a_comment_inside_a_report_is_the_embassys(quoting: ExtractiveAnswerer, paragraph: Make) -> None:
    text = (
        "He said that the pier was safe. (Comment: It is not. Nobody has looked. End comment.) He then left."
    )
    answer = answered(quoting, scored(paragraph(text), *[0.9] * len(sentences(text))))
    assert [(s.lead, s.text) for s in answer.sentences] == [
        ("Embassy Paris, 17 April 2008:", "He said that the pier was safe."),
        ("Comment:", "It is not."),
        ("", "Nobody has looked."),
        ("Report:", "He then left."),
    ]
    assert not any(sentence.elided for sentence in answer.sentences)


def test_redactions_stay_redactions(quoting: ExtractiveAnswerer, paragraph: Make) -> None:
    answer = answered(quoting, scored(paragraph("The source was xxxxxxxxxxxx of the ministry."), 0.9))
    assert "xxxxxxxxxxxx" in answer.text
