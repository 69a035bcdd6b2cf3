import csv
from pathlib import Path

from tests.cables.forms.made_up import Reader, telegram


def _sheet(path: Path, *rows: tuple[str, str]) -> Path:
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["doc_id", "authored", "classification", "title", "body"])
        for id, body in rows:
            writer.writerow([id, "2008-02-12", "CONFIDENTIAL", 'THE "WELL"', body])
    return path


def test_each_row_is_a_cable(tmp_path: Path, outcome: Reader) -> None:
    path = _sheet(tmp_path / "rows", ("08NIAMEY417", telegram()), ("08ACCRA12", telegram("ACCRA", 12)))
    readings, failures = outcome(path)
    assert [(reading.where, reading.cable.id) for reading in readings] == [
        ("row 1", "08NIAMEY417"),
        ("row 2", "08ACCRA12"),
    ]
    assert failures == []


def test_the_row_fills_what_the_text_lacks(tmp_path: Path, outcome: Reader) -> None:
    (reading,), _ = outcome(_sheet(tmp_path / "rows", ("08NIAMEY417", "1. The pump is late.")))
    assert (reading.cable.subject, str(reading.cable.classification)) == ('THE "WELL"', "CONFIDENTIAL")


def test_a_row_without_a_body_spoils_no_other(tmp_path: Path, outcome: Reader) -> None:
    path = _sheet(tmp_path / "rows", ("08NIAMEY417", ""), ("08ACCRA12", telegram("ACCRA", 12)))
    (reading,), (failure,) = outcome(path)
    assert (reading.cable.id, failure.where) == ("08ACCRA12", "row 1")
