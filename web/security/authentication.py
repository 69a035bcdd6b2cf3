"""Authentication: who sent a request, and whether what they ask for is theirs to ask.

Nothing is open that is not named here. Without an account only the sign-in page, its style sheet and the
signs of life answer; with one, the routes below; of Gradio's other routes none. As long as there are no
accounts, the person at this machine is the one person whose archive it is.
"""

import re
import sqlite3
from functools import cached_property, partial
from urllib.parse import parse_qs, quote

from anyio import CapacityLimiter, to_thread
from itsdangerous import BadSignature, URLSafeTimedSerializer
from limits import parse_many, storage, strategies
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from vectorstore.access import EVERYTHING
from web.errors import message_for
from web.metrics import REFUSED, SIGN_INS
from web.security import audit_log
from web.security.access import PRINCIPAL_KEY, Principal
from web.security.accounts import Account, UserRole
from web.security.bodies import BODY, InvalidRequest
from web.security.calls import EVENT_ROUTES_RE, MCP_ROUTE, NOTHING_HERE, CallGuard
from web.security.config import SecurityConfig, is_loopback
from web.security.requests import (
    BROWSER_COOKIE,
    apply_forwarding,
    client_address,
    cookies_of,
    has_loopback_host,
    was_forwarded,
    with_browser_cookie,
    without_headers,
)
from web.security.sign_in import TOO_MANY, WRONG, Attempts, own_path, render_sign_in

SESSION_COOKIE = "reftel_session"
"""The cookie of somebody who has signed in."""
PUBLIC_PATHS = frozenset({"/health", "/ready", "/sign-in", "/static/reftel/css/sign-in.css", "/favicon.ico"})
READER_ROUTES_RE = re.compile(
    r"GET /|GET /feed\.atom|GET /(?:config|theme\.css|manifest\.json|robots\.txt)/?|GET /(?:static|assets|svelte)/.+"
    r"|GET /gradio_api/(?:info|app_id|startup-events|theme\.css|queue/data|heartbeat/\w+|call/\w+/\w+)/?"
    r"|POST /gradio_api/(?:queue/join|cancel|reset|(?:call|run|api)/\w+)/?"
    r"|(?:GET|POST|DELETE) /gradio_api/mcp/?|POST /sign-out"
)
"""Method and path of what anyone who has signed in may ask for."""
EDITOR_ROUTES_RE = re.compile(r"POST /gradio_api/upload/?|GET /gradio_api/upload_progress/?")
ADMIN_ROUTES_RE = re.compile(r"GET /metrics")
MAX_EVENTS = parse_many("600 per minute")[0]
"""Events of one account: far more than anyone's hands make."""
MAX_HASHES_AT_ONCE = 2
"""Passwords that are checked side by side: each takes 64 MB and a core."""
MAX_HASHES_WAITING = 20


