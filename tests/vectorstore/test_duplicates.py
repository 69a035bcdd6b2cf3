"""Retransmitted paragraphs are told from paragraphs that only speak of the same."""

import pytest

from vectorstore.duplicates import same_text

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
