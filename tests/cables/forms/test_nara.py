from datetime import UTC, datetime
from pathlib import Path

import pytest

from cables.forms.nara import attributes
from tests.cables.forms.made_up import Reader

STAMP = "Margaret P. Grafeld Declassified/Released US Department of State EO Systematic Review 04 MAY 2006"
MESSAGE = f"""CONFIDENTIAL

PAGE 01        NIAMEY  00417  01 OF 02  121510Z

14
ACTION AF-10

INFO  OCT-01  ISO-00  AID-05  /036 W
                     --------------------- 041777
R 121200Z FEB 76
FM AMEMBASSY NIAMEY
TO SECSTATE WASHDC 4411
INFO AMEMBASSY ACCRA

C O N F I D E N T I A L SECTION 1 OF 2 NIAMEY 0417

E.O. 11652: GDS
TAGS: PFOR, EAID, NG
SUBJ: A WELL AND ITS PUMP

REF: (A) STATE 30122 (B) 75 ACCRA 8811

1. SUMMARY: THE PUMP ARRIVED LATE. END SUMMARY.

{STAMP}

2. PIPES WERE MISSING, TOO.
CONFIDENTIAL

PAGE 02        NIAMEY  00417  01 OF 02  121510Z

3. COMMENT: WE BLAME THE PORT.
HALVORSEN

CONFIDENTIAL

NNN
"""
ATTRIBUTES = f"""
{STAMP}

Message Attributes

Automatic Decaptioning: X
Concepts: WATER, WELLS
Draft Date: 12 FEB 1976
Document Number: 1976NIAMEY00417
From: NIAMEY
Handling Restrictions: n/a
Locator: TEXT ON-LINE
Original Classification: CONFIDENTIAL
Reference: 76 STATE 30122, 75 ACCRA 8811
Subject: A WELL AND ITS
  PUMP
TAGS: PFOR, EAID, NG
Type: TE
Markings: {STAMP}
"""
DOCUMENT = f"Message Text\n\n{MESSAGE}\n{ATTRIBUTES}"


def test_a_telegram_is_read_with_all_its_fields(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "download.txt"
    path.write_text(DOCUMENT)
    (reading,), failures = outcome(path)
    cable = reading.cable
    assert failures == []
    assert (cable.id, cable.aliases, cable.post, cable.date, cable.subject, cable.signature) == (
        "76NIAMEY417",
        ("1976NIAMEY00417",),
        "Embassy Niamey",
        datetime(1976, 2, 12, 12, 0, tzinfo=UTC),
        "A WELL AND ITS PUMP",
        "HALVORSEN",
    )


def test_stamps_and_page_lines_are_in_no_paragraph(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "download.txt"
    path.write_text(DOCUMENT)
    (reading,), _ = outcome(path)
    assert [(paragraph.number, paragraph.text) for paragraph in reading.cable.paragraphs] == [
        (1, "SUMMARY: THE PUMP ARRIVED LATE. END SUMMARY."),
        (2, "PIPES WERE MISSING, TOO."),
        (3, "COMMENT: WE BLAME THE PORT."),
    ]


def test_the_attributes_fill_what_a_poor_copy_lacks(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "download.txt"
    path.write_text(f"Message Text\n\n1. THE PUMP IS LATE.\n{ATTRIBUTES}")
    (reading,), _ = outcome(path)
    cable = reading.cable
    assert ([tag.code for tag in cable.tags], cable.subject, str(cable.classification), cable.date) == (
        ["PFOR", "EAID", "NG"],
        "A WELL AND ITS PUMP",
        "CONFIDENTIAL",
        datetime(1976, 2, 12, tzinfo=UTC),
    )
    assert [reference.cable_id for reference in cable.references] == ["76STATE30122", "75ACCRA8811"]


def test_several_telegrams_in_a_file_come_one_by_one(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "download.txt"
    other = DOCUMENT.replace("1976NIAMEY00417", "1976NIAMEY00418")
    path.write_text(f"{DOCUMENT}\n<< END OF DOCUMENT >>\n{other}\n{DOCUMENT.replace('00417', '00419')}")
    readings, _ = outcome(path)
    assert [(reading.where, reading.cable.id) for reading in readings] == [
        ("document 1", "76NIAMEY417"),
        ("document 2", "76NIAMEY418"),
        ("document 3", "76NIAMEY419"),
    ]


def test_a_withdrawal_card_is_a_failure_that_names_the_telegram(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "download.txt"
    path.write_text(DOCUMENT.replace(MESSAGE, "No Text Body Available\n"))
    _, (failure,) = outcome(path)
    assert failure.reason.startswith("withdrawn: the archive holds only a card of 1976NIAMEY00417")


def test_a_telegram_without_a_number_is_a_failure(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "download.txt"
    path.write_text("Message Text\n\n1. THE PUMP IS LATE.\n\nMessage Attributes\n\nType: TE\n")
    _, (failure,) = outcome(path)
    assert failure.reason.startswith("no document number")


@pytest.mark.parametrize(
    ("name", "value"),
    [("Subject", "A WELL AND ITS PUMP"), ("Handling Restrictions", None), ("Markings", None)],
)
def test_attributes_run_on_over_lines_and_say_nothing_where_not_applicable(
    name: str, value: str | None
) -> None:
    assert attributes(DOCUMENT).get(name) == value


def test_the_end_mark_before_the_attributes_does_not_end_the_record(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "1976NIAMEY00417.txt"
    text = DOCUMENT.replace("Message Attributes", "<< END OF DOCUMENT >>\n\nMessage Attributes")
    path.write_text(text.replace("C O N F I D E N T I A L SECTION", "CO F DEN IAL SECTION"))
    (reading,), failures = outcome(path)
    assert (reading.cable.id, failures) == ("76NIAMEY417", [])
    assert reading.cable.classification is not None


@pytest.mark.parametrize("locator", ["TEXT ONLINE", "TEXT ON-LINE, ON MICROFILM"])
def test_a_telegram_with_a_text_is_read_whatever_its_locator(
    tmp_path: Path, outcome: Reader, locator: str
) -> None:
    path = tmp_path / "download.txt"
    path.write_text(DOCUMENT.replace("TEXT ON-LINE", locator))
    (reading,), _ = outcome(path)
    assert reading.cable.id == "76NIAMEY417"


def test_an_airgram_is_no_cable_and_a_printed_day_takes_the_place_of_a_date_time_group(
    tmp_path: Path, outcome: Reader
) -> None:
    path = tmp_path / "download.txt"
    text = DOCUMENT.replace("(B) 75 ACCRA 8811", "(B) ACCRA A-45").replace("R 121200Z FEB 76\n", "\n")
    path.write_text(text.replace("Draft Date: 12 FEB 1976", "Draft Date: 12-Feb-1976 12:00:00 am"))
    (reading,), _ = outcome(path)
    assert [reference.cable_id for reference in reading.cable.references] == ["76STATE30122", None]
    assert reading.cable.date == datetime(1976, 2, 12, tzinfo=UTC)


def test_a_repeated_telegram_speaks_as_its_first_sender(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "download.txt"
    repeat = "FOLLOWING REPEAT ACCRA 1234 SENT ACTION SECSTATE 08 FEB 76\n\nE.O. 11652"
    path.write_text(DOCUMENT.replace("E.O. 11652", repeat, 1))
    (reading,), _ = outcome(path)
    assert (reading.cable.id, reading.cable.post) == ("76NIAMEY417", "Embassy Accra")
    assert "76ACCRA1234" in reading.cable.aliases
