"""Who is asking, and what they may see. The one place in the web chat that decides either."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Protocol

from fastapi import Request, Response

from vectorstore.clearance import EVERYTHING, Clearance

COOKIE = "reftel_reader"
"""Names the browser, so that each has its own past conversations; it says nothing about the person."""
YEAR = 365 * 24 * 3600


class Asking(Protocol):
    """What a request tells about who asks; Gradio's and FastAPI's requests both do."""

    @property
    def cookies(self) -> dict[str, str]:
        """Names and values that the browser sent along."""


def clearance_of(request: Asking | None) -> Clearance:
    """What the sender of a request may see: everything, for whoever reaches the page owns the archive."""
    return EVERYTHING


def reader_of(request: Asking | None) -> str:
    """Whose conversations these are: the browser's own name."""
    return request.cookies.get(COOKIE, "") if request else ""


async def name_the_browser(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Middleware: a browser that comes without a name gets one."""
    response = await call_next(request)
    if request.url.path == "/" and COOKIE not in request.cookies:
        secure = request.url.scheme == "https"
        response.set_cookie(
            COOKIE, secrets.token_urlsafe(16), max_age=YEAR, httponly=True, samesite="lax", secure=secure
        )
    return response