class AuthenticationMiddleware:
    """Wraps an application; every request that passes has its sender in its scope."""

    def __init__(self, app: ASGIApp, config: SecurityConfig) -> None:
        self.app = app
        self.config = config
        self._closed = config.accounts.exist()
        self._attempts = Attempts()
        self._events = strategies.MovingWindowRateLimiter(storage.MemoryStorage())
        self._calls = CallGuard(app)

    @property
    def closed(self) -> bool:
        """Whether users must sign in: once there has been an account, until the end."""
        self._closed = self._closed or self.config.accounts.exist()
        return self._closed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request. Raises InvalidRequest."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if not self.config.serves(Headers(scope=scope).get("host", "")):
            raise InvalidRequest(
                403, "Reftel is not served under this name: REFTEL_HOSTS lists those it has."
            )
        forwarded, named = was_forwarded(scope), self._apply_proxy_headers(scope)
        if scope["path"] == "/sign-in" and self.closed:
            await (await self._sign_in(scope))(scope, receive, send)
            return
        principal = self._authenticate(scope, named, forwarded)
        refusal = self._refusal(scope, principal)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        scope[PRINCIPAL_KEY] = principal
        if principal is None:
            await self.app(scope, receive, send)
        elif scope["path"] == "/sign-out":
            await self._sign_out(scope, principal)(scope, receive, send)
        else:
            sending = send if principal.name else with_browser_cookie(scope, send)
            await self._calls(scope, receive, sending, principal.user_id)

    # Who is there

    def _apply_proxy_headers(self, scope: Scope) -> str:
        """Believe only trusted proxies about where a request comes from; the name that one gives."""
        named: list[str] = []
        if client_address(scope) in self.config.trusted_proxies:
            if self.config.sign_in_header:
                named = Headers(scope=scope).getlist(self.config.sign_in_header)
            apply_forwarding(scope, self.config.trusted_proxies)
        without_headers(scope, self.config.sign_in_header)
        if len(named) > 1:
            raise InvalidRequest(400, "The proxy and its client both say who has signed in.")
        return named[0] if named else ""

    def _authenticate(self, scope: Scope, named: str, forwarded: bool) -> Principal | None:
        """Who sent the request; None for a stranger."""
        if self.closed:
            account = self._account(scope, named)
            return Principal(account.id, account.name, account.role, account.clearance) if account else None
        local = is_loopback(client_address(scope)) and not forwarded and has_loopback_host(scope)
        browser = cookies_of(scope).get(BROWSER_COOKIE, "")
        if local or self.config.allow_anyone:
            return Principal(browser, "", UserRole.ADMIN, EVERYTHING)
        return None

    def _account(self, scope: Scope, named: str) -> Account | None:
        accounts = self.config.accounts
        scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return accounts.by_token(token.strip())
        if named:
            return accounts.find(named.lower())
        session = self._session(scope)
        return accounts.in_session(session) if session else None

    def _session(self, scope: Scope) -> str:
        """The session that a cookie names, if we have signed it."""
        cookie, seconds = cookies_of(scope).get(SESSION_COOKIE, ""), int(self.config.session_hours * 3600)
        try:
            return str(self._signer.loads(cookie, max_age=seconds))
        except BadSignature:
            return ""

    @cached_property
    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.config.signing_key(), salt="reftel session")

    # What they may ask for

    def _refusal(self, scope: Scope, principal: Principal | None) -> Response | None:
        """What is answered instead; None where the request may pass."""
        if scope["path"] in PUBLIC_PATHS and scope["method"] in ("GET", "HEAD"):
            return None
        if principal is None:
            REFUSED.labels("stranger").inc()
            return self._challenge(scope)
        route = f"{'GET' if scope['method'] == 'HEAD' else scope['method']} {scope['path']}"
        allowed = (
            READER_ROUTES_RE.fullmatch(route)
            or (principal.role.edits and EDITOR_ROUTES_RE.fullmatch(route))
            or (principal.role is UserRole.ADMIN and ADMIN_ROUTES_RE.fullmatch(route))
        )
        if not allowed:
            REFUSED.labels("route").inc()
            return PlainTextResponse(NOTHING_HERE, 404)
        return self._too_fast(scope, principal)

    def _challenge(self, scope: Scope) -> Response:
        """What a stranger gets."""
        wants_page = "text/html" in Headers(scope=scope).get("accept", "") and scope["method"] == "GET"
        if not self.closed:
            return PlainTextResponse("Reftel serves only this machine until there are accounts.", 403)
        if wants_page and not scope["path"].startswith("/gradio_api"):
            query = scope["query_string"].decode("latin-1")
            there = scope["path"] + (f"?{query}" if query else "")
            return RedirectResponse(f"/sign-in?next={quote(there, safe='')}", 303)
        return JSONResponse({"detail": "Sign in first."}, 401)

    def _too_fast(self, scope: Scope, principal: Principal) -> Response | None:
        path = scope["path"].rstrip("/")
        counted = EVENT_ROUTES_RE.fullmatch(path) or (path == MCP_ROUTE and scope["method"] == "POST")
        if not principal.name or not counted or self._events.hit(MAX_EVENTS, principal.user_id):
            return None
        REFUSED.labels("rate").inc()
        return PlainTextResponse("That is too fast. Wait a moment.", 429)

    # In and out

    async def _sign_in(self, scope: Scope) -> Response:
        if scope["method"] != "POST":
            query = parse_qs(scope["query_string"].decode("latin-1"))
            return HTMLResponse(render_sign_in(own_path(query.get("next", ["/"])[0])))
        form = parse_qs(scope[BODY].decode("utf-8", "replace"), max_num_fields=10)
        name, password, then = (form.get(field, [""])[0] for field in ("name", "password", "next"))
        name, then, address = name.strip().lower()[:64], own_path(then), client_address(scope)
        if not self._attempts.allowed(name, address):
            SIGN_INS.labels("too many").inc()
            if self._attempts.worth_reporting(address):
                audit_log.write("sign-in locked", name, address=address)
            return HTMLResponse(render_sign_in(then, TOO_MANY), 429)
        if self._hashing.statistics().tasks_waiting >= MAX_HASHES_WAITING:
            return HTMLResponse(render_sign_in(then, "Many people are signing in. Try again."), 503)
        try:
            return await self._checked(name, password, then, scope)
        except (OSError, sqlite3.OperationalError) as error:
            return HTMLResponse(render_sign_in(then, message_for(error)), 503)

    async def _checked(self, name: str, password: str, then: str, scope: Scope) -> Response:
        """What an attempt that is allowed leads to."""
        address = client_address(scope)
        check = partial(self.config.accounts.check, name, password)
        account = await to_thread.run_sync(check, limiter=self._hashing)
        if account is None:
            SIGN_INS.labels("wrong").inc()
            audit_log.write("sign-in failed", name, address=address)
            return HTMLResponse(render_sign_in(then, WRONG), 401)
        self._attempts.succeeded(name, address)
        SIGN_INS.labels("right").inc()
        audit_log.write("sign-in", name, address=address)
        return self._signed_in(account, then, scope)

    @cached_property
    def _hashing(self) -> CapacityLimiter:
        """Made when the event loop runs."""
        return CapacityLimiter(MAX_HASHES_AT_ONCE)

    def _signed_in(self, account: Account, then: str, scope: Scope) -> Response:
        """The way on for somebody who has proven who they are, with a new session."""
        seconds = self.config.session_hours * 3600
        session = self._signer.dumps(self.config.accounts.begin_session(account, seconds))
        response = RedirectResponse(then, 303)
        response.set_cookie(
            SESSION_COOKIE,
            str(session),
            max_age=int(seconds),
            httponly=True,
            samesite="lax",
            secure=scope["scheme"] == "https",
        )
        return response

    def _sign_out(self, scope: Scope, principal: Principal) -> Response:
        session = self._session(scope)
        if session:
            self.config.accounts.end_session(session)
        audit_log.write("sign-out", principal.name)
        response = RedirectResponse("/sign-in" if self.closed else "/", 303)
        response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax")
        return response
