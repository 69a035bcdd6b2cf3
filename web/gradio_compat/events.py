"""What the page sent along with an event, as a whole.

Seen in Gradio 6.31: `EventData._data`. By its public side an event gives single values only, and fails for those
that were not sent, while what is sent along differs from event to event.
"""

from typing import Any

import gradio as gr


def data_of(event: gr.EventData) -> dict[str, Any]:
    """The values by name; none where something else was sent."""
    return event._data if isinstance(event._data, dict) else {}
