"""Nothing is swallowed: every line of an original is in a paragraph, in a field, or known debris."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegrams import BODY, CAPTIONS, CLASSIFICATION, FIELDS, HEADER, telegram

from cables import parse_telegram
from cables.placement import Place, lost_lines, place_lines

SHARED = (Path(__file__).parents[2] / "../shared/cables").resolve()
SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.txt"))
PARTS = (HEADER, CLASSIFICATION, CAPTIONS, FIELDS, BODY)
SENTENCES = (
    "The harbour master told the Ambassador that the pier would open within a week.",
    "Four lighthouses will be repaired before the summer, the ministry said.",
)
MAX_LOST = 10
"""Of all real cables' lines: damaged citations, of which a part is in the field."""


def test_each_line_has_its_place() -> None:
    places = {line.name: line.place for line in place_lines(parse_telegram(telegram()))}
    assert places["subject"] is places["references"] is places["addresses"] is Place.FIELD
    assert places["07LISBON512.2"] is Place.PARAGRAPH


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_sentence_put_anywhere_between_two_lines_is_in_a_paragraph(data: st.DataObject) -> None:
    sentence = data.draw(st.sampled_from(SENTENCES))
    lines = telegram().split("\n")
    at = data.draw(st.integers(0, len(lines)))
    blank = data.draw(st.booleans())
    inserted = ["", sentence, ""] if blank else [sentence]
    cable = parse_telegram("\n".join([*lines[:at], *inserted, *lines[at:]]))
    text = " ".join(" ".join(paragraph.text for paragraph in cable.paragraphs).split())
    assert sentence in text
    assert not lost_lines(cable)


@settings(max_examples=100, deadline=None)
@given(st.permutations(PARTS))
def test_parts_in_any_order_lose_no_sentence(parts: list[str]) -> None:
    cable = parse_telegram("\n\n".join(parts))
    lost = [cable.original[line.start : line.end] for line in lost_lines(cable)]
    assert not [line for line in lost if "minister" in line or "pier" in line]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_no_line_of_a_sample_is_lost(path: Path) -> None:
    assert not lost_lines(parse_telegram(path.read_text(encoding="utf-8"), id=path.stem))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real cables are not here: ../shared/cables")
def test_no_line_of_a_real_cable_is_lost() -> None:
    lost = []
    for path in sorted(SHARED.glob("*.txt")):
        cable = parse_telegram(path.read_text(encoding="utf-8"), id=path.stem)
        lost += [(path.stem, line.number) for line in lost_lines(cable)]
    assert len(lost) <= MAX_LOST, lost


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        # a word that begins like a label, in a sentence
        (
            telegram(body="1. (C) The envoy came.\nsubject was raised in every meeting.\n\nEXAMPLE\n"),
            "subject was raised in every meeting",
        ),
        # a paragraph that names the embassy's website, and is more than an advertisement
        (
            telegram(
                body="1. (C) He wrote.\n\n2. (C) We sent it on to the Classified Website:\nhttp://a.sgov.gov/\n"
            ),
            "We sent it on to the Classified Website",
        ),
        # text that got into the header, with a line that looks like a label, and nothing below it
        (
            telegram(
                header=f"{HEADER}\nthe adviser said on that day that one\nNOTE: he does not know the rest.\n"
            ),
            "he does not know the rest",
        ),
    ],
)
def test_what_an_accident_puts_in_an_odd_place_stays_text(text: str, kept: str) -> None:
    cable = parse_telegram(text)
    assert not lost_lines(cable)
    assert any(kept.lower() in paragraph.text.lower() for paragraph in cable.paragraphs)
