"""Bodies of requests and answers: read once, parsed, and given on as they were parsed."""

import json
from collections.abc import Callable
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Scope, Send

BODY = "reftel.body"
"""Where the body of a request is kept in its scope, unless it is an upload."""
MAX_RESPONSE_BYTES = 1_000_000
"""Of an answer whose JSON is rewritten."""


class InvalidRequest(Exception):
    """A request that is refused: the message is for its sender, `reason` for the figures."""

    def __init__(self, status: int, message: str, reason: str = "invalid") -> None:
        super().__init__(message)
        self.status, self.reason = status, reason


def parse_json(body: bytes) -> Any:
    """A body's JSON, in which no name stands twice: parsers differ on which of the two counts."""
    try:
        return json.loads(body or b"{}", object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(400, "The body is not a JSON object.") from error


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) < len(pairs):
        raise ValueError("a name stands twice")
    return named


def set_json(scope: Scope, value: Any) -> None:
    """Put a value in place of the body that was sent."""
    scope[BODY] = json.dumps(value).encode()
    MutableHeaders(scope=scope)["content-length"] = str(len(scope[BODY]))


def receiving_body(scope: Scope, receive: Receive) -> Receive:
    """Receives the body that is kept in the scope, whole."""
    given = False

    async def receive_body() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": scope[BODY], "more_body": False}

    return receive_body


def rewriting(send: Send, rewrite: Callable[[Any], Any]) -> Send:
    """Sends an answer's JSON as `rewrite` makes it; what is no JSON, or too long for that, as it is."""
    start: Message | None = None
    body = bytearray()

    async def send_rewritten(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start" and message["status"] == 200:
            start = message
            return
        if start is None or message["type"] != "http.response.body":
            await send(message)
            return
        body.extend(message.get("body", b""))
        more = message.get("more_body", False)
        if more and len(body) <= MAX_RESPONSE_BYTES:
            return
        head, start = start, None
        whole = bytes(body) if more else _rewritten(bytes(body), rewrite)
        headers = MutableHeaders(raw=head["headers"])
        if not more and "content-length" in headers:
            headers["content-length"] = str(len(whole))
        await send(head)
        await send({"type": "http.response.body", "body": whole, "more_body": more})

    return send_rewritten


def _rewritten(body: bytes, rewrite: Callable[[Any], Any]) -> bytes:
    try:
        return json.dumps(rewrite(json.loads(body))).encode()
    except ValueError:
        return body
