"""The samples read as samples/README.md says they do; their questions have answers in them."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cables import forms
from cables.model import Cable, Level, Marking, Paragraph, ReferenceKind, Role, TagKind

SAMPLES = Path(__file__).parents[1] / "samples"
FILES = sorted(SAMPLES.glob("*.txt"))
UN_REFORM = ("05ADDISABABA90088", "08BEIJING90014", "08TOKYO90031", "08USUNNEWYORK90007", "09NEWDELHI90052")


def table() -> dict[str, dict[str, str]]:
    """The README's rows by cable id: column name -> cell."""
    lines = (SAMPLES / "README.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    names, _, *cells = rows
    return {row[0]: dict(zip(names, row, strict=True)) for row in cells}


def printed_numbers(cell: str) -> list[int | None]:
    """`1-4, 4, u` -> [1, 2, 3, 4, 4, None]."""
    numbers: list[int | None] = []
    for part in cell.split(", "):
        first, _, last = part.partition("-")
        numbers += [None] if part == "u" else range(int(first), int(last or first) + 1)
    return numbers


@cache
def sample(cable_id: str) -> Cable:
    (reading,) = forms.read(SAMPLES / f"{cable_id}.txt")
    assert isinstance(reading, forms.Reading), reading
    return reading.cable


def paragraph(cable_id: str, number: int) -> Paragraph:
    return next(p for p in sample(cable_id).paragraphs if p.number == number)


def questions() -> list[dict[str, Any]]:
    lines = (Path(__file__).parent / "sample_questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def fold(text: str) -> str:
    return re.sub(r"\s+", " ", text).lower()


ROWS = table()
by_id = pytest.mark.parametrize("cable_id", sorted(ROWS))


def test_the_table_lists_every_sample_and_nothing_else() -> None:
    assert sorted(ROWS) == [file.stem for file in FILES]


def test_the_folder_is_read_without_a_failure() -> None:
    readings = [reading for file in forms.find_files([SAMPLES]) for reading in forms.read(file)]
    assert [r for r in readings if isinstance(r, forms.Failure)] == []
    assert sorted(r.cable.id for r in readings if isinstance(r, forms.Reading)) == sorted(ROWS)


@by_id
def test_a_sample_is_filed_under_its_own_id(cable_id: str) -> None:
    assert (sample(cable_id).id, sample(cable_id).aliases) == (cable_id, ())


@by_id
def test_a_sample_has_the_paragraphs_that_the_table_says(cable_id: str) -> None:
    expected = printed_numbers(ROWS[cable_id]["paragraphs"])
    assert [p.number for p in sample(cable_id).paragraphs] == expected


@by_id
def test_a_sample_has_the_subject_that_the_table_says(cable_id: str) -> None:
    assert sample(cable_id).subject == ROWS[cable_id]["subject"]


@by_id
def test_a_sample_has_the_post_that_the_table_says(cable_id: str) -> None:
    assert sample(cable_id).post == ROWS[cable_id]["post"]


@by_id
def test_a_sample_has_the_date_that_the_table_says(cable_id: str) -> None:
    date = sample(cable_id).date
    assert date is not None
    assert date.date().isoformat() == ROWS[cable_id]["date"]


@by_id
def test_a_sample_has_the_classification_that_the_table_says(cable_id: str) -> None:
    assert str(sample(cable_id).classification) == ROWS[cable_id]["classification"]


@by_id
def test_no_paragraph_holds_debris_of_the_transmission(cable_id: str) -> None:
    debris = re.compile(r"SIPDIS|\d{3} OF \d{3}|PAGE \d\d|¶|Â|&#|&para|NNNN|--{3,}|https?:|^\(?[A-Z/]+\) ")
    found = [(p.key, m.group()) for p in sample(cable_id).paragraphs if (m := debris.search(p.text))]
    assert not found


@by_id
def test_a_signature_is_no_part_of_the_last_paragraph(cable_id: str) -> None:
    lines = sample(cable_id).original.split("\n")
    signature = next(
        s for s in reversed(lines) if re.fullmatch(r"(?!NNNN|CONFIDENTIAL)[A-Z]{3,} ?", s)
    ).strip()
    assert sample(cable_id).signature == signature
    assert not sample(cable_id).paragraphs[-1].text.endswith(signature)


@by_id
def test_every_tag_has_a_name(cable_id: str) -> None:
    unnamed = [t.code for t in sample(cable_id).tags if t.name is None and t.kind is not TagKind.PERSON]
    assert sample(cable_id).tags
    assert not unnamed


@by_id
def test_a_paragraph_stands_in_the_original_where_its_span_says(cable_id: str) -> None:
    cable = sample(cable_id)
    for p in cable.paragraphs:
        place = cable.original[p.span.start : p.span.end]
        assert str(p.number or "") in place[:10]
        assert place.strip() == place
        assert p.text.split()[-2] in place


@pytest.mark.parametrize("cable_id", UN_REFORM)
def test_references_among_the_cables_on_reform_resolve_to_samples(cable_id: str) -> None:
    known = {r.cable_id for r in sample(cable_id).references} & set(ROWS)
    expected = {
        "05ADDISABABA90088": set(),
        "08BEIJING90014": {"05ADDISABABA90088"},
        "08TOKYO90031": {"08BEIJING90014"},
        "08USUNNEWYORK90007": {"08TOKYO90031", "08BEIJING90014", "05ADDISABABA90088"},
        "09NEWDELHI90052": {"08USUNNEWYORK90007", "08BEIJING90014", "08TOKYO90031"},
    }
    assert known == expected[cable_id]


def test_references_keep_the_letters_by_which_the_body_cites_them() -> None:
    labels = {r.label: r.cable_id for r in sample("09NEWDELHI90052").references}
    assert labels["B"] == "08BEIJING90014"
    assert labels["D"] == "09STATE990015"


def test_an_email_among_the_references_is_no_cable() -> None:
    kinds = [r.kind for r in sample("08TUNIS90066").references]
    assert kinds == [ReferenceKind.CABLE, ReferenceKind.CABLE, ReferenceKind.EMAIL]


def test_a_pilcrow_turned_into_1_leaves_the_text_of_paragraph_3_whole() -> None:
    text = paragraph("08BEIJING90014", 3).text
    assert text.startswith("Asked why China had refused Japan's bid")
    assert "public would not accept" in text


def test_a_page_break_in_mid_sentence_is_joined() -> None:
    assert "that we had heard from the sterner one" in paragraph("08TOKYO90031", 3).text


def test_an_old_page_break_in_mid_sentence_is_joined() -> None:
    assert "THREATENED TO NAME THEM" in paragraph("79CAIRO90003", 3).text


def test_words_broken_at_the_end_of_a_line_are_joined() -> None:
    text = " ".join(p.text for p in sample("10BRASILIA90018").paragraphs)
    assert "worked on the report" in text
    assert "the necessary transfer of technology" in text
    assert "it has promised to buy ten" in text


def test_quotation_marks_lost_to_7_bits_return() -> None:
    assert 'the "real Union" would begin' in paragraph("08PARIS90121", 1).text
    assert "A German diplomat's version" in paragraph("08PARIS90121", 2).text


def test_entities_become_the_characters_they_stand_for() -> None:
    assert (
        fold(paragraph("07MADRID90203", 1).text)
        .replace("’", "'")
        .startswith("summary: spain's national court")
    )


def test_a_corrected_copy_is_known_as_one() -> None:
    assert [c.id for c in map(sample, ROWS) if c.corrected] == ["09BEIJING90077"]


def test_a_person_in_tags_stays_whole() -> None:
    people = [t.code for t in sample("09BEIJING90077").tags if t.kind is TagKind.PERSON]
    assert len(people) == 1
    assert "CLINTON, HILLARY" in people[0]


def test_a_repeated_number_has_a_key_of_its_own() -> None:
    keys = [p.key.removeprefix("09NEWDELHI90052.") for p in sample("09NEWDELHI90052").paragraphs]
    assert keys == ["1", "2", "3", "4", "4-2", "6", "7", "8"]


def test_paragraphs_without_numbers_are_keyed_by_position() -> None:
    keys = [p.key for p in sample("09NAIROBI90140").paragraphs]
    assert keys == [f"09NAIROBI90140.u{n}" for n in range(1, 7)]


def test_portion_markings_keep_their_caveats() -> None:
    markings = [p.marking for p in sample("07ANKARA90215").paragraphs]
    assert markings[:4] == [
        Marking(Level.SECRET, ("NOFORN",)),
        Marking(Level.UNCLASSIFIED),
        Marking(Level.SECRET, ("NOFORN",)),
        Marking(Level.SECRET),
    ]


@pytest.mark.parametrize(
    ("cable_id", "number", "section"),
    [
        ("08BEIJING90014", 3, "A Polite No"),
        ("08BEIJING90014", 5, "No Deadline, No Package"),
        ("08TOKYO90031", 5, "DOUBTERS AT HOME"),
        ("08USUNNEWYORK90007", 5, "CHINA CHANGES TONE"),
        ("09TRIPOLI90011", 4, "THE COUNCIL SEAT"),
        ("10REYKJAVIK90004", 4, "Why the Airport Stayed Open"),
    ],
)
def test_a_heading_becomes_the_section_of_its_paragraphs(cable_id: str, number: int, section: str) -> None:
    assert paragraph(cable_id, number).section == section


@pytest.mark.parametrize(
    ("cable_id", "number", "role"),
    [
        ("08BEIJING90014", 1, Role.SUMMARY),
        ("08BEIJING90014", 3, Role.BODY),
        ("08BEIJING90014", 8, Role.COMMENT),
        ("08TOKYO90031", 2, Role.SUMMARY),
        ("08TOKYO90031", 8, Role.COMMENT),
        ("09MOSCOW90330", 2, Role.SUMMARY),
        ("09NEWDELHI90052", 7, Role.ACTION),
        ("09STATE990045", 4, Role.ACTION),
        ("09STATE990045", 5, Role.QUOTED),
    ],
)
def test_a_paragraph_knows_who_speaks(cable_id: str, number: int, role: Role) -> None:
    assert paragraph(cable_id, number).role is role


def test_the_recipients_of_an_old_style_cable_are_no_routing_lines() -> None:
    names = [address.name for address in sample("79CAIRO90003").info]
    posts = ["AMEMBASSY JIDDA", "AMEMBASSY LONDON", "AMEMBASSY PARIS", "AMEMBASSY TUNIS"]
    assert names == [*posts, "USMISSION USUN NEW YORK"]


def test_a_table_keeps_its_lines() -> None:
    rows = [line.split() for line in paragraph("08USUNNEWYORK90007", 3).text.splitlines()]
    assert ["G4", "6", "4", "25", "105-115"] in rows
    assert ["UFC", "0", "10", "25", "35-40"] in rows


def test_the_questions_are_twenty_four_with_ids_of_their_own() -> None:
    assert len({q["id"] for q in questions()}) == len(questions()) == 24


@pytest.mark.parametrize("question", questions(), ids=lambda q: q["id"])
def test_the_facts_of_a_question_stand_in_its_gold_paragraphs(question: dict[str, Any]) -> None:
    places = [(gold["cable"], number) for gold in question["gold"] for number in gold["paragraphs"]]
    text = fold(" ".join(paragraph(*place).text for place in places))
    assert bool(places) == question["answerable"]
    assert all(any(fold(option) in text for option in group) for group in question["facts"])
