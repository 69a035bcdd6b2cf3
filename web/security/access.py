"""Who sent a request, and what they may see and do: decided by `web.security.authentication`, asked here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vectorstore.access import Clearance
from web.errors import NotAllowedError
from web.security.accounts import UserRole

PRINCIPAL_KEY = "reftel.principal"
"""Where the authentication middleware leaves the sender in a request's scope."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who sent a request. `user_id` is whose conversations they see; without accounts `name` is empty."""

    user_id: str
    name: str
    role: UserRole
    clearance: Clearance


def principal_of(request: Any) -> Principal:
    """Who sent a request, Gradio's or FastAPI's. Raises NotAllowedError where nobody was authenticated."""
    scope: Mapping[str, Any] = getattr(getattr(request, "request", None) or request, "scope", {})
    principal = scope.get(PRINCIPAL_KEY)
    if not isinstance(principal, Principal):
        raise NotAllowedError("Sign in first.")
    return principal


def clearance_of(request: Any) -> Clearance:
    """What the sender of a request may see."""
    return principal_of(request).clearance


def user_id_of(request: Any) -> str:
    """Whose conversations these are."""
    return principal_of(request).user_id


def require_editor(request: Any) -> Principal:
    """The sender, who may add and withdraw cables. Raises NotAllowedError."""
    principal = principal_of(request)
    if not principal.role.edits:
        raise NotAllowedError("Only editors change what the archive holds.")
    return principal
