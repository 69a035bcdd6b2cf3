"""What is kept of tabs and calls: an end to it."""

from datetime import timedelta

import gradio as gr
import pytest

from tests.web.people import Caller
from web.gradio_compat import sessions
from web.gradio_compat.sessions import CALL_KEPT, CLOSED_TAB_KEPT, SessionStore

A_LITTLE = timedelta(seconds=1)


@pytest.fixture
def kept() -> SessionStore:
    """Sessions over a page with one state: `called` was a program's, `closed` a tab's, `open` is one's."""
    with gr.Blocks() as page:
        state = gr.State(None)
    kept = SessionStore()
    kept.set_blocks(page)
    assert kept["called"]
    kept["closed"][state._id] = kept["open"][state._id] = "a conversation"
    kept["closed"].is_closed = True
    return kept


def after(kept: SessionStore, time: timedelta) -> set[str]:
    """The sessions that are left when another one is used after some time."""
    kept.time_last_used = {name: used - time for name, used in kept.time_last_used.items()}
    assert kept["another"]
    return set(kept.session_data) - {"another"}


def test_a_programs_call_is_forgotten_after_a_minute(kept: SessionStore) -> None:
    assert after(kept, CALL_KEPT - A_LITTLE) == {"called", "closed", "open"}
    assert after(kept, 2 * A_LITTLE) == {"closed", "open"}


def test_a_closed_tab_is_forgotten_after_an_hour_and_an_open_one_never(kept: SessionStore) -> None:
    assert after(kept, CLOSED_TAB_KEPT - A_LITTLE) == {"closed", "open"}
    assert after(kept, 2 * A_LITTLE) == {"open"}
    assert set(kept.time_last_used) == {"open", "another"}


def test_where_there_are_too_many_an_open_tab_goes_last(
    kept: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "MAX_SESSIONS", 2)
    order = []
    for name in ("1", "2", "3"):
        before = set(kept.session_data)
        assert kept[name]
        order.append(before - set(kept.session_data))
    assert order == [{"called", "closed"}, {"1"}, {"2"}]


def test_the_calls_of_programs_are_kept_so(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "CALL_KEPT", timedelta(0))
    kept: list[SessionStore] = []
    note = SessionStore.update
    monkeypatch.setattr(SessionStore, "update", lambda self, name: (kept.append(self), note(self, name))[1])
    for _ in range(3):
        Caller(address).tool("read_cable", "08BEIJING90014")
    assert len([name for name, one in kept[-1].session_data.items() if not one.state_data]) == 1
