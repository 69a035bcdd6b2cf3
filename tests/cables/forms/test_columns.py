"""Tables of any shape whose columns can be told, and what is said of the others."""

import bz2
import csv
import gzip
import io
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from cables.forms import Failure, Reading, read
from tests.cables.forms.made_up import Reader, telegram

NAMES = ["id", "date", "refid", "classification", "origin", "destination", "header", "content"]
ROW = [
    "1",
    "2008-02-12 09:30:00",
    "08NIAMEY417",
    "CONFIDENTIAL",
    "Embassy Niamey",
    "08ACCRA1|08ACCRA2",
    "",
    telegram(),
]


def _csv(names: list[str] | None, delimiter: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    if names:
        writer.writerow(names)
    writer.writerow(ROW)
    return out.getvalue()


def _escaped(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("\n", "\\\n").replace("\t", "\\\t")


def _quoted(cell: str) -> str:
    return "'" + cell.replace("'", "''") + "'"


INSERT = f"INSERT INTO cable ({', '.join(NAMES)}) VALUES\n({', '.join(map(_quoted, ROW))});\n"
CREATE = "CREATE TABLE `cables` (\n  " + ",\n  ".join(f"`{name}` text" for name in NAMES) + "\n);\n"
COPY = (
    f"COPY cable ({', '.join(NAMES)}) FROM stdin;\n"
    + "\t".join(cell.replace("\n", "\\n") for cell in ROW)
    + "\n\\.\n"
)
SHAPES = {
    "commas": _csv(NAMES, ","),
    "semicolons": _csv(NAMES, ";"),
    "tabs": _csv(NAMES, "\t"),
    "bars": _csv(NAMES, "|"),
    "no names": _csv(None, ","),
    "no names, semicolons": _csv(None, ";"),
    "numbered names": "0,1,2,3,4,5,6,7\n" + _csv(None, ","),
    "other names": _csv(
        ["num", "date", "identifier", "origin", "class", "references", "header", "body"], ","
    ).replace('"CONFIDENTIAL","Embassy Niamey"', '"Embassy Niamey","CONFIDENTIAL"'),
    "outfile": "\t".join(map(_escaped, [ROW[1], ROW[2], ROW[4], ROW[3], *ROW[5:]])) + "\n",
    "insert": INSERT,
    "insert without names": CREATE + INSERT.replace(f" ({', '.join(NAMES)})", ""),
    "copy": COPY,
    "json lines": json.dumps(dict(zip(NAMES, ROW, strict=True))) + "\n",
    "nested id": json.dumps([{"_id": {"$oid": "08NIAMEY417"}, "_source": {"content": telegram()}}]),
}
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": lambda data: zstandard.ZstdCompressor().compress(data),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_table_of_any_shape_is_read(tmp_path: Path, outcome: Reader, shape: str) -> None:
    path = tmp_path / "table"
    path.write_text(SHAPES[shape])
    readings, failures = outcome(path)
    assert ([reading.cable.id for reading in readings], failures) == (["08NIAMEY417"], [])
    assert [paragraph.number for paragraph in readings[0].cable.paragraphs] == [1, 2]


@pytest.mark.parametrize("packer", PACKERS)
def test_a_packed_table_is_read(tmp_path: Path, outcome: Reader, packer: str) -> None:
    path = tmp_path / f"cables.csv.{packer}"
    path.write_bytes(PACKERS[packer](SHAPES["no names"].encode()))
    readings, failures = outcome(path)
    assert ([reading.cable.id for reading in readings], failures) == (["08NIAMEY417"], [])


def test_a_rows_tags_references_and_addresses_fill_what_its_text_lacks(
    tmp_path: Path, outcome: Reader
) -> None:
    row = {
        "_id": "08NIAMEY417",
        "tags": ["PREL", "NG"],
        "references": "08ACCRA1|08ACCRA2",
        "to": "RUEHC/SECSTATE WASHDC",
    }
    (tmp_path / "rows.json").write_text(
        json.dumps([row | {"body": "1. (C) The pump is late.", "from": "Embassy Niamey"}])
    )
    (reading,), _ = outcome(tmp_path / "rows.json")
    cable = reading.cable
    assert [tag.code for tag in cable.tags] == ["PREL", "NG"]
    assert [reference.cable_id for reference in cable.references] == ["08ACCRA1", "08ACCRA2"]
    assert [address.name for address in cable.action] == ["SECSTATE WASHDC"]
    assert "no TAGS" not in cable.notes


def test_columns_that_cannot_be_told_are_named_and_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("number,words,when\n" + f'417,"{telegram()}",2008-02-12\n')
    (failure,) = read(path)
    assert isinstance(failure, Failure)
    assert "number, words, when" in failure.reason
    assert "--columns" in failure.reason
    (reading,) = read(path, {"id": "number", "text": "words"})
    assert isinstance(reading, Reading)
    assert reading.cable.id == "417"


def test_an_id_and_a_long_text_tell_their_columns_whatever_these_are_called(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("Kennung;Inhalt;Tag\n" + f'08NIAMEY417;"{telegram()}";12.02.2008\n')
    (reading,) = read(path)
    assert isinstance(reading, Reading)
    assert reading.cable.id == "08NIAMEY417"


def test_an_id_of_the_database_gives_way_to_the_cables(tmp_path: Path) -> None:
    row = {"_id": {"$oid": "5f"}, "meta": {"cable": "08NIAMEY417"}, "content": {"body": telegram()}}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row) + "\n")
    (reading,) = read(tmp_path / "rows.jsonl")
    assert isinstance(reading, Reading)
    assert reading.cable.id == "08NIAMEY417"


@pytest.mark.parametrize(
    "body",
    [
        "MRN: 1973NIAMEY000417 ERROR READING TEXT INDEX FILE; TELEGRAM TEXT FOR THIS MRN IS UNAVAILABLE",
        "THIS TELEGRAM HAS BEEN WITHDRAWN",
        "Document withdrawn",
    ],
)
def test_a_text_that_says_there_is_none_is_withdrawn(tmp_path: Path, outcome: Reader, body: str) -> None:
    (tmp_path / "rows.json").write_text(json.dumps([{"doc_id": "1973NIAMEY00417", "body": body}]))
    readings, (failure,) = outcome(tmp_path / "rows.json")
    assert not readings
    assert failure.reason.startswith("withdrawn")
