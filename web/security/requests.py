"""What a request says of where it comes from: address, cookies, proxies."""

import secrets
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import Message, Scope, Send

from web.security.config import host_name, is_loopback

BROWSER_COOKIE = "reftel_reader"
"""The cookie of a browser where there are no accounts, for its past conversations."""
BROWSER_COOKIE_SECONDS = 365 * 24 * 3600
FORWARDING_HEADERS = (b"x-forwarded", b"forwarded", b"x-real-ip", b"x-original", b"x-client-ip", b"via")
"""Beginnings of the names of headers that only proxies send."""


def with_browser_cookie(scope: Scope, send: Send) -> Send:
    """Where there are no accounts, a browser gets an id, so that it has its own past conversations."""
    if scope["path"] != "/" or BROWSER_COOKIE in cookies_of(scope):
        return send

    async def setting(message: Message) -> None:
        if message["type"] == "http.response.start":
            response = Response()
            response.set_cookie(
                BROWSER_COOKIE,
                secrets.token_urlsafe(16),
                max_age=BROWSER_COOKIE_SECONDS,
                httponly=True,
                samesite="lax",
                secure=scope["scheme"] == "https",
            )
            cookie = dict(response.raw_headers)[b"set-cookie"]
            message["headers"] = [*message["headers"], (b"set-cookie", cookie)]
        await send(message)

    return setting


def client_address(scope: Scope) -> str:
    """The address that a request comes from."""
    return str((scope.get("client") or ("",))[0])


def has_loopback_host(scope: Scope) -> bool:
    """Whether the page was asked for under this machine's own name: no other site's name points here."""
    return is_loopback(host_name(Headers(scope=scope).get("host", "")))


def cookies_of(scope: Scope) -> dict[str, str]:
    """Cookies by name; one that makes no sense spoils no other."""
    return cookie_parser(Headers(scope=scope).get("cookie", ""))


def was_forwarded(scope: Scope) -> bool:
    """Whether a proxy has passed the request on."""
    return any(name.startswith(FORWARDING_HEADERS) for name, _ in scope["headers"])


def apply_forwarding(scope: Scope, trusted: Sequence[str]) -> None:
    """Put the client's address and scheme in place of the trusted proxy's that passed its request on.

    Each proxy adds the address that it was asked from at the end, so the last one that is no trusted proxy's is
    the client's; what stands before it is the client's own word.
    """
    headers = Headers(scope=scope)
    passed = [address.strip() for address in ",".join(headers.getlist("x-forwarded-for")).split(",")]
    client = next((address for address in reversed(passed) if address and address not in trusted), "")
    if client:
        scope["client"] = (client, 0)
    schemes = ",".join(headers.getlist("x-forwarded-proto")).split(",")
    if schemes[-1].strip() in ("http", "https"):
        scope["scheme"] = schemes[-1].strip()


def without_headers(scope: Scope, name: str) -> None:
    """Drop what proxies say, and the header of this name."""
    dropped = name.lower().encode()
    scope["headers"] = [
        (key, value)
        for key, value in scope["headers"]
        if not key.startswith(FORWARDING_HEADERS) and key != dropped
    ]
