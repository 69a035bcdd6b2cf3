"""The page: the panes put together, and what happens between them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from vectorstore.view import Filters
from web import chat, reader
from web.access import clearance_of
from web.conversation import Conversation
from web.desk import Desk, NotReady, State
from web.render_reader import render_empty, render_problem
from web.welcome import render_summary, render_welcome

STATIC = Path(__file__).parent / "static"
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""Events of the page itself: no part of the API, no overlay while they run."""
AT_ONCE = QUIET | {"queue": False}
"""Events that must not wait behind questions."""


def build_page(desk: Desk) -> gr.Blocks:
    """The whole chat over one desk."""
    page: gr.Blocks
    with gr.Blocks(title="Reftel", fill_width=True, analytics_enabled=False) as page:
        bridge = _html("bridge", js=(STATIC / "reftel.js").read_text())
        _html("top", (STATIC / "top.html").read_text())
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="chat-pane"):
                chat_pane = ChatPane(desk)
            with gr.Column(elem_id="reader-pane"):
                reader_pane = ReaderPane(desk)
        chat_pane.connect(page, bridge)
        reader_pane.connect(page, bridge, chat_pane.conversation)
    page.queue(default_concurrency_limit=16)
    return page


def _html(name: str, value: str = "", js: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=name, apply_default_css=False, js_on_load=js)


class ChatPane:
    """The conversation: its components, and the events on them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.conversation = gr.State(None)
        self.filters = gr.State(None)
        with gr.Column(elem_id="scroll"):
            self.welcome = _html("welcome")
            self.earlier = _html("earlier")
            self.live = _html("live")
        self.box = gr.Textbox(
            placeholder="Ask the archive", label="Your question", show_label=False, elem_id="composer",
            lines=1, max_lines=6, submit_btn="Ask", stop_btn=False, autofocus=True,
        )  # fmt: skip
        self.summary = _html("summary")
        self.timer = gr.Timer(1.0)
        self.states = [self.conversation, self.earlier, self.live, self.welcome, self.box]

    def connect(self, page: gr.Blocks, bridge: gr.HTML) -> None:
        """Let the components act."""
        status = [self.welcome, self.summary, self.timer]
        page.load(self._look, self.conversation, status, **AT_ONCE)
        self.timer.tick(self._look, self.conversation, status, **AT_ONCE)
        asked = [
            self.box.submit(self._ask, [self.box, self.conversation, self.filters], self.states, **QUIET),
            bridge.ask(self._ask_example, [self.conversation, self.filters], self.states, **QUIET),
            bridge.retry(self._retry, [self.conversation, self.filters], self.states, **QUIET),
        ]
        self.box.stop(self._stop, self.conversation, self.states, cancels=asked, **AT_ONCE)
        bridge.edit(self._edit, self.conversation, self.states, **AT_ONCE)
        bridge.home(lambda: self._states(chat.shown(Conversation())), None, self.states, **AT_ONCE)

    def _look(self, conversation: Conversation | None, request: gr.Request) -> tuple[Any, ...]:
        """The welcome and the archive's summary, until the desk is ready."""
        state = self.desk.look_again()
        view = self.desk.view(clearance_of(request)) if state is State.READY else None
        welcome = render_welcome(self.desk, view)
        hidden = conversation is not None and bool(conversation.exchanges)
        return (
            gr.HTML(str(welcome), visible=not hidden), str(render_summary(view)),
            gr.Timer(active=state is not State.READY),
        )  # fmt: skip

    def _ask(
        self, text: str, conversation: Conversation | None, filters: Filters | None, request: gr.Request
    ) -> Iterator[Any]:
        for state in chat.ask(self.desk, text, conversation or Conversation(), filters or Filters(), request):
            yield self._states(state, busy=True)
        yield self._states(state)

    def _ask_example(
        self, conversation: Conversation, filters: Filters | None, event: gr.EventData, request: gr.Request
    ) -> Iterator[Any]:
        yield from self._ask(chat.data_of(event).get("text", ""), conversation, filters, request)

    def _retry(
        self, conversation: Conversation, filters: Filters | None, event: gr.EventData, request: gr.Request
    ) -> Iterator[Any]:
        place = int(chat.data_of(event)["place"])
        question = conversation.exchanges[place].question
        yield from self._ask(question, conversation.until(place), filters, request)

    def _edit(self, conversation: Conversation, event: gr.EventData) -> tuple[Any, ...]:
        """Take a question back into the composer."""
        place = int(chat.data_of(event)["place"])
        question = conversation.exchanges[place].question
        return self._states(chat.shown(conversation.until(place)), text=question)

    def _stop(self, conversation: Conversation) -> tuple[Any, ...]:
        return self._states(chat.stopped(conversation))

    def _states(
        self, state: tuple[Conversation, str, str], *, busy: bool = False, text: str = ""
    ) -> tuple[Any, ...]:
        """The pane's components for a state of the conversation."""
        welcome = gr.HTML(visible=not state[0].exchanges)
        box = gr.Textbox(value=text, submit_btn=False if busy else "Ask", stop_btn="Stop" if busy else False)
        return (*state, welcome, box)


class ReaderPane:
    """The reader, opened by markers, links and the page's own address."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.shown = _html("reader", str(render_empty()))

    def connect(self, page: gr.Blocks, bridge: gr.HTML, conversation: gr.State) -> None:
        """Let markers and links open it."""
        page.load(self._from_address, None, self.shown, **QUIET)
        bridge.read(self._open, conversation, self.shown, **AT_ONCE)
        bridge.close(lambda: str(render_empty()), None, self.shown, **AT_ONCE)

    def _open(self, conversation: Conversation | None, event: gr.EventData, request: gr.Request) -> str:
        return self._read(chat.data_of(event), request, conversation)

    def _from_address(self, request: gr.Request) -> str:
        """The cable that `?cable=08BEIJING1488&para=2` names."""
        query = dict(request.query_params)
        return self._read(query, request) if query.get("cable") else str(render_empty())

    def _read(
        self, data: dict[str, Any], request: gr.Request, conversation: Conversation | None = None
    ) -> str:
        try:
            view = self.desk.view(clearance_of(request))
        except NotReady as problem:
            return str(render_problem(str(problem)))
        place, n = data.get("place"), data.get("n")
        return reader.read(
            view, str(data["cable"]), data.get("para") or None, conversation=conversation,
            place=int(place) if place else None, n=int(n) if n else None, original=bool(data.get("original")),
        )  # fmt: skip
