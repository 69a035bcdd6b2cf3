"""Adding cables from the page, over HTTP as a browser does: who may, what is kept, and hostile files."""

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hostile import cable_text, files
from people import Caller

from web.services.uploads import safe_name


@pytest.fixture(scope="module")
def ed(people: dict[str, Caller]) -> Caller:
    """An editor."""
    return people["ed"]


def send(caller: Caller, contents: list[tuple[str, bytes]]) -> tuple[int, list[str]]:
    """Send files as the page does; status and where they lie."""
    edge = "edge0815"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name, content in contents
    ]
    body = b"".join(parts) + f"--{edge}--\r\n".encode()
    status, text, _ = caller("/gradio_api/upload", body, Content_Type=f"multipart/form-data; boundary={edge}")
    return status, json.loads(text) if status == 200 else []


def index(caller: Caller, paths: list[str], session: str = "adding") -> str:
    """Let the page's upload handler run over files; all that it shows."""
    sent = [
        {"path": path, "orig_name": Path(path).name, "meta": {"_type": "gradio.FileData"}} for path in paths
    ]
    return event(caller, "upload", session, [sent])


def event(caller: Caller, name: str, session: str, data: list[Any], **sent: Any) -> str:
    """Make one of the page's events happen; all that it shows."""
    config = json.loads(caller("/config")[1])
    function = next(d["id"] for d in config["dependencies"] if any(t[1] == name for t in d["targets"]))
    call = json.dumps({"data": data, "fn_index": function, "session_hash": session, **sent}).encode()
    status, text, _ = caller("/gradio_api/queue/join", call, Content_Type="application/json")
    if status != 200:
        return f"{status} {text}"
    return caller(f"/gradio_api/queue/data?session_hash={session}")[1]


def test_an_editor_adds_a_cable_and_everybody_finds_it(ed: Caller, cora: Caller, team_data: Path) -> None:
    status, paths = send(ed, [("07LISBON91001.txt", cable_text("The new ferry").encode())])
    assert status == 200
    assert "1 new" in index(ed, paths)
    assert '"found": true' in cora.tool("read_cable", "07LISBON91001")
    assert (team_data / "uploads" / "07LISBON91001.txt").exists()
    assert not list((Path(tempfile.gettempdir()) / "gradio").rglob("07LISBON91001.txt"))


def test_a_reader_adds_nothing(cora: Caller, team_data: Path) -> None:
    assert send(cora, [("07LISBON91009.txt", cable_text("Mine").encode())])[0] == 404
    hers = team_data.parent / "07LISBON91009.txt"
    hers.write_text(cable_text("Mine"))
    assert "new" not in index(cora, [str(hers)], "reader").lower().replace("new question", "")
    assert '"found": false' in cora.tool("read_cable", "07LISBON91009")


def test_a_reader_withdraws_nothing_and_an_editor_does(ed: Caller, cora: Caller) -> None:
    named = {"event_data": {"data": {"cable": "05ADDISABABA90088"}}}
    assert "Only editors" in event(cora, "withdraw", "hers", [], **named)
    assert '"found": true' in cora.tool("read_cable", "05ADDISABABA90088")
    assert "is withdrawn" in event(ed, "withdraw", "his", [], **named)
    assert '"found": false' in cora.tool("read_cable", "05ADDISABABA90088")
    assert "is not in the archive any more" in event(ed, "withdraw", "again", [], **named)


def test_nobody_adds_a_file_of_the_server_by_its_path(ed: Caller, team_data: Path) -> None:
    said = index(ed, ["/etc/passwd", str(team_data / "private" / "accounts.db")], "paths")
    assert "root:" not in said
    assert "1 new" not in said
    assert not (team_data / "uploads" / "passwd").exists()


def test_a_file_without_a_cable_leaves_what_it_would_have_replaced(ed: Caller, team_data: Path) -> None:
    _, paths = send(ed, [("07LISBON91002.txt", cable_text("Stays").replace("091001", "091002").encode())])
    index(ed, paths, "first")
    kept = (team_data / "uploads" / "07LISBON91002.txt").read_bytes()
    _, paths = send(ed, [("07LISBON91002.txt", b"\x7fELF" + bytes(500))])
    assert "1 failed" in index(ed, paths, "second")
    assert (team_data / "uploads" / "07LISBON91002.txt").read_bytes() == kept
    assert not list((team_data / "uploads").glob(".before-*"))


def test_hostile_files_do_no_harm(ed: Caller, cora: Caller, team_data: Path) -> None:
    hostile = [(re.sub(r'["\r\n\x00]', "", name), content) for name, content in files(2_000)]
    assert len(hostile) > 60
    sent = [send(ed, [file]) for file in hostile]
    assert {status for status, _ in sent} <= {200, 400}
    paths = [path for _, received in sent for path in received]
    said = index(ed, paths, "hostile")
    assert f"{len(paths)} failed" not in said
    assert "process_completed" in said
    assert "Traceback" not in said
    assert "root:x" not in said
    outside = [
        path for path in (team_data / "uploads").rglob("*") if not path.resolve().is_relative_to(team_data)
    ]
    assert outside == []
    assert not Path("/tmp/reftel-harmed").exists()
    assert cora("/ready")[0] == 200
    assert '"found": true' in cora.tool("read_cable", "08BEIJING90014")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\boot\\x.txt", "x.txt"),
        ("CON.txt", "_CON.txt"),
        (".htaccess", "htaccess"),
        ("..", "_"),
        ("", "_"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("<img src=x>.txt", "_img src_x_.txt"),
        ("08BEIJING1488 (1).txt", "08BEIJING1488 (1).txt"),
        ("x" * 300 + ".txt", "x" * 116 + ".txt"),
        ("-rf", "-rf"),
    ],
)
def test_a_name_becomes_one_that_is_only_a_name(name: str, safe: str) -> None:
    assert safe_name(name) == safe
