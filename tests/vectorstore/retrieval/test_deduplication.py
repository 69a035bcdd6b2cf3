"""Retransmitted paragraphs are distinguished from paragraphs that only speak of the same."""

import pytest

from cables import Level, Paragraph, Role
from cables.model import Span
from vectorstore.retrieval.deduplication import folded
from vectorstore.retrieval.evidence import Evidence
from vectorstore.storage.catalog_rows import ParagraphHit

TEXT = "The minister told the Ambassador on March 12 that the pier had sunk and that a new one was needed."


@pytest.mark.parametrize(
    "other",
    [
        TEXT,
        TEXT.upper(),
        f"Summary: {TEXT} End summary.",
        TEXT.replace("needed", "wanted"),
        TEXT.replace(" ", "\n"),
    ],
)
def test_the_same_words_are_the_same_text(other: str) -> None:
    assert same_text(TEXT, other)
    assert same_text(other, TEXT)


@pytest.mark.parametrize(
    "other",
    [
        "The Ambassador heard from the minister in March that a pier was needed because the old one sank.",
        "The minister told the Ambassador on March 12 that fish prices had doubled within one week.",
        "",
        "The pier.",
    ],
)
def test_other_words_on_the_same_matter_are_another_text(other: str) -> None:
    assert not same_text(TEXT, other)


def test_very_short_texts_are_compared_word_by_word() -> None:
    assert (same_text("End summary.", "End  summary."), same_text("End summary.", "No.")) == (True, False)


def evidence(key: str, text: str) -> Evidence:
    paragraph = Paragraph(key, 1, text, Span(0, len(text)), None, None, Role.BODY)
    found = ParagraphHit(hash(key), key.partition(".")[0], None, None, None, Level.UNCLASSIFIED, paragraph)
    return Evidence(found, 1.0, 0.5, {})


def same_text(one: str, other: str) -> bool:
    return len(folded([evidence("a.1", one), evidence("b.1", other)], limit=2)) == 1


@pytest.mark.parametrize("times", [1, 9])
def test_a_paragraph_that_repeats_a_better_one_is_folded_into_it_long_or_short(times: int) -> None:
    text = " ".join(TEXT.replace("March 12", f"March {n}") for n in range(1, times + 1))
    first, other, twin = (
        evidence("a.1", text),
        evidence("b.1", "Fish was dear."),
        evidence("c.1", f"Sent again: {text}"),
    )
    kept = folded([first, other, twin, evidence("d.1", "Fish was dear.")], limit=5)
    assert [(e.key, e.also) for e in kept] == [("a.1", ("c.1",)), ("b.1", ("d.1",))]


def test_no_more_than_the_limit_is_kept() -> None:
    assert [e.key for e in folded([evidence(f"a.{n}", f"Text {n}.") for n in range(5)], limit=2)] == [
        "a.0",
        "a.1",
    ]
