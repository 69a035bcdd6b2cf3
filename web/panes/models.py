"""Which chat model answers somebody: what they have chosen for a conversation, as far as they may choose."""

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from qa.llm.models import ModelOptions
from web.render.templating import render
from web.security.access import Principal, principal_of
from web.security.accounts import UserRole
from web.services.archive_service import ArchiveService
from web.services.model_choice import AS_SET, QUOTES, REMOTE, options_of

if TYPE_CHECKING:
    from qa.chain import Chain


def chooses_any(service: ArchiveService, principal: Principal) -> bool:
    """Whether somebody may choose every model there is, and set up a remote one."""
    return principal.role is UserRole.ADMIN and not service.models_locked


def chooses_quotes(service: ArchiveService, principal: Principal) -> bool:
    """Whether somebody may have quotes in the place of the model that is set, or any model."""
    return chooses_any(service, principal) or bool(service.model and not service.models_locked)


def allowed(service: ArchiveService, choice: str, principal: Principal) -> str:
    """The choice, or what is set where somebody may not choose it (any more)."""
    may = chooses_quotes if choice == QUOTES else chooses_any
    return choice if may(service, principal) else AS_SET


def models_for(service: ArchiveService, choice: str, principal: Principal) -> ModelOptions | None:
    """The models of a choice; None for those that are set. Raises UserError where there are none."""
    choice = allowed(service, choice, principal)
    return options_of(choice, service.remote_models.load() if choice == REMOTE else None)


def chain_for(service: ArchiveService, choice: str, request: Any) -> "Chain":
    """The chain that answers the sender of a request. Raises UserError."""
    principal = principal_of(request)
    return service.chain(principal.clearance, models_for(service, choice, principal))


def render_writer(service: ArchiveService, choice: str, principal: Principal) -> Markup:
    """Who writes the answers of a conversation, and what is sent where: above the composer."""
    chosen = models_for(service, choice, principal)
    return render(
        "writer.html",
        name=service.model if chosen is None else chosen.model,
        hosts=service.sends_to if chosen is None else chosen.remote_hosts,
        chooses=chooses_quotes(service, principal),
    )
