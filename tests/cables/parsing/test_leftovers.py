"""A line of text that no rule has placed is kept, where it stands, and noted."""

import pytest
from telegrams import FIELDS, HEADER, telegram

from cables import Cable, parse_telegram
from cables.placement import lost_text

SENTENCE = "port, and the old lighthouse was seen by all who had come on the day of the fair"
CUT_OFF_HEAD = (
    "VZCZCXRO6408\nPP RUEHAG RUEHROV RUEHScording to an officer who worked on the re- \n"
    f"{SENTENCE} \nwork that the engineers would do. The press saw it.\n\n2. (C) He left.\n"
)
BEHIND_ADVERTISEMENT = (
    f"{telegram()}\nVisit the Embassy's Classified Website: \n"
    f"http://lisbon.example.sgov.gov/ OAK t {'and so they all went home again, he said, ' * 5} {SENTENCE}.\n"
)


def text_of(cable: Cable) -> str:
    """All of its paragraphs and their headings, white space folded."""
    texts = [f"{paragraph.section or ''} {paragraph.text}" for paragraph in cable.paragraphs]
    return " ".join(" ".join(texts).split())


@pytest.mark.parametrize("text", [CUT_OFF_HEAD, BEHIND_ADVERTISEMENT])
def test_a_sentence_wherever_it_got_is_in_a_paragraph(text: str) -> None:
    cable = parse_telegram(text)
    assert not lost_text(cable)
    assert SENTENCE in text_of(cable)
    assert len({paragraph.key for paragraph in cable.paragraphs}) == len(cable.paragraphs)
    starts = [paragraph.span.start for paragraph in cable.paragraphs]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    "line",
    [
        "INFO heard beyond the second row of seats.",
        "DE RUEHLI #0512/01 t secretary said that it was word for word the same",
        "ZNY CCCCC reason for the mayor's refusal was the budget",
        "reform of the harbour should be finished by June,",
        "secret talks about the pier were held with the owner",
        "cable cars had been ordered for the hill behind it",
    ],
)
def test_a_sentence_behind_a_heads_own_words_or_beginning_like_them_is_kept(line: str) -> None:
    cable = parse_telegram(telegram(header=f"{HEADER}{line}"))
    assert line in text_of(cable)


def test_a_sentence_that_ran_into_the_tags_is_kept_and_is_no_tag() -> None:
    fields = FIELDS.replace("TAGS: PREL, ECON, PO", "TAGS: PREL, ECON, cause of the storm that came in")
    cable = parse_telegram(telegram(fields=fields))
    assert "cause of the storm that came in" in text_of(cable)
    assert [tag.code for tag in cable.tags] == ["PREL", "ECON"]


def test_a_cable_without_lost_lines_is_left_as_it_is() -> None:
    assert not any("fit nowhere" in note for note in parse_telegram(telegram()).notes)


def test_what_is_kept_at_last_is_noted() -> None:
    notes = parse_telegram(BEHIND_ADVERTISEMENT).notes
    assert any(note.startswith("lines that fit nowhere kept as paragraphs") for note in notes)
