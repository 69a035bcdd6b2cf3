"""Evidence always has its sentences, scored by the reranker or not."""

from dataclasses import replace

from cables import Level, Paragraph, Role
from cables.model import Span
from vectorstore.retrieval.evidence import MAX_SENTENCES, Evidence
from vectorstore.retrieval.reranker import with_chances
from vectorstore.storage.catalog_rows import ParagraphHit

TEXT = "The pier sank. The minister wept."


def evidence(text: str) -> Evidence:
    paragraph = Paragraph("07LISBON1.1", 1, text, Span(0, len(text)), None, None, Role.BODY)
    return Evidence(ParagraphHit(1, "07LISBON1", None, None, None, Level.SBU, paragraph), 1.0, 0.5, {})


def test_the_sentences_are_those_of_the_text_in_order() -> None:
    found = evidence(TEXT)
    assert [(one.piece.text, one.place) for one in found.sentences] == [
        ("The pier sank.", 0),
        ("The minister wept.", 1),
    ]
    assert (found.scored, found.best_chance) == (False, 0.0)


def test_sentences_are_cut_once_and_keep_their_chances() -> None:
    scored = with_chances(evidence(TEXT), [0.2, 0.7])
    again = replace(scored, score=2.0)
    assert again.sentences is scored.sentences
    assert (again.scored, again.best_chance) == (True, 0.7)


def test_a_paragraph_without_text_has_none() -> None:
    assert evidence("").sentences == ()


def test_a_text_without_end_has_the_sentences_of_its_beginning() -> None:
    found = evidence("It sank. " * (MAX_SENTENCES + 7)).sentences
    assert (len(found), found[-1].place) == (MAX_SENTENCES, MAX_SENTENCES - 1)
