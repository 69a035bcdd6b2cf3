"""The door: who sent a request, and whether what they ask for is theirs to ask.

Nothing is open that is not named here. Without an account only the sign-in page, its style sheet and the
signs of life answer; with one, the routes below; of Gradio's other routes none. As long as there are no
accounts, whoever sits at this machine is the one person whose archive it is.
"""

import re
from urllib.parse import parse_qs, quote

from itsdangerous import BadSignature, URLSafeTimedSerializer
from limits import parse_many, storage, strategies
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from vectorstore.access import EVERYTHING
from web.metrics import REFUSED, SIGN_INS
from web.security import audit_log
from web.security.access import PRINCIPAL_KEY, Principal
from web.security.accounts import Account, UserRole
from web.security.config import SecurityConfig, is_loopback
from web.security.request_limits import BODY, App, Message, Receive, Scope, Send
from web.security.requests import (
    BROWSER,
    cookies_of,
    host_of,
    json_of,
    naming_browser,
    session_in_address,
    under_own_name,
)
from web.security.session_owners import SessionOwners
from web.security.sign_in import LATER, WRONG, Attempts, own_path, render_sign_in

SESSION = "reftel_session"
"""The cookie of somebody who has signed in."""
PUBLIC = frozenset({"/health", "/ready", "/sign-in", "/static/reftel/css/sign-in.css", "/favicon.ico"})
READERS = re.compile(
    r"GET /|GET /(?:config|theme\.css|manifest\.json|robots\.txt)/?|GET /(?:static|assets|svelte)/.+"
    r"|GET /gradio_api/(?:info|app_id|startup-events|theme\.css|queue/data|heartbeat/\w+|call/\w+/\w+)/?"
    r"|POST /gradio_api/(?:queue/join|cancel|reset|(?:call|run|api)/\w+)/?"
    r"|(?:GET|POST|DELETE) /gradio_api/mcp/?|POST /sign-out"
)
"""Method and path of what anyone who has signed in may ask for."""
EDITORS = re.compile(r"POST /gradio_api/upload/?|GET /gradio_api/upload_progress/?")
ADMINS = re.compile(r"GET /metrics")
EVENTS = re.compile(r"/gradio_api/(?:queue/join|cancel|reset|(?:call|run|api)/\w+)/?")
"""Posts that name a session of the page in their body."""
_EACH = parse_many("600 per minute")[0]
"""Events of one account: far more than anyone's hands make."""
_FORWARDED = (b"x-forwarded", b"forwarded", b"x-real-ip", b"x-original")


