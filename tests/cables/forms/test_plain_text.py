import dataclasses
from pathlib import Path

import pytest

from cables.forms import plain_text
from cables.forms.plain_text import evidence, id_in_name, split_cables
from tests.cables.forms.made_up import Reader, telegram


def test_a_file_named_for_its_cable_gives_that_cable(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "08NIAMEY417.txt"
    path.write_text(telegram())
    (reading,), failures = outcome(path)
    assert (reading.cable.id, reading.cable.subject, failures) == ("08NIAMEY417", "A WELL AND ITS PUMP", [])


def test_the_text_gives_the_id_where_the_name_does_not(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "from a friend.txt"
    path.write_text(telegram())
    (reading,), _ = outcome(path)
    assert reading.cable.id == "08NIAMEY417"


def test_a_name_that_only_looks_like_an_id_gives_way_to_the_texts(tmp_path: Path, outcome: Reader) -> None:
    (tmp_path / "15bom16.txt").write_text(telegram())
    (reading,), _ = outcome(tmp_path / "15bom16.txt")
    assert reading.cable.id == "08NIAMEY417"


def test_a_name_with_another_id_wins_and_the_text_keeps_an_alias(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "08ACCRA5.txt"
    path.write_text(telegram())
    (reading,), _ = outcome(path)
    assert (reading.cable.id, reading.cable.aliases) == ("08ACCRA5", ("08NIAMEY417",))


@pytest.mark.parametrize(
    "name", ["08NIAMEY417.txt", "08niamey417.TXT", "08NIAMEY417 (1).txt", "08NIAMEY417_copy.md"]
)
def test_an_id_is_read_from_the_names_that_copies_get(name: str) -> None:
    assert id_in_name(name) == "08NIAMEY417"


def test_a_fragment_is_read_where_the_name_is_an_id(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "08NIAMEY417.txt"
    path.write_text("SUBJECT: A WELL\nTAGS: PREL\n\n1. The pump is late.\n")
    (reading,), _ = outcome(path)
    assert reading.cable.subject == "A WELL"


@pytest.mark.parametrize("header", [True, False])
def test_several_cables_in_a_file_come_one_by_one(tmp_path: Path, outcome: Reader, header: bool) -> None:
    path = tmp_path / "all.txt"
    first, second = telegram(), telegram("ACCRA", 12, day="13", header=header)
    path.write_text(f"{first}\n{second}\n{telegram('LAGOS', 77)}")
    readings, failures = outcome(path)
    assert [failure.reason for failure in failures] == ([] if header else failures and [failures[0].reason])
    assert [reading.where for reading in readings][-1] == "cable 3"
    assert {reading.cable.id for reading in readings} >= {"08NIAMEY417", "08LAGOS77"}


def test_a_cable_without_a_year_in_a_file_of_several_is_a_failure_with_its_line(
    tmp_path: Path, outcome: Reader
) -> None:
    path = tmp_path / "all.txt"
    path.write_text(telegram() + telegram("ACCRA", 12, header=False))
    _, (failure,) = outcome(path)
    assert (failure.where, failure.line, failure.reason.split(":")[0]) == (
        "cable 2",
        telegram().count("\n") + 1,
        "no id",
    )


def test_the_cut_is_where_the_next_header_begins() -> None:
    second = telegram("ACCRA", 12)
    assert split_cables(f"{telegram()}\n{second}")[1][1] == second


def test_a_header_whose_lines_stand_apart_is_one_header() -> None:
    assert len(split_cables(telegram().replace("DE RUEHNM", "\nDE RUEHNM"))) == 1


def test_a_classification_line_repeated_at_a_page_break_cuts_nothing() -> None:
    text = telegram().replace(
        "\n2. (C)", "\nC O N F I D E N T I A L SECTION 02 OF 02 NIAMEY 000417\n\n2. (C)"
    )
    assert len(split_cables(text)) == 1


def test_prose_that_begins_with_secret_cuts_nothing() -> None:
    text = telegram().replace(
        "2. (C) The", "2. (C) A\nsecret ballot in 2004 and a\nsecret meeting on 300 dams. The"
    )
    assert len(split_cables(text)) == 1


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ()),
        ("utf-16", ()),
        ("cp1252", ("not UTF-8: bytes read as Windows-1252",)),
    ],
)
def test_each_encoding_gives_the_same_words(
    tmp_path: Path, outcome: Reader, encoding: str, note: tuple[str, ...]
) -> None:
    path = tmp_path / "08NIAMEY417.txt"
    path.write_bytes(telegram().encode(encoding))
    (reading,), _ = outcome(path)
    assert reading.cable.paragraphs[1].text == "The minister said that the handle was “still at sea”."
    assert reading.cable.notes == note


def test_one_wrong_byte_spoils_no_other_character(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "08NIAMEY417.txt"
    path.write_bytes(telegram().encode().replace(b"late", b"l\xe9te"))
    (reading,), _ = outcome(path)
    assert "léte" in reading.cable.paragraphs[0].text
    assert "“still" in reading.cable.paragraphs[1].text


def test_windows_line_ends_change_nothing(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "08NIAMEY417.txt"
    path.write_text(telegram())
    (unix,), _ = outcome(path)
    path.write_bytes(telegram().replace("\n", "\r\n").encode())
    (windows,), _ = outcome(path)
    assert dataclasses.replace(windows.cable, original=unix.cable.original) == unix.cable


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n\n ", "the file is empty"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\x9a" * 500, "a JPEG picture, not text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture, not text"),
        (b"text and\0\0nothing", "binary data, not text"),
        (b"A letter about the weather.\n\nIt rains.", "no sign of a cable"),
    ],
)
def test_what_is_no_cable_is_refused_with_a_reason(
    tmp_path: Path, outcome: Reader, content: bytes, reason: str
) -> None:
    path = tmp_path / "holiday.txt"
    path.write_bytes(content)
    readings, (failure,) = outcome(path)
    assert readings == []
    assert failure.reason.startswith(reason)
    assert (failure.path, failure.where) == (path, "")


def test_a_text_that_is_too_long_is_refused(
    tmp_path: Path, outcome: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_text, "MAX_TEXT_BYTES", 100)
    path = tmp_path / "08NIAMEY417.txt"
    path.write_text(telegram())
    _, (failure,) = outcome(path)
    assert failure.reason.startswith("over 0 MB")


def test_text_about_cables_is_no_cable() -> None:
    assert evidence("TAGS and SUBJECT lines are explained here. FM means from.") < 3
