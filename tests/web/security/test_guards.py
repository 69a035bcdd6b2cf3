"""What stands before the chat, by itself: slow senders, turns, the journal, attempts, owners."""

import json
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest

from vectorstore.access import EVERYTHING
from web.errors import NotAllowedError, NotReady
from web.gradio_compat import http_protocol
from web.security import audit_log, request_limits
from web.security.access import PRINCIPAL_KEY, Principal, clearance_of
from web.security.accounts import UserRole
from web.security.concurrency import MAX_CONCURRENT_QUESTIONS, question_slot
from web.security.session_owners import SessionOwners

CORA = Principal("1", "cora", UserRole.READER, EVERYTHING)


class Request:
    scope: ClassVar = {PRINCIPAL_KEY: CORA}


def test_a_request_that_came_by_no_door_sees_nothing() -> None:
    for request in (None, object(), type("R", (), {"scope": {}})()):
        with pytest.raises(NotAllowedError):
            clearance_of(request)
    assert clearance_of(Request()) == EVERYTHING


def test_one_reader_has_so_many_turns_and_others_have_their_own() -> None:
    turns = [question_slot(CORA) for _ in range(MAX_CONCURRENT_QUESTIONS)]
    for held in turns:
        held.__enter__()
    with pytest.raises(NotReady, match="under way"), question_slot(CORA):
        pass
    with question_slot(Principal("2", "sam", UserRole.READER, EVERYTHING)):
        pass
    for held in turns:
        held.__exit__(None, None, None)
    with question_slot(CORA):
        pass


def test_the_journal_notes_who_asked_what_in_a_file_of_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "private" / "journal.jsonl"
    audit_log.keep(file)
    audit_log.note(Request(), "ask", question="Why?\nBecause.")
    audit_log.keep(None)
    audit_log.note(Request(), "ask", question="Not written.")
    line = json.loads(file.read_text())
    assert (line["who"], line["what"], line["question"]) == ("cora", "ask", "Why?\nBecause.")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_name_belongs_to_who_used_it_first() -> None:
    owners = SessionOwners()
    assert [owners.claim("s", "1"), owners.claim("s", "2"), owners.claim("s", "1")] == [True, False, True]
    assert (owners.owns("s", "1"), owners.owns("s", "2"), owners.owns("t", "1")) == (True, False, False)


@pytest.fixture
def impatient(serve: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """Where a server listens that waits for nobody longer than a moment."""
    monkeypatch.setattr(request_limits, "PATIENCE", 0.3)
    monkeypatch.setattr(http_protocol, "PATIENCE", 0.3)
    host, port = serve(tmp_path, http=http_protocol.ImpatientHttpProtocol).removeprefix("http://").split(":")
    return host, int(port)


def test_a_connection_that_asks_nothing_is_closed(impatient: tuple[str, int]) -> None:
    with socket.create_connection(impatient, timeout=30) as idle:
        idle.sendall(b"GET /health HT")
        assert idle.recv(100) == b""


def test_a_body_that_does_not_come_is_not_waited_for(impatient: tuple[str, int]) -> None:
    head = b"POST /gradio_api/queue/join HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{"
    with socket.create_connection(impatient, timeout=30) as slow:
        slow.sendall(head)
        assert b" 408 " in slow.recv(1000)