class AuthenticationMiddleware:
    """Wraps an application; every request that passes has its principal in its scope."""

    def __init__(self, app: App, config: SecurityConfig) -> None:
        self.app = app
        self.config = config
        self._closed = config.accounts.any()
        self._signer: URLSafeTimedSerializer | None = None
        self._attempts = Attempts()
        self._events = strategies.MovingWindowRateLimiter(storage.MemoryStorage())
        self._owners = SessionOwners()

    @property
    def closed(self) -> bool:
        """Whether visitors must sign in: once there has been an account, until the end."""
        self._closed = self._closed or self.config.accounts.any()
        return self._closed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        named = self._facing(scope)
        if scope["path"] == "/sign-in" and self.closed:
            await (await self._sign_in(scope))(scope, receive, send)
            return
        principal = self._visitor(scope, named)
        refusal = self._refusal(scope, principal)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        scope[PRINCIPAL_KEY] = principal
        if scope["path"] == "/sign-out" and principal is not None:
            await self._sign_out(scope, principal)(scope, receive, send)
        elif principal is not None and principal.name:
            await self._watched(scope, receive, send, principal)
        else:
            await self.app(scope, receive, naming_browser(scope, send) if principal else send)

    # Who is there

    def _facing(self, scope: Scope) -> str:
        """Believe only trusted proxies about where a request comes from; the name that one gives."""
        headers = Headers(scope=scope)
        own = self.config.header.lower().encode()
        trusted = host_of(scope) in self.config.trusted
        named = headers.get(self.config.header, "") if trusted and own else ""
        scope["reftel.proxied"] = not trusted and any(
            name.startswith(_FORWARDED) for name, _ in scope["headers"]
        )
        if trusted:
            client = headers.get("x-forwarded-for", "").split(",")[-1].strip()
            scope["client"] = (client, 0) if client else scope["client"]
            if headers.get("x-forwarded-proto") in ("http", "https"):
                scope["scheme"] = headers["x-forwarded-proto"]
        scope["headers"] = [
            (name, value)
            for name, value in scope["headers"]
            if not name.startswith(_FORWARDED) and name != own
        ]
        return named

    def _visitor(self, scope: Scope, named: str) -> Principal | None:
        """Who sent the request; None for a stranger."""
        if not self.closed:
            near = is_loopback(host_of(scope)) and not scope["reftel.proxied"] and under_own_name(scope)
            browser = cookies_of(scope).get(BROWSER, "")
            return Principal(browser, "", UserRole.ADMIN, EVERYTHING) if near or self.config.open else None
        account = self._account(scope, named)
        return Principal(account.id, account.name, account.role, account.clearance) if account else None

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
        try:
            return str(
                self._sealed.loads(cookies_of(scope).get(SESSION, ""), max_age=int(self.config.hours * 3600))
            )
        except BadSignature:
            return ""

    @property
    def _sealed(self) -> URLSafeTimedSerializer:
        if self._signer is None:
            self._signer = URLSafeTimedSerializer(self.config.signing_key(), salt="reftel session")
        return self._signer

    # What they may ask for

    def _refusal(self, scope: Scope, principal: Principal | None) -> Response | None:
        """What is answered instead; None where the request may pass."""
        if scope["path"] in PUBLIC and scope["method"] in ("GET", "HEAD"):
            return None
        if principal is None:
            REFUSED.labels("stranger").inc()
            return self._stranger(scope)
        asked = f"{'GET' if scope['method'] == 'HEAD' else scope['method']} {scope['path']}"
        allowed = (
            READERS.fullmatch(asked)
            or (principal.role.edits and EDITORS.fullmatch(asked))
            or (principal.role is UserRole.ADMIN and ADMINS.fullmatch(asked))
        )
        if not allowed:
            REFUSED.labels("route").inc()
            return PlainTextResponse("There is nothing here.", 404)
        return self._not_theirs(scope, principal) if principal.name else None

    def _stranger(self, scope: Scope) -> Response:
        wants_page = "text/html" in Headers(scope=scope).get("accept", "") and scope["method"] == "GET"
        if not self.closed:
            return PlainTextResponse("Reftel serves only this machine until there are accounts.", 403)
        if wants_page and not scope["path"].startswith("/gradio_api"):
            query = scope["query_string"].decode("latin-1")
            there = scope["path"] + (f"?{query}" if query else "")
            return RedirectResponse(f"/sign-in?next={quote(there, safe='')}", 303)
        return JSONResponse({"detail": "Sign in first."}, 401)

    def _not_theirs(self, scope: Scope, principal: Principal) -> Response | None:
        """Refuses a session or a call that somebody else has begun, and too many events."""
        path, reader = scope["path"], principal.user_id
        nothing = PlainTextResponse("There is nothing here.", 404)
        if EVENTS.fullmatch(path):
            if not self._events.hit(_EACH, reader):
                REFUSED.labels("rate").inc()
                return PlainTextResponse("That is too fast. Wait a moment.", 429)
            body = json_of(scope[BODY])
            if body is None:
                return PlainTextResponse("That is no JSON object.", 400)
            session, event = body.get("session_hash"), body.get("event_id")
            if session is not None and not self._owners.claim(f"session {session}", reader):
                return nothing
            return nothing if event is not None and not self._owners.owns(f"event {event}", reader) else None
        if path.startswith("/gradio_api/call/"):
            return (
                None if self._owners.owns(f"event {path.rstrip('/').rsplit('/', 1)[1]}", reader) else nothing
            )
        session = session_in_address(scope)
        return None if session is None or self._owners.claim(f"session {session}", reader) else nothing

    async def _watched(self, scope: Scope, receive: Receive, send: Send, principal: Principal) -> None:
        """Pass a request on; a call that it begins is its sender's."""
        begins = scope["method"] == "POST" and EVENTS.fullmatch(scope["path"])
        answer = bytearray()

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.body" and len(answer) < 4096:
                answer.extend(message.get("body", b""))
                event = (json_of(bytes(answer)) or {}).get("event_id")
                if event:
                    self._owners.claim(f"event {event}", principal.user_id)
            await send(message)

        await self.app(scope, receive, watch if begins else send)

    # In and out

    async def _sign_in(self, scope: Scope) -> Response:
        if scope["method"] != "POST":
            query = parse_qs(scope["query_string"].decode("latin-1"))
            return HTMLResponse(render_sign_in(own_path(query.get("next", ["/"])[0])))
        form = parse_qs(scope[BODY].decode("utf-8", "replace"), max_num_fields=10)
        name, password, then = (form.get(field, [""])[0] for field in ("name", "password", "next"))
        name, then, address = name.strip().lower()[:64], own_path(then), host_of(scope)
        if not self._attempts.allowed(name, address):
            SIGN_INS.labels("too many").inc()
            audit_log.write("sign-in locked", name, address=address)
            return HTMLResponse(render_sign_in(then, LATER), 429)
        account = await run_in_threadpool(self.config.accounts.check, name, password)
        if account is None:
            SIGN_INS.labels("wrong").inc()
            audit_log.write("sign-in failed", name, address=address)
            return HTMLResponse(render_sign_in(then, WRONG), 401)
        self._attempts.succeeded(name, address)
        SIGN_INS.labels("right").inc()
        audit_log.write("sign-in", name, address=address)
        return self.seated(account, then, scope)

    def seated(self, account: Account, then: str, scope: Scope) -> Response:
        """The way on for somebody who has proven who they are, with a new session."""
        seconds = self.config.hours * 3600
        session = self._sealed.dumps(self.config.accounts.begin_session(account, seconds))
        response = RedirectResponse(then, 303)
        response.set_cookie(
            SESSION, str(session), max_age=int(seconds), httponly=True, samesite="lax",
            secure=scope["scheme"] == "https",
        )  # fmt: skip
        return response

    def _sign_out(self, scope: Scope, principal: Principal) -> Response:
        session = self._session(scope)
        if session:
            self.config.accounts.end_session(session)
        audit_log.write("sign-out", principal.name)
        response = RedirectResponse("/sign-in" if self.closed else "/", 303)
        response.delete_cookie(SESSION, httponly=True, samesite="lax")
        return response
