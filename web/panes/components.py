"""What all panes are made of."""

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from web.errors import message_for
from web.render.templating import render_problem

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""Events of the page itself: no part of the API, no overlay while they run."""
AT_ONCE = QUIET | {"queue": False}
"""Events that must not wait behind questions."""

Updates = dict[Any, Any]
"""What an event changes: a new value, or new settings (`gr.update(...)`), by component. The others stay.

Never a component: while another thread builds a page, Gradio would take it as a part of that page.
"""


def html(name: str, value: str = "", js: str | None = None) -> gr.HTML:
    """A place for rendered HTML; `name` is its DOM id."""
    return gr.HTML(value, elem_id=name, apply_default_css=False, js_on_load=js)


def data_of(event: gr.EventData) -> dict[str, Any]:
    """What the page sent along with an event (static/js/events.js)."""
    data = getattr(event, "data", None)
    return data if isinstance(data, dict) else {}


def shows_errors(
    name: str, show: Callable[[str], str] = render_problem
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorates a pane's event handler: what goes wrong in it is shown in the pane's component `name`.

    `show` makes HTML of the message.
    """

    def decorate(handler: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(handler)
        def stream(pane: Any, *args: Any, **kwargs: Any) -> Iterator[Updates]:
            try:
                yield from handler(pane, *args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - where all errors of the page end
                yield {getattr(pane, name): show(message_for(error))}

        @functools.wraps(handler)
        def call(pane: Any, *args: Any, **kwargs: Any) -> Updates:
            try:
                updates: Updates = handler(pane, *args, **kwargs)
                return updates
            except BaseException as error:  # noqa: BLE001 - where all errors of the page end
                return {getattr(pane, name): show(message_for(error))}

        return stream if inspect.isgeneratorfunction(handler) else call

    return decorate
