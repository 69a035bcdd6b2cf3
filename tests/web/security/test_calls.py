"""Files, sessions and calls that a request names, over HTTP as an attacker would send them."""

import json
import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from people import Caller, Tab

from web.security.bodies import InvalidRequest, parse_json
from web.security.calls import MAX_UNHEARD_SECONDS, Call, private_session

JSON = "application/json"


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server on loopback, and the paths that were asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def file(path: str) -> dict[str, Any]:
    return {"path": path, "orig_name": "x.txt", "meta": {"_type": "gradio.FileData"}}


def carriers(file: Any) -> dict[str, bytes]:
    """Every way in which a function of the page is called, with a file in each place of it."""
    rpc = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    nested: Any = file
    for _ in range(20):
        nested = [{"deeper": nested}]
    bodies: dict[str, Any] = {
        "call/list_cables": {"data": [file, 0, 1]},
        "call/ask": {"data": ["x", [file]]},
        "run/read_cable": {"data": [file]},
        "api/find_paragraphs": {"data": ["x", 1, [file]]},
        "queue/join": {"data": [nested], "fn_index": 7, "session_hash": "s"},
        "run/predict": {"data": [], "fn_index": 20, "session_hash": "s", "event_data": {"text": file}},
        "mcp/": rpc | {"params": {"name": "read_cable", "arguments": {"cable": file}}},
    }
    return {route: json.dumps(body).encode() for route, body in bodies.items()}


@pytest.mark.parametrize("name", ["una", "ed"])
def test_nobody_names_a_file_or_an_address_of_the_server(
    people: dict[str, Caller], name: str, team_data: Path, listener: tuple[str, list[str]], site: str
) -> None:
    cache = team_data.parent / "queue.fifo"
    cache.unlink(missing_ok=True)
    os.mkfifo(cache)
    address, asked = listener
    targets = [
        "/dev/zero",
        str(cache),
        str(team_data / "private" / "accounts.db"),
        "/etc/passwd",
        f"{address}/x",
        "",
    ]
    for target in targets:
        for route, body in carriers(file(target)).items():
            status, text, _ = people[name](f"/gradio_api/{route}", body, Content_Type=JSON)
            assert (status, text) == (400, "A file is added by uploading it."), (target, route)
    assert asked == []
    assert Caller(site)("/health")[0] == 200


def upload(caller: Caller, name: str, content: bytes) -> str:
    edge = "edge0815"
    body = (
        (
            f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            "Content-Type: text/plain\r\n\r\n"
        ).encode()
        + content
        + f"\r\n--{edge}--\r\n".encode()
    )
    status, text, _ = caller("/gradio_api/upload", body, Content_Type=f"multipart/form-data; boundary={edge}")
    assert status == 200
    return str(json.loads(text)[0])


def test_the_same_file_uploaded_twice_at_once_is_two_files(people: dict[str, Caller]) -> None:
    """Gradio names a file by its content; who adds it first takes it away."""
    handles = [upload(people["ed"], "same.txt", b"no cable at all") for _ in range(2)]
    tab = Tab(people["ed"])
    added = next(event for event in tab.events if event["api_name"] == "_add")
    for handle in handles:
        said = tab.send(added, {}, "", [[{"path": handle, "meta": {"_type": "gradio.FileData"}}]])
        assert "1 failed" in said
        assert "could not be kept" not in said


def test_an_upload_is_a_handle_that_only_its_sender_can_use(people: dict[str, Caller]) -> None:
    handle = upload(people["ed"], "x.txt", b"no cable")
    assert "/" not in handle
    body = json.dumps({"data": [file(handle), 0, 1]}).encode()
    for name in ("ada", "una"):
        assert people[name]("/gradio_api/call/list_cables", body, Content_Type=JSON)[0] == 400
    assert people["ed"]("/gradio_api/call/list_cables", body, Content_Type=JSON)[0] == 200


def test_nobody_reads_the_stream_of_another_by_naming_two_sessions(people: dict[str, Caller]) -> None:
    join = json.dumps({"data": ["Why?", None, None, None], "fn_index": 0, "session_hash": "victim"}).encode()
    people["cora"]("/gradio_api/queue/join", join, Content_Type=JSON)
    stream = "/gradio_api/queue/data?session_hash="
    assert people["una"](f"{stream}mine&session_hash=victim")[0] == 400
    assert people["una"](f"{stream}victim")[0] == 404
    assert people["una"]("/gradio_api/queue/data")[0] == 400


def test_a_body_in_which_a_name_stands_twice_is_refused(people: dict[str, Caller]) -> None:
    twice = b'{"data": [null], "fn_index": 0, "session_hash": "mine", "session_hash": "victim"}'
    assert people["una"]("/gradio_api/queue/join", twice, Content_Type=JSON)[0] == 400
    with pytest.raises(InvalidRequest):
        parse_json(b'{"a": [{"b": 1, "b": 2}]}')


def test_nobody_fetches_resets_or_cancels_the_call_of_another(people: dict[str, Caller]) -> None:
    begun = people["cora"]("/gradio_api/call/list_cables", b'{"data": ["", 0, 1]}', Content_Type=JSON)[1]
    event = json.loads(begun)["event_id"]
    una = people["una"]
    assert una(f"/gradio_api/call/list_cables/{event}")[0] == 404
    cancel = json.dumps({"session_hash": "s", "fn_index": 0, "event_id": event}).encode()
    for route in ("cancel", "reset"):
        assert una(f"/gradio_api/{route}", cancel, Content_Type=JSON)[0] == 404
    assert "event: complete" in people["cora"](f"/gradio_api/call/list_cables/{event}")[1]


def test_a_session_is_named_differently_for_each_user() -> None:
    names = {private_session(user, name) for user, name in (("a", "b"), ("b", "a"), ("ab", ""), ("", "ab"))}
    assert len(names) == 4
    assert private_session("a", "b") == private_session("a", "b")


def test_a_call_is_abandoned_when_its_listener_goes_or_none_comes() -> None:
    call = Call("cora")
    assert not call.abandoned
    with call.listeners.one_more():
        assert not call.abandoned
    assert call.abandoned
    assert not Call("cora", call.listeners).abandoned  # the next call of a session whose stream has ended
    assert Call("cora", started=time.monotonic() - MAX_UNHEARD_SECONDS - 1).abandoned
