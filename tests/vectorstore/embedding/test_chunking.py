"""What is embedded of a paragraph: its text under a header, long ones in windows that overlap."""

from dataclasses import replace
from datetime import UTC, datetime

from cables import Cable, Paragraph
from cables.model import Span
from vectorstore.embedding.chunking import (
    MAX_HEADER_WORDS,
    OVERLAP_WORDS,
    WINDOW_WORDS,
    header,
    sentence_case,
    windows,
)

PARAGRAPH = Paragraph("07LISBON91001.1", 1, "The pier sank.", Span(0, 14), section="THE PIER")
CABLE = Cable(
    "07LISBON91001",
    "",
    (PARAGRAPH,),
    post="Embassy Lisbon",
    date=datetime(2007, 3, 15, tzinfo=UTC),
    subject="TALKS ON THE HARBOR",
)


def test_the_header_says_subject_post_month_and_section() -> None:
    assert header(CABLE, PARAGRAPH) == "Talks on the harbor (Embassy Lisbon, March 2007) - The pier"


def test_a_cable_without_fields_has_a_short_header() -> None:
    assert header(Cable("07LISBON91001", ""), replace(PARAGRAPH, section=None)) == ""


def test_a_long_subject_is_cut() -> None:
    assert len(header(replace(CABLE, subject="WORD " * 100), PARAGRAPH).split()) <= MAX_HEADER_WORDS


def test_a_short_paragraph_is_one_passage_under_its_header() -> None:
    assert windows(CABLE, PARAGRAPH) == [f"{header(CABLE, PARAGRAPH)}: The pier sank."]


def test_a_long_paragraph_is_cut_into_windows_that_lose_no_word() -> None:
    words = [f"w{n}" for n in range(3 * WINDOW_WORDS + 7)]
    above = header(CABLE, PARAGRAPH) + ": "
    parts = [p.removeprefix(above).split() for p in windows(CABLE, replace(PARAGRAPH, text=" ".join(words)))]
    assert list(dict.fromkeys(word for part in parts for word in part)) == words
    assert all(len(part) <= WINDOW_WORDS for part in parts)


def test_windows_overlap_so_that_no_sentence_is_torn_everywhere() -> None:
    words = " ".join(f"w{n}" for n in range(2 * WINDOW_WORDS))
    first, second = windows(CABLE, replace(PARAGRAPH, text=words))[:2]
    assert (
        first.split()[-OVERLAP_WORDS:]
        == second.removeprefix(header(CABLE, PARAGRAPH) + ": ").split()[:OVERLAP_WORDS]
    )


def test_no_window_is_only_an_overlap() -> None:
    words = " ".join(f"w{n}" for n in range(WINDOW_WORDS + 1))
    assert len(windows(CABLE, replace(PARAGRAPH, text=words))) == 2
    assert len(windows(CABLE, replace(PARAGRAPH, text=words.rsplit(" ", 1)[0]))) == 1


def test_capitals_are_lowered_and_mixed_case_stays() -> None:
    assert (sentence_case("TALKS ON UN REFORM"), sentence_case("Talks in Oslo")) == (
        "Talks on un reform",
        "Talks in Oslo",
    )
