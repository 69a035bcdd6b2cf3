"""The list of past conversations as HTML."""

from collections.abc import Sequence

from markupsafe import Markup

from web.render.templating import render
from web.services.history import ConversationSummary


def render_history(
    past: Sequence[ConversationSummary], current: str | None, searching: bool = False
) -> Markup:
    """The list with a field to search it; the conversation that is open (`current`) is marked."""
    return render("history.html", past=past, current=current, searching=searching)
