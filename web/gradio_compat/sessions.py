"""What Gradio keeps of each tab and call, forgotten when they have gone.

Gradio's own limit (`state_session_capacity`) takes the longest unused whatever they are, so that a program's calls
drive out the tabs of people who are reading. Seen in Gradio 6.31: `App.state_holder`, `StateHolder.update`,
`session_data`, `time_last_used`, `lock`; `SessionState.is_closed`, `state_data`.
"""

from datetime import datetime, timedelta

import gradio as gr
from fastapi import FastAPI
from gradio.routes import App
from gradio.state_holder import SessionState, StateHolder

MAX_SESSIONS = 500
"""Sessions that are kept; the longest unused are forgotten first, those that were left before those that are open."""
CALL_KEPT = timedelta(minutes=1)
"""After which a program's call is forgotten; there is nothing to come back to."""
CLOSED_TAB_KEPT = timedelta(hours=1)
"""After which a tab that was closed is forgotten; until then it may be opened again."""


class SessionStore(StateHolder):
    """Gradio's sessions, with an end."""

    def update(self, session_id: str) -> None:
        """Take note that a session is used."""
        super().update(session_id)
        now = datetime.now()
        with self.lock:
            known = [name for name in self.session_data if name in self.time_last_used and name != session_id]
            left = [name for name in known if _was_left(self.session_data[name])]
            over = [
                name for name in left if now - self.time_last_used[name] > _kept_for(self.session_data[name])
            ]
            spare = (left or known)[: max(0, len(self.session_data) - MAX_SESSIONS)]
            for name in {*over, *spare}:
                del self.session_data[name], self.time_last_used[name]


def _was_left(session: SessionState) -> bool:
    """Whether it was a program's call, which holds no state, or a tab that was closed, which is marked."""
    return session.is_closed or not session.state_data


def _kept_for(session: SessionState) -> timedelta:
    return CLOSED_TAB_KEPT if session.is_closed else CALL_KEPT


def limit_sessions(page: gr.Blocks, app: FastAPI) -> None:
    """Let Gradio's application over a page, which is mounted in another, forget the sessions that have gone."""
    page.state_session_capacity = 2 * MAX_SESSIONS  # its own limit, out of the way of ours
    mounted = (getattr(route, "app", None) for route in app.routes)
    own = next(inner for inner in mounted if isinstance(inner, App))
    own.state_holder = SessionStore()  # type: ignore[no-untyped-call]
    own.state_holder.set_blocks(page)
