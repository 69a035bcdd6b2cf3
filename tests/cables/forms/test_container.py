import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from cables.forms import base, container
from tests.cables.forms.made_up import Reader, telegram

BOMB = bytes(40 * 1024 * 1024)


def _zip(**members: bytes | str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in members.items():
            pack.writestr(name, data)
    return made.getvalue()


def _tar(mode: str = "w:gz", **members: bytes | str) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as pack:  # type: ignore[call-overload]
        for name, data in members.items():
            content = data.encode() if isinstance(data, str) else data
            info = tarfile.TarInfo(name)
            info.size = len(content)
            pack.addfile(info, io.BytesIO(content))
    return made.getvalue()


MEMBERS = {"a/08NIAMEY417.txt": telegram(), "08ACCRA12.txt": telegram("ACCRA", 12)}


@pytest.mark.parametrize(
    "data",
    [
        _zip(**MEMBERS),
        _tar("w", **MEMBERS),
        _tar("w:gz", **MEMBERS),
        _tar("w:bz2", **MEMBERS),
        _tar("w:xz", **MEMBERS),
    ],
    ids=["zip", "tar", "gz", "bz2", "xz"],
)
def test_each_member_is_read_in_its_own_form(tmp_path: Path, outcome: Reader, data: bytes) -> None:
    path = tmp_path / "pack"
    path.write_bytes(data)
    readings, failures = outcome(path)
    assert [(reading.where, reading.cable.id) for reading in readings] == [
        ("a/08NIAMEY417.txt", "08NIAMEY417"),
        ("08ACCRA12.txt", "08ACCRA12"),
    ]
    assert failures == []


@pytest.mark.parametrize("inner", [_zip(**MEMBERS), _tar(**MEMBERS)], ids=["zip", "tar"])
@pytest.mark.parametrize("outer", [_zip, _tar], ids=["in-zip", "in-tar"])
def test_an_archive_in_an_archive_is_read(
    tmp_path: Path, outcome: Reader, inner: bytes, outer: object
) -> None:
    path = tmp_path / "pack"
    path.write_bytes(outer(inner=inner))  # type: ignore[operator]
    readings, _ = outcome(path)
    assert [reading.where for reading in readings] == ["inner/a/08NIAMEY417.txt", "inner/08ACCRA12.txt"]


def test_a_third_archive_inside_is_refused(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "pack"
    path.write_bytes(_zip(b=_zip(c=_zip(**MEMBERS))))
    readings, (failure,) = outcome(path)
    assert (readings, failure.where) == ([], "b/c")
    assert failure.reason.startswith("an archive in an archive in an archive")


@pytest.mark.parametrize(
    "name", ["../08NIAMEY417.txt", "/08NIAMEY417.txt", "a/../../08NIAMEY417.txt", "C:\\x.txt"]
)
@pytest.mark.parametrize("pack", [_zip, _tar], ids=["zip", "tar"])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, outcome: Reader, name: str, pack: object) -> None:
    path = tmp_path / "pack"
    path.write_bytes(pack(**{name: telegram(), "08ACCRA12.txt": telegram("ACCRA", 12)}))  # type: ignore[operator]
    (reading,), (failure,) = outcome(path)
    assert reading.cable.id == "08ACCRA12"
    assert failure.reason.startswith("its name leads out of the archive")


def test_a_link_in_a_zip_is_refused(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w") as pack:
        info = zipfile.ZipInfo("link.txt")
        info.external_attr = 0o120777 << 16
        pack.writestr(info, "/etc/hostname")
    _, (failure,) = outcome(path)
    assert failure.reason.startswith("a link")


def test_a_link_in_a_tar_is_refused(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "pack.tar"
    with tarfile.open(path, "w") as pack:
        info = tarfile.TarInfo("link.txt")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/hostname"
        pack.addfile(info)
    _, (failure,) = outcome(path)
    assert failure.reason.startswith("a link")


@pytest.mark.parametrize("pack", [_zip, _tar], ids=["zip", "tar"])
def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path, outcome: Reader, pack: object) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(pack(**{"big.txt": BOMB}))  # type: ignore[operator]
    readings, (failure,) = outcome(path)
    assert readings == []
    assert "200 times its size" in failure.reason


def test_more_bytes_than_may_come_out_are_refused(
    tmp_path: Path, outcome: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowance = base.Allowance(bytes_left=len(telegram()) + 10)
    monkeypatch.setattr(
        "cables.forms.Source", lambda *args, **named: base.Source(*args, allowance=allowance, **named)
    )
    path = tmp_path / "pack"
    path.write_bytes(_zip(**MEMBERS))
    readings, (failure,) = outcome(path)
    assert len(readings) == 1
    assert failure.reason.startswith("more than 4 GB")


def test_more_members_than_may_be_there_are_refused(
    tmp_path: Path, outcome: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowance = base.Allowance(members_left=1)
    monkeypatch.setattr(
        "cables.forms.Source", lambda *args, **named: base.Source(*args, allowance=allowance, **named)
    )
    path = tmp_path / "pack"
    path.write_bytes(_zip(**MEMBERS))
    readings, (failure,) = outcome(path)
    assert len(readings) == 1
    assert failure.reason.startswith("more than 500,000 files")


@pytest.mark.parametrize("data", [_zip(**MEMBERS), _tar(**MEMBERS)], ids=["zip", "tar"])
def test_a_torn_archive_is_a_failure(tmp_path: Path, outcome: Reader, data: bytes) -> None:
    path = tmp_path / "pack"
    path.write_bytes(data[: len(data) // 2])
    _, failures = outcome(path)
    assert any("damaged" in failure.reason for failure in failures)


def test_a_damaged_member_spoils_no_other(tmp_path: Path, outcome: Reader) -> None:
    data = bytearray(_zip(**MEMBERS))
    data[80:90] = b"\0" * 10
    path = tmp_path / "pack.zip"
    path.write_bytes(bytes(data))
    (reading,), (failure,) = outcome(path)
    assert (reading.cable.id, failure.where) == ("08ACCRA12", "a/08NIAMEY417.txt")


def test_hidden_members_and_readme_files_are_passed_over(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(_zip(**{"README.txt": "x", ".DS_Store": "x", "__MACOSX/._a": "x", "a/.git/x": "x"}))
    assert outcome(path) == ([], [])


def test_a_table_of_an_office_program_is_named_as_what_it_is(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "letter.xlsx"
    path.write_bytes(_zip(**{"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}))
    _, (failure,) = outcome(path)
    assert failure.reason.startswith("an Office document")


def test_a_member_larger_than_memory_should_hold_is_read_from_disk(
    tmp_path: Path, outcome: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "_MAX_IN_MEMORY_BYTES", 100)
    path = tmp_path / "pack"
    path.write_bytes(_tar(**MEMBERS))
    readings, _ = outcome(path)
    assert len(readings) == 2
