"""What a request tells of where it comes from: address, cookies, the session of the page that it names."""

import json
import re
import secrets
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response

from web.security.config import is_loopback
from web.security.request_limits import Message, Scope, Send

BROWSER = "reftel_reader"
"""The cookie of a browser where there are no accounts, for its past conversations."""
YEAR = 365 * 24 * 3600


def naming_browser(scope: Scope, send: Send) -> Send:
    """Where there are no accounts, a browser gets a name, so that it has its own past conversations."""
    if scope["path"] != "/" or BROWSER in cookies_of(scope):
        return send

    async def naming(message: Message) -> None:
        if message["type"] == "http.response.start":
            response = Response()
            response.set_cookie(
                BROWSER, secrets.token_urlsafe(16), max_age=YEAR, httponly=True, samesite="lax",
                secure=scope["scheme"] == "https",
            )  # fmt: skip
            cookie = dict(response.raw_headers)[b"set-cookie"]
            message["headers"] = [*message["headers"], (b"set-cookie", cookie)]
        await send(message)

    return naming


def host_of(scope: Scope) -> str:
    """The address that a request comes from."""
    return str((scope.get("client") or ("",))[0])


def under_own_name(scope: Scope) -> bool:
    """Whether the page was asked for under this machine's own name: no other site's name points here."""
    return is_loopback(re.sub(r":\d+$", "", Headers(scope=scope).get("host", "")))


def cookies_of(scope: Scope) -> dict[str, str]:
    """Cookies by name; one that makes no sense spoils no other."""
    return cookie_parser(Headers(scope=scope).get("cookie", ""))


def json_of(body: bytes) -> dict[str, Any] | None:
    """A body's JSON object; None where it is no object."""
    try:
        value = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def session_in_address(scope: Scope) -> str | None:
    """The session of the page that an address names, if it is of those that do."""
    if scope["path"].startswith("/gradio_api/heartbeat/"):
        return str(scope["path"]).rstrip("/").rsplit("/", 1)[1]
    if scope["path"].startswith("/gradio_api/queue/data"):
        return str(parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [""])[0])
    return None
