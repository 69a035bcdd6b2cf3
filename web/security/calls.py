"""Calls of the page's functions: whose they are, what they carry, and whether anybody waits for their results.

Gradio takes a session's name, a call's id and a file's path on their sender's word. So each request is parsed here,
once, and Gradio is given what was parsed: a session's name is made one of this user's, a call belongs to who began
it, and a file is the handle of something that the same user has uploaded.
"""

import hashlib
import json
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qs, unquote

from anyio import from_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from web.security.bodies import BODY, InvalidRequest, parse_json, rewriting, set_json

NOTHING_HERE = "There is nothing here."
CALL_KEY = "reftel.call"
"""Where a call is kept in the scope of the request that began it."""
EVENT_ROUTES_RE = re.compile(r"/gradio_api/(?:queue/join|cancel|reset|(?:call|run|api)/\w+)")
"""Posts that name a session and a function of the page in their body."""
UPLOAD = "/gradio_api/upload"
MCP_ROUTE = "/gradio_api/mcp"
JOIN_ROUTE = "/gradio_api/queue/join"
STREAM_ROUTE = "/gradio_api/queue/data"
HEARTBEAT_ROUTE = "/gradio_api/heartbeat/"
CALL_ROUTE = "/gradio_api/call/"
EVENT_FIELDS = ("data", "fn_index", "session_hash", "event_id", "event_data", "trigger_id")
"""What Gradio is given of an event; all else is dropped."""
FILE_FIELDS = frozenset({"path", "_type"})
"""Fields by which Gradio knows a file."""
MAX_TEXT_CHARS = 20_000
MAX_ITEMS = 1_000
"""Of one text and one list or object in a call; the longest that is needed is an answer in a history."""
MAX_CALLS = 10_000
"""Calls and uploads that are remembered; the oldest are forgotten first."""
MAX_UNHEARD_SECONDS = 30.0
"""How long a call goes on while nobody asks for its result."""

Value = TypeVar("Value")


class Recent(OrderedDict[str, Value], Generic[Value]):
    """A mapping that forgets its oldest entries."""

    def __setitem__(self, name: str, value: Value) -> None:
        super().__setitem__(name, value)
        if len(self) > MAX_CALLS:
            self.popitem(last=False)


@dataclass
class Listeners:
    """Requests that wait for what a session's calls, or one call, will say."""

    count: int = 0
    last_left: float = 0.0

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """While one more request waits."""
        self.count += 1
        try:
            yield
        finally:
            self.count -= 1
            self.last_left = time.monotonic()


@dataclass
class Call:
    """A call that a user has begun, and whose result another request fetches."""

    user_id: str
    listeners: Listeners = field(default_factory=Listeners)
    started: float = field(default_factory=time.monotonic)

    @property
    def abandoned(self) -> bool:
        """Whether who waited for its result has gone, or nobody ever came."""
        if self.listeners.count:
            return False
        return (
            self.listeners.last_left > self.started or time.monotonic() - self.started > MAX_UNHEARD_SECONDS
        )


def caller_has_left(request: Any) -> bool:
    """Whether a program has hung up on the call that this worker thread works for.

    The page needs no such look: Gradio asks its generators for no more when a reader stops or leaves.
    """
    own = getattr(request, "request", None) or request  # MCP hands on its own kind
    call = own.scope.get(CALL_KEY)
    if isinstance(call, Call):  # that request has ended; another one fetches the result
        return call.abandoned
    return bool(from_thread.run(own.is_disconnected))


