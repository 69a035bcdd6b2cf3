import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cables import Cable
from cables.forms import Failure, Reading, read
from cables.forms.base import Source
from cables.forms.csv_cables import CablegateTable
from tests.cables.forms.made_up import Reader, telegram

SHARED = (Path(__file__).parents[3] / "../shared/forms/cables.csv").resolve()


def _row(number: int = 1, id: str = "08NIAMEY417", text: str | None = None, *, doubled: bool = False) -> str:
    header, body = (text or telegram(serial=int(id[8:]))).split("\n\n", 1)
    escaped = '""' if doubled else '\\"'
    cells = (
        str(number),
        "2/12/2008 12:34",
        id,
        "Embassy Niamey",
        "CONFIDENTIAL",
        "08STATE30122",
        header,
        body,
    )
    return ",".join('"' + cell.replace('"', escaped) + '"' for cell in cells) + "\n"


def test_each_row_is_a_cable(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "any.name"
    path.write_text(_row(1, "08NIAMEY417") + _row(2, "08NIAMEY418"))
    readings, failures = outcome(path)
    assert [(reading.where, reading.cable.id) for reading in readings] == [
        ("row 1", "08NIAMEY417"),
        ("row 2", "08NIAMEY418"),
    ]
    assert failures == []


@pytest.mark.parametrize("doubled", [False, True], ids=["backslash", "doubled"])
def test_quotes_inside_a_field_are_read_in_both_spellings(
    tmp_path: Path, outcome: Reader, doubled: bool
) -> None:
    path = tmp_path / "cables.csv"
    path.write_text(_row(text=telegram().replace("“still at sea”", '"still at sea"'), doubled=doubled))
    (reading,), _ = outcome(path)
    assert '"still at sea"' in reading.cable.paragraphs[1].text


def test_a_row_with_a_missing_quote_spoils_no_other(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "cables.csv"
    broken = _row(2, "08NIAMEY418").replace("The pump", 'The "pump')
    path.write_text(_row(1) + broken + _row(3, "08NIAMEY419"))
    readings, _ = outcome(path)
    assert [reading.cable.id for reading in readings] == ["08NIAMEY417", "08NIAMEY418", "08NIAMEY419"]


def test_a_row_with_columns_missing_is_a_failure_with_its_line(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "cables.csv"
    path.write_text(_row(1) + '"2","2/12/2008 12:34","08NIAMEY418","Embassy Niamey"\n')
    _, (failure,) = outcome(path)
    assert (failure.where, failure.line) == ("row 2", _row(1).count("\n") + 1)
    assert failure.reason.startswith("4 columns, not 8")


def test_the_row_fills_what_the_text_lacks(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "cables.csv"
    path.write_text(_row(text="\n\nSUBJECT: A WELL\n\n1. The pump is late."))
    (reading,), _ = outcome(path)
    assert (reading.cable.date, reading.cable.post) == (
        datetime(2008, 2, 12, 12, 34, tzinfo=UTC),
        "Embassy Niamey",
    )


def test_a_malformed_id_stays_as_an_alias(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "cables.csv"
    path.write_text(_row().replace('"08NIAMEY417"', '"08SECTION01OF02NIAMEY417"'))
    (reading,), _ = outcome(path)
    assert (reading.cable.id, reading.cable.aliases) == ("08NIAMEY417", ("08SECTION01OF02NIAMEY417",))


def test_an_invalid_byte_is_read_as_windows_wrote_it(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "cables.csv"
    path.write_bytes(_row().encode().replace(b"late", b"l\xe9te"))
    (reading,), _ = outcome(path)
    assert "léte" in reading.cable.paragraphs[0].text


def test_memory_stays_flat_while_rows_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cables.forms.columns.cables_of", lambda text, record: [Cable(record.id, text)])
    path = tmp_path / "cables.csv"
    with path.open("w") as out:
        for number in range(1, 201):
            out.write(
                _row(number, f"08NIAMEY{number}", telegram(serial=number).replace("late", "late " * 10_000))
            )
    tracemalloc.start()
    count = sum(isinstance(result, Reading) for result in read(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 200
    assert peak < path.stat().st_size / 4


def test_a_row_without_an_end_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cables.forms.csv_cables.MAX_TEXT_BYTES", 4_000)
    path = tmp_path / "cables.csv"
    path.write_text(
        _row(1) + _row(2, "08NIAMEY418", telegram(serial=418) + "more\n" * 2_000) + _row(3, "08NIAMEY419")
    )
    results = list(CablegateTable().read(Source(path, path.name, lambda: path.open("rb"))))
    assert [type(result) for result in results] == [Reading, Failure, Reading]


@pytest.mark.skipif(not SHARED.is_file(), reason="the real table is not here")
def test_every_row_of_the_real_table_is_a_cable() -> None:
    results = list(read(SHARED))
    assert len(results) == 60
    assert all(isinstance(result, Reading) for result in results)
