"""A line of text that no rule has placed is kept, where it stands, and noted."""

import pytest
from telegrams import telegram

from cables import parse_telegram
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


@pytest.mark.parametrize("text", [CUT_OFF_HEAD, BEHIND_ADVERTISEMENT])
def test_a_sentence_wherever_it_got_is_in_a_paragraph(text: str) -> None:
    cable = parse_telegram(text)
    assert not lost_text(cable)
    assert SENTENCE in " ".join(" ".join(paragraph.text.split()) for paragraph in cable.paragraphs)
    assert len({paragraph.key for paragraph in cable.paragraphs}) == len(cable.paragraphs)
    starts = [paragraph.span.start for paragraph in cable.paragraphs]
    assert starts == sorted(starts)


def test_a_cable_without_lost_lines_is_left_as_it_is() -> None:
    assert not any("fit nowhere" in note for note in parse_telegram(telegram()).notes)


def test_what_is_kept_at_last_is_noted() -> None:
    notes = parse_telegram(BEHIND_ADVERTISEMENT).notes
    assert any(note.startswith("lines that fit nowhere kept as paragraphs") for note in notes)