class CallGuard:
    """Passes requests on to Gradio. Runs in the event loop alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._calls: Recent[Call] = Recent()
        self._sessions: Recent[Listeners] = Recent()
        self._uploads: Recent[tuple[str, str]] = Recent()
        """(user, path) by handle"""

    async def __call__(self, scope: Scope, receive: Receive, send: Send, user_id: str) -> None:
        """Handle one request of this user. Raises InvalidRequest."""
        path, posted = scope["path"].rstrip("/"), scope["method"] == "POST"
        waiting: AbstractContextManager[None] = nullcontext()
        if posted and path == UPLOAD:
            send = self._with_handles(send, user_id)
        elif posted and path == MCP_ROUTE:
            set_json(scope, self._files_resolved(parse_json(scope[BODY]), user_id))
        elif posted and EVENT_ROUTES_RE.fullmatch(path):
            send = self._begin(scope, path, send, user_id)
        elif path.startswith(CALL_ROUTE):
            waiting = self._own_call(path.rsplit("/", 1)[1], user_id).listeners.one_more()
        elif path == STREAM_ROUTE:
            waiting = self._own_stream(scope, user_id).one_more()
        elif path.startswith(HEARTBEAT_ROUTE):
            name = unquote(path.removeprefix(HEARTBEAT_ROUTE))
            scope["path"] = HEARTBEAT_ROUTE + private_session(user_id, name)
            scope["raw_path"] = scope["path"].encode()
        with waiting:
            await self.app(scope, receive, send)

    def _begin(self, scope: Scope, path: str, send: Send, user_id: str) -> Send:
        """Let an event happen; what begins a call is remembered under the id that Gradio answers with."""
        event = self._event(scope, user_id)
        set_json(scope, event)
        if path.startswith(CALL_ROUTE):
            scope[CALL_KEY] = Call(user_id)
        elif path == JOIN_ROUTE:
            scope[CALL_KEY] = Call(user_id, self._sessions.get(event.get("session_hash", ""), Listeners()))
        else:
            return send
        return self._registering(send, scope[CALL_KEY])

    def _own_stream(self, scope: Scope, user_id: str) -> Listeners:
        """Those who wait for a session's results, of which the request names one."""
        names = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [])
        if len(names) != 1:
            raise InvalidRequest(400, "One session_hash is needed.")
        session = private_session(user_id, names[0])
        if session not in self._sessions:
            raise InvalidRequest(404, NOTHING_HERE)
        scope["query_string"] = f"session_hash={session}".encode()
        return self._sessions[session]

    def _own_call(self, event_id: object, user_id: str) -> Call:
        call = self._calls.get(str(event_id))
        if call is None or call.user_id != user_id:
            raise InvalidRequest(404, NOTHING_HERE)
        return call

    def _event(self, scope: Scope, user_id: str) -> dict[str, Any]:
        """The body of an event as Gradio gets it."""
        parsed = parse_json(scope[BODY])
        if not isinstance(parsed, dict):
            raise InvalidRequest(400, "The body is not a JSON object.")
        event = {name: parsed[name] for name in EVENT_FIELDS if parsed.get(name) is not None}
        if "event_id" in event:
            self._own_call(event["event_id"], user_id)
        if "session_hash" in event:
            event["session_hash"] = private_session(user_id, event["session_hash"])
            self._sessions.setdefault(event["session_hash"], Listeners())
            self._sessions.move_to_end(event["session_hash"])
        resolved: dict[str, Any] = self._files_resolved(event, user_id)
        return resolved

    def _files_resolved(self, value: Any, user_id: str) -> Any:
        """The value with uploads in place of their handles. Raises InvalidRequest where it is too large."""
        try:
            return self._resolved(value, user_id)
        except RecursionError as deep:
            raise InvalidRequest(400, "That is nested too deeply.") from deep

    def _resolved(self, value: Any, user_id: str) -> Any:
        if isinstance(value, str) and len(value) > MAX_TEXT_CHARS:
            raise InvalidRequest(413, f"A text has at most {MAX_TEXT_CHARS:,} characters.")
        if isinstance(value, list | dict) and len(value) > MAX_ITEMS:
            raise InvalidRequest(413, f"A list has at most {MAX_ITEMS:,} items.")
        if isinstance(value, list):
            return [self._resolved(item, user_id) for item in value]
        if not isinstance(value, dict):
            return value
        if FILE_FIELDS.isdisjoint(value):
            return {name: self._resolved(item, user_id) for name, item in value.items()}
        owner, path = self._uploads.get(str(value.get("path")), (None, ""))
        if owner != user_id:
            raise InvalidRequest(400, "A file is added by uploading it.")
        return {"path": path, "meta": {"_type": "gradio.FileData"}}

    def _registering(self, send: Send, call: Call) -> Send:
        """Remembers the id that Gradio gives the call."""

        def register(answer: Any) -> Any:
            if isinstance(answer, dict) and "event_id" in answer:
                self._calls[str(answer["event_id"])] = call
            return answer

        return rewriting(send, register)

    def _with_handles(self, send: Send, user_id: str) -> Send:
        """Answers an upload with handles in place of the paths at which its files lie."""

        def handles(paths: Any) -> Any:
            return [self._handle(str(path), user_id) for path in paths] if isinstance(paths, list) else paths

        return rewriting(send, handles)

    def _handle(self, path: str, user_id: str) -> str:
        handle = secrets.token_urlsafe(16)
        self._uploads[handle] = (user_id, str(_moved_apart(Path(path), handle)))
        return handle


def _moved_apart(path: Path, handle: str) -> Path:
    """Where an upload lies by itself: Gradio puts files of the same content at one place, and each is taken away."""
    own = path.parent.with_name(handle) / path.name
    own.parent.mkdir()
    try:
        return path.rename(own)
    except FileNotFoundError:  # another upload of it was quicker; its sender is told when it is added
        return path


def private_session(user_id: str, name: object) -> str:
    """A session's name as Gradio gets it: nobody can name one of another user's."""
    return hashlib.sha256(json.dumps([user_id, str(name)]).encode()).hexdigest()[:32]
