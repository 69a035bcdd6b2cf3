"""Sentences, names and words of cable prose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cables.text import (
    MAX_SENTENCE_CHARS,
    cached_by_text,
    content_words,
    day_in_words,
    names,
    sentences,
    stem,
)


def split(text: str) -> list[str]:
    return [piece.text for piece in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He came. He went.", ["He came.", "He went."]),
        ("Did he come? No!", ["Did he come?", "No!"]),
        ("Mr. Smith met Gen. Jones. They talked.", ["Mr. Smith met Gen. Jones.", "They talked."]),
        ("The U.S. Embassy agreed. So did J. Smith.", ["The U.S. Embassy agreed.", "So did J. Smith."]),
        ('He said "Never." Then he left.', ['He said "Never."', "Then he left."]),
        ("It cost 3.5 million. It sank.", ["It cost 3.5 million.", "It sank."]),
        ("-- one pier\n-- two boats", ["-- one pier", "-- two boats"]),
        ("No end", ["No end"]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_its_sentences(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_a_long_sentence_is_cut_between_the_items_of_its_list_but_not_after_a_colon_alone() -> None:
    words = " ".join(["word"] * 30)
    assert split(f"Two points: 1) {words}; 2) {words}.") == ["Two points:", f"1) {words};", f"2) {words}."]
    assert split(f"Two points: 1) {words}, 2) {words}.") == [f"Two points: 1) {words}, 2) {words}."]


@pytest.mark.parametrize("endless", ["and so on " * 10_000, "x" * 100_000])
def test_a_text_without_a_full_stop_is_cut_where_it_can_be(endless: str) -> None:
    pieces = sentences(f"It began. {endless}")
    assert max(len(piece.text) for piece in pieces) <= MAX_SENTENCE_CHARS
    assert "".join("".join(piece.text.split()) for piece in pieces) == "Itbegan." + "".join(endless.split())


def test_results_are_kept_and_few_of_them_for_long_texts() -> None:
    made: list[str] = []

    @cached_by_text(100, max_chars=5)
    def shout(text: str, end: str = "") -> str:
        made.append(text)
        return text.upper() + end

    short, long = [f"a{n}" for n in range(10)], [f"longer{n}" for n in range(10)]
    for text in [*short, *long] * 2:
        assert shout(text, "!") == f"{text.upper()}!"
    assert made == [*short, *long, *long]


@given(st.text(alphabet='aB. !?\n"Mr1', max_size=80))
def test_sentences_are_verbatim_in_order_and_lose_no_word(text: str) -> None:
    pieces = sentences(text)
    assert all(text[piece.start : piece.end] == piece.text for piece in pieces)
    assert "".join("".join(piece.text.split()) for piece in pieces) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Why did China refuse Japan's bid?", ["China", "Japan"]),
        ("What did Hillary Clinton tell the Foreign Minister?", ["Hillary Clinton", "Foreign Minister"]),
        ("who paid for it?", []),
        ("The embassy in Addis Ababa", ["Addis Ababa"]),
    ],
)
def test_names_are_found_without_the_words_that_open_a_sentence(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_content_words_leave_out_what_every_question_has() -> None:
    assert content_words("What did the Minister say about wheat?") == ["minister", "say", "wheat"]


@pytest.mark.parametrize("forms", [("refuse", "refused", "refuses", "refusing"), ("pier", "piers", "Piers")])
def test_forms_of_a_word_share_their_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


def test_a_day_is_written_out() -> None:
    assert (day_in_words(20080417), day_in_words(20080000), day_in_words(None)) == (
        "17 April 2008",
        "2008",
        "",
    )
