import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cables import Cable
from cables.forms import Reading, read
from tests.cables.forms.made_up import Reader, telegram


def _row(id: str = "08NIAMEY417", **more: Any) -> dict[str, Any]:
    return {"doc_id": id, "corpus": "cables", "body": telegram(serial=int(id[8:])), **more}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([_row(), _row("08NIAMEY418")]),
        json.dumps([_row(), _row("08NIAMEY418")], indent=2),
        json.dumps(_row()) + "\n" + json.dumps(_row("08NIAMEY418")) + "\n",
        json.dumps({"count": 2, "data": [_row(), _row("08NIAMEY418")]}),
    ],
    ids=["array", "indented", "lines", "answer"],
)
def test_arrays_lines_and_answers_give_the_same_cables(tmp_path: Path, outcome: Reader, text: str) -> None:
    (tmp_path / "rows").write_text(text)
    readings, failures = outcome(tmp_path / "rows")
    assert [(reading.where, reading.cable.id) for reading in readings] == [
        ("row 1", "08NIAMEY417"),
        ("row 2", "08NIAMEY418"),
    ]
    assert failures == []


def test_the_row_fills_what_the_text_lacks(tmp_path: Path, outcome: Reader) -> None:
    row = {
        "doc_id": "1976NIAMEY00417",
        "authored": "1976-02-12",
        "classification": "CONFIDENTIAL",
        "title": "A WELL",
        "body": "1. The pump is late.",
    }
    (tmp_path / "rows.json").write_text(json.dumps([row]))
    (reading,), _ = outcome(tmp_path / "rows.json")
    cable = reading.cable
    assert (cable.id, cable.aliases, cable.subject, str(cable.classification), cable.date) == (
        "76NIAMEY417",
        ("1976NIAMEY00417",),
        "A WELL",
        "CONFIDENTIAL",
        datetime(1976, 2, 12, tzinfo=UTC),
    )


@pytest.mark.parametrize("missing", ["doc_id", "body"])
def test_a_row_that_lacks_a_column_is_a_failure_and_spoils_no_other(
    tmp_path: Path, outcome: Reader, missing: str
) -> None:
    row = {name: value for name, value in _row().items() if name != missing}
    (tmp_path / "rows.json").write_text(json.dumps([row, _row("08NIAMEY418")]))
    (reading,), (failure,) = outcome(tmp_path / "rows.json")
    assert (reading.cable.id, failure.where) == ("08NIAMEY418", "row 1")
    assert failure.reason.startswith(f"no {'id' if missing == 'doc_id' else 'text'} in its columns")


def test_broken_json_ends_with_its_line(tmp_path: Path, outcome: Reader) -> None:
    (tmp_path / "rows.json").write_text(json.dumps(_row()) + "\n" + json.dumps(_row())[:-20])
    readings, (failure,) = outcome(tmp_path / "rows.json")
    assert len(readings) == 1
    assert (failure.line, failure.reason[:13]) == (2, "no valid JSON")


def test_memory_stays_flat_while_rows_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cables.forms.columns.cables_of", lambda text, record: [Cable(record.id, "")])
    path = tmp_path / "rows.json"
    with path.open("w") as out:
        out.write("[")
        for number in range(400):
            out.write(json.dumps({"doc_id": f"08NIAMEY{number}", "body": "late " * 20_000}) + ",\n")
        out.write("]")
    tracemalloc.start()
    count = sum(isinstance(result, Reading) for result in read(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 400
    assert peak < path.stat().st_size / 4
