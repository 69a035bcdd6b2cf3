from datetime import UTC, datetime
from pathlib import Path

from cables import Address
from cables.forms.foia import without_stamps
from tests.cables.forms.made_up import Reader, telegram


def _stamp(number: str = "C17990001") -> str:
    return f"UNCLASSIFIED U.S. Department of State Case No. F-2016-99999 Doc No. {number} Date: 07/31/2017"


SMART = f"""{_stamp()}

RELEASE IN PART
B1,1.4(B),1.4(D),B6

CONFIDENTIAL

MRN: 10 NIAMEY 417
Date/DTG: Feb 12, 2010 / 121234Z FEB 10
From: AMEMBASSY NIAMEY
Action: WASHDC, SECSTATE ROUTINE; LAGOS, AMCONSUL PRIORITY
E.O.: 13526
TAGS: PREL, EAID, NG
Captions: SIPDIS
Reference: 10 STATE 30122
Subject: A WELL AND ITS PUMP

1. (C) Summary: The pump arrived late
and without its handle. End Summary.

B1
1.4(B)

2. (C) The minister said that the handle was still at sea.

Signature: Halvorsen

Drafted By: NIAMEY:Lindqvist, Ada
Dissemination Rule: Archive Copy

UNCLASSIFIED
REVIEW AUTHORITY: Ada Lindqvist, Senior Reviewer
{_stamp()}
"""


def test_a_telegram_of_the_newer_layout_has_all_its_fields(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "release.txt"
    path.write_text(SMART)
    (reading,), _ = outcome(path)
    cable = reading.cable
    assert (cable.id, cable.aliases, cable.date, str(cable.classification), cable.subject) == (
        "10NIAMEY417",
        ("C17990001",),
        datetime(2010, 2, 12, 12, 34, tzinfo=UTC),
        "CONFIDENTIAL",
        "A WELL AND ITS PUMP",
    )
    assert (cable.sender, cable.action, cable.captions, cable.signature) == (
        Address("AMEMBASSY NIAMEY"),
        (
            Address("WASHDC, SECSTATE", precedence="ROUTINE"),
            Address("LAGOS, AMCONSUL", precedence="PRIORITY"),
        ),
        ("SIPDIS",),
        "Halvorsen",
    )
    assert [reference.cable_id for reference in cable.references] == ["10STATE30122"]


def test_stamps_and_office_lines_are_in_no_paragraph(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "release.txt"
    path.write_text(SMART)
    (reading,), _ = outcome(path)
    assert [paragraph.text for paragraph in reading.cable.paragraphs] == [
        "Summary: The pump arrived late and without its handle. End Summary.",
        "The minister said that the handle was still at sea.",
    ]


def test_an_older_telegram_is_known_by_its_own_lines(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "release.txt"
    path.write_text(f"{_stamp()}\n\nRELEASE IN FULL\n\n{telegram()}\n{_stamp()}\n")
    (reading,), _ = outcome(path)
    assert (reading.cable.id, reading.cable.aliases) == ("08NIAMEY417", ("C17990001",))


def test_a_memo_is_kept_under_its_document_number(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "release.txt"
    path.write_text(
        f"{_stamp()}\n\nRELEASE IN FULL\n\nFrom: Ada\nTo: Ben\n"
        f"Subject: Lunch\n\nThe pump works.\n{_stamp()}\n"
    )
    (reading,), _ = outcome(path)
    assert (reading.cable.id, reading.cable.subject) == ("C17990001", "Lunch")


def test_documents_of_one_file_are_told_apart_by_their_numbers(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "release.txt"
    first, second = _stamp("C17990001"), _stamp("C17990002")
    path.write_text(f"{first}\nOne.\n{first}\f{first}\nStill one.\n{first}\f{second}\nTwo.\n{second}")
    readings, _ = outcome(path)
    assert [(reading.where, reading.cable.id) for reading in readings] == [
        ("C17990001", "C17990001"),
        ("C17990002", "C17990002"),
    ]


def test_a_document_of_stamps_alone_is_a_failure(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "release.txt"
    path.write_text(f"{_stamp()}\n\nDENIED IN FULL\nB1\n\n{_stamp()}\n")
    _, (failure,) = outcome(path)
    assert failure.reason.startswith("C17990001: nothing but stamps")


def test_text_without_stamps_is_left_alone() -> None:
    assert without_stamps(telegram()) == telegram().strip("\n")
