"""Slow senders."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from web.security import request_limits


def test_a_body_that_does_not_come_is_not_waited_for(
    serve: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_limits, "MAX_PAUSE_SECONDS", 0.3)
    host, port = serve(tmp_path).removeprefix("http://").split(":")
    head = b"POST /gradio_api/queue/join HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{"
    with socket.create_connection((host, int(port)), timeout=30) as slow:
        slow.sendall(head)
        assert b" 408 " in slow.recv(1000)
