"""What all panes are made of."""

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from web.errors import message_for

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""Events of the page itself: no part of the API, no overlay while they run."""
AT_ONCE = QUIET | {"queue": False}
"""Events that must not wait behind questions."""


def html(name: str, value: str = "", js: str | None = None) -> gr.HTML:
    """A place for rendered HTML; `name` is its DOM id."""
    return gr.HTML(value, elem_id=name, apply_default_css=False, js_on_load=js)


def shows_errors(show: Callable[[str], Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorates an event handler: `show` turns the message of whatever goes wrong in it into its outputs."""

    def decorate(handler: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(handler)
        def stream(*args: Any, **kwargs: Any) -> Iterator[Any]:
            try:
                yield from handler(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - where all errors of the page end
                yield show(message_for(error))

        @functools.wraps(handler)
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return handler(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - where all errors of the page end
                return show(message_for(error))

        return stream if inspect.isgeneratorfunction(handler) else call

    return decorate
