"""The list of past conversations as HTML. Pure functions."""

from collections.abc import Sequence

from web.render.formatting import local_time
from web.render.markup import fill, join
from web.services.history import ConversationSummary


def render_history(past: Sequence[ConversationSummary], current: str | None, searching: bool = False) -> str:
    """The list with a field to search it; the conversation that is open is marked."""
    items = join(_item(item, item.id == current) for item in past)
    none = "Nothing found." if searching else "Your questions will be listed here."
    return fill(
        '<div class="past-head"><button type="button" class="new" data-do="home">New question</button>'
        '<input type="search" class="past-search" aria-label="Search your conversations" '
        'placeholder="Search conversations"></div>{}',
        fill("<ul>{}</ul>", items) if past else fill('<p class="past-none">{}</p>', none),
    )


def _item(past: ConversationSummary, current: bool) -> str:
    return fill(
        '<li data-id="{id}">'
        '<a href="#chat" class="past-title" data-do="restore" data-id="{id}"{current}>{title}</a>'
        '<span class="past-when">{when}</span><span class="past-tools">'
        '<button type="button" class="tool" data-do="rename" data-id="{id}" aria-label="Rename {title}">'
        'Rename</button><button type="button" class="tool" data-do="forget" data-id="{id}" '
        'aria-label="Delete {title}">Delete</button></span></li>',
        id=past.id,
        title=past.title,
        when=local_time(past.at, "ago"),
        current=fill(' aria-current="true"') if current else "",
    )
