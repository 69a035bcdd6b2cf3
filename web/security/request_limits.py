"""Request limits and security headers, for every request and response.

Bounds what is sent in (size, time), refuses what other sites make a browser send, and gives each response the
headers by which a browser keeps a page to itself. A response tells nothing of an error's cause.
"""

import asyncio
import logging
import re
import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.assets import KEEP
from web.metrics import OPEN, REFUSED, REQUESTS
from web.security.bodies import BODY, InvalidRequest, receiving_body
from web.security.calls import UPLOAD

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 1_000_000
"""Bytes of a body that is no upload: a question with a long conversation before it."""
MAX_PAUSE_SECONDS = 20.0
"""Seconds that a sender may take for the next part of a body, or a reader for the next part of a response."""
MAX_BODY_SECONDS = 60.0
"""Seconds that a body that is no upload may take in all."""
HASHED_ASSET_RE = re.compile(r"/assets/[\w.-]+-[\w-]{8}\.(?:js|css)")
"""Gradio's own scripts and style sheets, whose names change with what is in them: browsers may keep them."""
METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"})

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self' blob:; form-action 'self'; base-uri 'self'; frame-ancestors 'none'; object-src 'none'"
)
"""Scripts only from here. Gradio builds components by eval and styles them inline; of scripts, none is inline
but those of its own page, which get the nonce."""


class RequestLimitsMiddleware:
    """Wraps an application. `max_upload_bytes` is in bytes."""

    def __init__(self, app: ASGIApp, max_upload_bytes: int) -> None:
        self.app = app
        self.max_upload_bytes = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        response = _Response(scope, send)
        OPEN.inc()
        try:
            await self._handle(scope, receive, response)
        finally:
            OPEN.dec()
            REQUESTS.labels(_method(scope), response.status or 499).inc()

    async def _handle(self, scope: Scope, receive: Receive, response: "_Response") -> None:
        try:
            _refuse_cross_site(scope)
            receive = await self._with_bounded_body(scope, receive)
            await self.app(scope, receive, response)
        except InvalidRequest as refused:
            REFUSED.labels(refused.reason).inc()
            await response.instead(scope, receive, refused.status, str(refused))
        except TimeoutError:
            log.info("%s %s: the other side stopped reading", scope["method"], scope["path"])
        except Exception:  # whatever it was, its trace is for the log and not for the page
            log.exception("%s %s failed", scope["method"], scope["path"])
            await response.instead(
                scope, receive, 500, "Something went wrong here; it has been written down."
            )

    async def _with_bounded_body(self, scope: Scope, receive: Receive) -> Receive:
        """The body, read as far as it may be: all of it, or for an upload piece by piece."""
        limit = self.max_upload_bytes if scope["path"].rstrip("/") == UPLOAD else MAX_BODY_BYTES
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdecimal() or int(length) > limit:
            raise InvalidRequest(413, f"That is too large: {limit // 1_000_000} MB is the most.", "size")
        if limit == MAX_BODY_BYTES:
            scope[BODY] = await _read_body(receive, limit)
            return receiving_body(scope, receive)
        return _bounded_upload(receive, limit)


def _method(scope: Scope) -> str:
    """For the figures, which a client's own words would fill without end."""
    return str(scope["method"]) if scope["method"] in METHODS else "other"


async def _read_body(receive: Receive, limit: int) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(MAX_BODY_SECONDS):
            while True:
                message = await asyncio.wait_for(receive(), MAX_PAUSE_SECONDS)
                body += message.get("body", b"")
                if len(body) > limit:
                    raise InvalidRequest(413, "That is too large.", "size")
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return bytes(body)
    except TimeoutError as slow:
        raise InvalidRequest(408, "That took too long.", "slow") from slow


def _bounded_upload(receive: Receive, limit: int) -> Receive:
    """Passes an upload on, bounded in size and in how long each piece takes."""
    size, over = 0, False

    async def next_piece() -> Message:
        nonlocal size, over
        if over:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), MAX_PAUSE_SECONDS)
        except TimeoutError as slow:
            raise InvalidRequest(408, "That took too long.", "slow") from slow
        size += len(message.get("body", b""))
        over = not message.get("more_body")
        if size > limit:
            raise InvalidRequest(413, f"That is too large: {limit // 1_000_000} MB is the most.", "size")
        return message

    return next_piece


def _refuse_cross_site(scope: Scope) -> None:
    """A browser says from which page a request comes; only a link may come from another site."""
    headers = Headers(scope=scope)
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    safe = scope["method"] in ("GET", "HEAD")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        raise InvalidRequest(403, "Requests from other sites are refused.", "site")
    link = (
        safe and headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    )
    if site in ("cross-site", "same-site") and not link:
        raise InvalidRequest(403, "Requests from other sites are refused.", "site")


class _Response:
    """Sends a response with its headers; the page's own scripts get the nonce of this response."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.status = 0
        self._send = send
        self._secure = scope["scheme"] == "https"
        self._is_page = scope["path"] == "/"
        self._may_be_kept = HASHED_ASSET_RE.fullmatch(scope["path"]) is not None
        self._nonce = secrets.token_urlsafe(16)
        self._start: Message | None = None
        self._body = bytearray()
        if self._is_page:  # packed, its scripts could not be found
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]

    async def __call__(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._head(MutableHeaders(raw=message["headers"]))
            if self._is_page:
                self._start = message
                return
        if self._start is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            message = await self._page()
        await asyncio.wait_for(self._send(message), MAX_PAUSE_SECONDS)

    async def _page(self) -> Message:
        """The whole page with nonces; its length has changed."""
        assert self._start is not None
        body = re.sub(rb"<script\b", f'<script nonce="{self._nonce}"'.encode(), bytes(self._body))
        headers = MutableHeaders(raw=self._start["headers"])
        if "content-length" in headers and body:
            headers["content-length"] = str(len(body))
        start, self._start = self._start, None
        await asyncio.wait_for(self._send(start), MAX_PAUSE_SECONDS)
        return {"type": "http.response.body", "body": body}

    def _head(self, headers: MutableHeaders) -> None:
        for name, value in SECURITY_HEADERS.items():
            headers[name] = value
        headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.format(nonce=self._nonce)
        if self._secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        is_kept = self._may_be_kept and self.status == 200
        headers.setdefault("Cache-Control", KEEP if is_kept else "no-store")
        for name in ("server", "access-control-allow-origin", "access-control-allow-credentials"):
            if name in headers:
                del headers[name]

    async def instead(self, scope: Scope, receive: Receive, status: int, message: str) -> None:
        """A short response in plain text, unless another one has begun."""
        if not self.status or self._start is not None:
            self._start, self._is_page = None, False
            await PlainTextResponse(message, status)(scope, receive, self)
