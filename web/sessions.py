"""What Gradio keeps of each tab and call, forgotten when they have gone.

Of itself Gradio keeps the last 10,000, up to a third of a megabyte each.
"""

from datetime import datetime, timedelta

import gradio as gr
from fastapi import FastAPI
from gradio.routes import App
from gradio.state_holder import SessionState, StateHolder

MOST = 1_000
"""Tabs that are kept; the longest unused are forgotten first."""
CALLED = timedelta(minutes=1)
"""After which a program's call is forgotten; there is nothing to come back to."""
CLOSED = timedelta(hours=1)
"""After which a tab that was closed is forgotten; until then it may be opened again."""


class Sessions(StateHolder):
    """Gradio's sessions, with an end."""

    def update(self, session_id: str) -> None:
        """Take note that a session is used."""
        super().update(session_id)
        now = datetime.now()
        with self.lock:
            for name, used in list(self.time_last_used.items()):
                session = self.session_data.get(name)
                if name != session_id and (session is None or _over(session, now - used)):
                    self.session_data.pop(name, None)
                    del self.time_last_used[name]


def _over(session: SessionState, unused: timedelta) -> bool:
    """Whether nobody will come back: a call holds no state, a closed tab is marked."""
    return unused > (CLOSED if session.is_closed else CALLED) and (
        session.is_closed or not session.state_data
    )


def keep_sessions(page: gr.Blocks, app: FastAPI) -> None:
    """Let Gradio's application over a page, which is mounted in another, forget the sessions that have gone."""
    page.state_session_capacity = MOST
    mounted = (getattr(route, "app", None) for route in app.routes)
    own = next(inner for inner in mounted if isinstance(inner, App))
    own.state_holder = Sessions()  # type: ignore[no-untyped-call]
    own.state_holder.set_blocks(page)
