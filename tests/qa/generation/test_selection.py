"""Which sentences are quoted together."""

from collections.abc import Callable
from dataclasses import replace

from cables.text import sentences
from qa.generation.selection import MAX_PARAGRAPHS, MAX_SENTENCES, select_sentences
from vectorstore.retrieval.evidence import Evidence, ScoredSentence

Make = Callable[..., Evidence]


def scored(evidence: Evidence, *chances: float) -> Evidence:
    """The evidence as a reranker leaves it, with a chance for each sentence."""
    pieces = zip(sentences(evidence.text), chances, strict=True)
    return replace(
        evidence, sentences=tuple(ScoredSentence(p, n, c) for n, (p, c) in enumerate(pieces)), scored=True
    )


def texts(*evidence: Evidence) -> list[str]:
    return [sentence.piece.text for _, sentence in select_sentences(evidence)]


def test_a_sentence_that_points_at_the_one_before_brings_it_along(paragraph: Make) -> None:
    text = "The pier sank. It rained. They took bribes. This broke their aura of safety."
    assert texts(scored(paragraph(text), 0.03, 0.03, 0.01, 0.9)) == [
        "It rained.",
        "They took bribes.",
        "This broke their aura of safety.",
    ]


def test_somebody_who_was_named_in_a_quoted_sentence_needs_no_other(paragraph: Make) -> None:
    text = "Minister Aube resigned. Nobody knew of the pier then. He blamed the storm."
    assert texts(scored(paragraph(text), 0.8, 0.01, 0.7)) == [
        "Minister Aube resigned.",
        "He blamed the storm.",
    ]


def test_a_paragraph_is_not_opened_by_somebody_without_a_name(paragraph: Make) -> None:
    text = "It rained. Minister Aube resigned. He blamed the storm."
    assert texts(scored(paragraph(text), 0.01, 0.01, 0.9)) == [
        "Minister Aube resigned.",
        "He blamed the storm.",
    ]


def test_nothing_else_is_quoted_where_it_hardly_answers(paragraph: Make) -> None:
    assert texts(scored(paragraph("The pier sank. It rained."), 0.9, 0.001)) == ["The pier sank."]


def test_a_further_paragraph_is_quoted_where_it_answers_nearly_as_well(paragraph: Make) -> None:
    first = scored(paragraph("The pier sank."), 0.9)
    near, far = (paragraph(f"Nobody {verb}.", number=n) for n, verb in ((5, "drowned"), (6, "paid")))
    assert texts(first, scored(near, 0.6), scored(far, 0.1)) == ["The pier sank.", "Nobody drowned."]


def test_an_answer_spreads_over_few_paragraphs_and_few_sentences_of_each(paragraph: Make) -> None:
    long = scored(paragraph("The pier sank again. " * 10), *[0.9] * 10)
    others = [scored(paragraph(f"Pier {n} sank.", number=n), 0.9) for n in range(3, 9)]
    chosen = select_sentences([long, *others])
    assert len({evidence.key for evidence, _ in chosen}) == MAX_PARAGRAPHS
    assert sum(evidence.key == long.key for evidence, _ in chosen) == MAX_SENTENCES


def test_the_next_item_of_a_list_is_quoted_too_also_from_the_next_paragraph(paragraph: Make) -> None:
    one = scored(paragraph("He gave two reasons. The first was rain.", number=3), 0.6, 0.9)
    two = scored(paragraph("Boats sank. The second was rust.", number=4), 0.001, 0.001)
    other = scored(paragraph("The second was rust.", cable="08TOKYO90002", number=4), 0.001)
    assert texts(one, other, two) == ["He gave two reasons.", "The first was rain.", "The second was rust."]


def test_evidence_without_scored_sentences_gives_none(paragraph: Make) -> None:
    assert select_sentences([paragraph("The pier sank.")]) == []
