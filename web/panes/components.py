"""What all panes are made of."""

from pathlib import Path
from typing import Any

import gradio as gr

STATIC = Path(__file__).parents[1] / "static"
SCRIPTS = ("reftel.js", "server.js", "times.js", "past.js", "filters.js", "archive.js", "start.js")
"""Read as one script: they share its names, and the last one starts it."""
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""Events of the page itself: no part of the API, no overlay while they run."""
AT_ONCE = QUIET | {"queue": False}
"""Events that must not wait behind questions."""


def html(name: str, value: str = "", js: str | None = None) -> gr.HTML:
    """A place for rendered HTML; `name` is its DOM id."""
    return gr.HTML(value, elem_id=name, apply_default_css=False, js_on_load=js)


def data_of(event: gr.EventData) -> dict[str, Any]:
    """What the page sent along with an event."""
    return event._data if isinstance(event._data, dict) else {}


def script() -> str:
    """The page's script."""
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in SCRIPTS)
