"""Connections that ask for nothing, or say too slowly for what."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from web.gradio_compat import http_protocol


@pytest.fixture
def impatient(serve: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """Where a server listens that waits for nobody longer than a moment."""
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.3)
    host, port = serve(tmp_path, http=http_protocol.HeadDeadlineProtocol).removeprefix("http://").split(":")
    return host, int(port)


def test_a_connection_whose_first_request_does_not_come_is_closed(impatient: tuple[str, int]) -> None:
    with socket.create_connection(impatient, timeout=30) as idle:
        idle.sendall(b"GET /health HT")
        assert idle.recv(100) == b""


def test_a_connection_whose_second_request_does_not_come_is_closed(impatient: tuple[str, int]) -> None:
    with socket.create_connection(impatient, timeout=30) as idle:
        idle.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        received = idle.recv(10_000)
        idle.sendall(b"GET /health HT")
        while more := idle.recv(10_000):
            received += more
        assert received.count(b"HTTP/1.1 200") == 1
