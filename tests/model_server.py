"""A server on loopback that speaks OpenAI's protocol and Ollama's, and plays good and bad chat models."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[["ModelRequest"], Iterator[str]]
"""What a model says to a prompt, in pieces; raise Broken to cut the stream, Status to fail."""


class Broken(Exception):
    """The connection ends in the middle of the stream."""


@dataclass
class Status(Exception):
    """The server answers with this HTTP status."""

    code: int
    message: str = "scripted failure"


@dataclass
class ModelRequest:
    """A prompt as the model sees it."""

    messages: list[dict[str, Any]]
    stop: threading.Event

    @property
    def text(self) -> str:
        return "\n".join(str(message["content"]) for message in self.messages)

    @property
    def keys(self) -> list[str]:
        """The keys of the evidence, in their order."""
        return re.findall(r"^key: (\w+)$", self.text, re.MULTILINE)

    @property
    def read_sentences(self) -> list[tuple[str, str]]:
        """Of a reading prompt the keys with their sentences, controls among them."""
        return re.findall(r"^key: (\w+)\n(?:before: .*\n)?sentence: (.*)$", self.text, re.MULTILINE)

    def key_of(self, words: str) -> str:
        """The key of the block that holds some words."""
        blocks = re.findall(r"^key: (\w+)\n(.*?)\n==", self.text, re.MULTILINE | re.DOTALL)
        return next(key for key, block in blocks if words in block)


@dataclass
class ModelServer:
    """Where it listens as an OpenAI-compatible server, what it plays, and what it was asked."""

    url: str
    script: Script
    asked: list[ModelRequest] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    """The Authorization headers that came along."""
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def ollama_url(self) -> str:
        """Where it listens as Ollama."""
        return self.url.removesuffix("/v1")


@contextmanager
def serving() -> Iterator[ModelServer]:
    """A server until the end of the block; a script that waits is let go then."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    model = ModelServer(f"http://127.0.0.1:{server.server_port}/v1", lambda asked: iter(()))
    server.model = model  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield model
    finally:
        model.stop.set()
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        """Serve until the caller is gone."""
        with suppress(ConnectionResetError):
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:
        """Tests need no log."""

    def do_GET(self) -> None:
        """The list of its models, of which it has one."""
        body = json.dumps({"data": [{"id": "scripted", "object": "model"}]}).encode()
        self.send_response(200 if self.path == "/v1/models" else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        model: ModelServer = self.server.model  # type: ignore[attr-defined]
        asked = ModelRequest(body["messages"], model.stop)
        model.asked.append(asked)
        model.keys.add(self.headers.get("Authorization", ""))
        pieces = model.script(asked)
        ollama = self.path == "/api/chat"
        try:
            first = next(pieces, None)
        except Status as status:
            self._fail(status)
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson" if ollama else "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        event = self._ollama_event if ollama else self._openai_event
        try:
            while first is not None:
                event(first)
                first = next(pieces, None)
            event(None)
            self._write(b"")
        except (Broken, BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _openai_event(self, piece: str | None) -> None:
        """A piece of the reply as a server-sent event; None ends it."""
        delta, reason = ({}, "stop") if piece is None else ({"content": piece}, None)
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        whole = {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "scripted",
            "choices": [choice],
        }
        self._write(f"data: {json.dumps(whole)}\n\n".encode())
        if piece is None:
            self._write(b"data: [DONE]\n\n")

    def _ollama_event(self, piece: str | None) -> None:
        """A piece of the reply as a line of JSON; the last line counts the tokens."""
        message = {"role": "assistant", "content": piece or ""}
        whole = {"model": "scripted", "created_at": "2026-01-01T00:00:00Z", "message": message}
        counts = {"done_reason": "stop", "prompt_eval_count": 500, "eval_count": 40}
        ending = counts | {"done": True} if piece is None else {"done": False}
        self._write(json.dumps(whole | ending).encode() + b"\n")

    def _write(self, chunk: bytes) -> None:
        """One chunk; an empty one ends the answer, and a cut stream lacks it."""
        self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        self.wfile.flush()

    def _fail(self, status: Status) -> None:
        body = json.dumps({"error": {"message": status.message, "type": "scripted"}}).encode()
        self.send_response(status.code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
