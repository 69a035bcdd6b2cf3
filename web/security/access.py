"""Who is asking, and what they may see and do: decided by `web.security.authentication`, asked here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vectorstore.access import Clearance
from web.security.accounts import UserRole

VISITOR = "reftel.visitor"
"""Where the door leaves the visitor in a request's scope."""


class NotAllowedError(Exception):
    """The request has not come through the door, or asks for what its sender may not do."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sent a request. `reader` is whose conversations they see; without accounts `name` is empty."""

    reader: str
    name: str
    role: UserRole
    clearance: Clearance


def visitor_of(request: Any) -> Visitor:
    """Who sent a request, Gradio's or FastAPI's. Raises NotAllowedError where it came by no door."""
    scope: Mapping[str, Any] = getattr(getattr(request, "request", None) or request, "scope", {})
    visitor = scope.get(VISITOR)
    if not isinstance(visitor, Visitor):
        raise NotAllowedError("Sign in first.")
    return visitor


def clearance_of(request: Any) -> Clearance:
    """What the sender of a request may see."""
    return visitor_of(request).clearance


def reader_of(request: Any) -> str:
    """Whose conversations these are."""
    return visitor_of(request).reader


def require_editor(request: Any) -> Visitor:
    """The sender, who may add and withdraw cables. Raises NotAllowedError."""
    visitor = visitor_of(request)
    if not visitor.role.edits:
        raise NotAllowedError("Only editors change what the archive holds.")
    return visitor
