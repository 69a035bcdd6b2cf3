"""The conversation pane: asking, streaming, stopping, asking again, coming back to past conversations."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from vectorstore.query import Filters
from web.errors import HistoryUnavailable, message_for
from web.gradio_compat.events import data_of
from web.panes.components import AT_ONCE, QUIET, html, shows_errors
from web.panes.filters import FiltersPane
from web.render.answer import render_live, render_transcript
from web.render.archive import render_problem
from web.render.history import render_history
from web.render.welcome import render_summary, render_welcome
from web.security import audit_log
from web.security.access import clearance_of, principal_of, user_id_of
from web.security.concurrency import question_slot
from web.services.archive_service import ArchiveService, State
from web.services.conversation import Conversation
from web.services.history import ConversationStore
from web.services.questions import MAX_QUESTION_CHARS, checked_question

SEVERAL = QUIET | {"trigger_mode": "multiple"}
"""A question that was stopped may still be ending when the next one is asked; the page keeps others back."""
Request = gr.Request | None
States = Iterator[tuple[Any, ...]]
"""Values for the pane's components, as often as something is new."""


log = logging.getLogger(__name__)


def _problem(message: str) -> str:
    return str(render_problem(message))


def ask(
    service: ArchiveService,
    text: str,
    conversation: Conversation,
    filters: Filters,
    request: Request,
    *,
    standalone: bool = False,
) -> Iterator[Conversation]:
    """The conversation with the question and, more and more, its answer; every state is whole.

    `standalone`: the reader says that it is no follow-up.
    """
    if not text.strip():
        yield conversation
        return
    turns = conversation.history()
    conversation = conversation.asking(text.strip()[:MAX_QUESTION_CHARS], filters)
    yield conversation
    exchange = conversation.exchanges[-1]
    audit_log.note(request, "ask", question=exchange.question)
    try:
        question = checked_question(text, turns, filters, standalone=standalone)
        with question_slot(principal_of(request)):
            chosen = service.choices.get(user_id_of(request))
            for answer in service.chain(clearance_of(request), chosen).stream(question):
                exchange = replace(exchange, answer=answer)
                yield conversation.with_last(exchange)
    except BaseException as error:  # noqa: BLE001 - where all errors of a question end
        # Here and not on Gradio's failure event, which a question that was stopped may raise as well.
        yield conversation.with_last(replace(exchange, problem=message_for(error)))


def stopped(conversation: Conversation) -> Conversation:
    """The conversation, whose last answer was cut off by the reader."""
    if not conversation.unfinished:
        return conversation
    last = conversation.exchanges[-1]
    if last.answer is None:
        return conversation.with_last(replace(last, problem="You stopped this question."))
    return conversation.with_last(replace(last, answer=replace(last.answer, done=True), stopped=True))


EDITING = """
<p class="editing" role="status"><span>You are changing a question. Sending it answers it anew.</span>
<button type="button" class="tool" data-do="keep">Cancel</button></p>
"""


class ChatPane:
    """The conversation: its components, and the events on them."""

    def __init__(self, service: ArchiveService, history: ConversationStore) -> None:
        self.service = service
        self.history = history
        self.conversation = gr.State(None)
        self.edited = gr.State(None)  # the place of the exchange whose question is being changed
        with gr.Column(elem_id="scroll"):
            self.welcome = html("welcome")
            self.earlier = html("earlier")
            self.live = html("live")
        with gr.Column(elem_id="above"):
            self.filters = FiltersPane(service)
            self.editing = html("editing")
        self.box = gr.Textbox(
            placeholder="Ask the archive",
            label="Your question",
            show_label=False,
            elem_id="composer",
            max_lines=6,
            submit_btn="Ask",
            autofocus=True,
        )
        self.summary = html("summary")
        self.timer = gr.Timer(1.0)

    def connect(self, page: gr.Blocks, bridge: gr.HTML, past: gr.HTML) -> None:
        """Let the components act; `past` is where the list of conversations stands."""
        self.past = past
        talk = [self.conversation, self.earlier, self.live, self.welcome]
        states = [*talk, self.box, self.edited, self.editing, past]
        status = [self.welcome, self.summary, self.timer]
        page.load(self._look, self.conversation, status, **AT_ONCE)
        page.load(self._list, self.conversation, past, **AT_ONCE)
        self.timer.tick(self._look, self.conversation, status, **AT_ONCE)
        given = [self.conversation, self.filters.filters]
        asked = [
            self.box.submit(self._ask_typed, [self.box, *given, self.edited], states, **SEVERAL),
            bridge.ask(self._ask_example, given, states, **SEVERAL),
            bridge.retry(self._retry, given, states, **SEVERAL),
        ]
        self.box.stop(self._stop, self.conversation, states, cancels=asked, **AT_ONCE)
        writing = [self.box, self.edited, self.editing]
        bridge.edit(self._edit, self.conversation, writing, **AT_ONCE)
        bridge.keep(lambda: ("", None, ""), None, writing, **AT_ONCE)
        bridge.home(self._home, self.conversation, states, cancels=asked, **AT_ONCE)
        bridge.restore(self._restore, self.conversation, states, cancels=asked, **AT_ONCE)
        for event in (bridge.search, bridge.rename, bridge.forget):
            event(self._tend, self.conversation, past, **AT_ONCE)

    @shows_errors(lambda message: (gr.HTML(_problem(message), visible=True), "", gr.skip()))
    def _look(self, conversation: Conversation | None, request: gr.Request) -> tuple[Any, ...]:
        """The welcome and the archive's summary, until the desk is ready."""
        state = self.service.refresh_state()
        view = self.service.view(clearance_of(request)) if state is State.READY else None
        hidden = conversation is not None and bool(conversation.exchanges)
        welcome = gr.HTML(str(render_welcome(self.service, view)), visible=not hidden)
        return welcome, str(render_summary(view)), gr.Timer(active=state is not State.READY)

    # Asking

    def _ask(
        self,
        text: str,
        conversation: Conversation | None,
        filters: Filters | None,
        request: gr.Request,
        draft: str | None = None,
        *,
        standalone: bool = False,
    ) -> States:
        before = now = conversation or Conversation()
        for state in ask(self.service, text, before, filters or Filters(), request, standalone=standalone):
            if now is before:
                yield self._states(state, draft, busy=True)
            elif state.unfinished:
                yield self._grown(state)
            now = state
        yield self._kept(now, request)

    def _ask_typed(
        self,
        text: str,
        conversation: Conversation | None,
        filters: Filters | None,
        edited: int | None,
        request: gr.Request,
    ) -> States:
        if edited is not None and conversation is not None:
            conversation = conversation.until(edited)
        yield from self._ask(text, conversation, filters, request, draft="")

    def _ask_example(
        self,
        conversation: Conversation | None,
        filters: Filters | None,
        event: gr.EventData,
        request: gr.Request,
    ) -> States:
        yield from self._ask(str(data_of(event).get("text", "")), conversation, filters, request)

    def _retry(
        self, conversation: Conversation, filters: Filters | None, event: gr.EventData, request: gr.Request
    ) -> States:
        data = data_of(event)
        place = int(data["place"])
        question, before = conversation.exchanges[place].question, conversation.until(place)
        yield from self._ask(question, before, filters, request, standalone=bool(data.get("alone")))

    def _edit(self, conversation: Conversation, event: gr.EventData) -> tuple[str, int, str]:
        """Take a question into the composer; its answer stays until the question is sent again."""
        place = int(data_of(event)["place"])
        return conversation.exchanges[place].question, place, EDITING

    def _stop(self, conversation: Conversation, request: gr.Request) -> tuple[Any, ...]:
        return self._kept(stopped(conversation), request)

    def _home(self, conversation: Conversation | None, request: gr.Request) -> tuple[Any, ...]:
        self._left(conversation, request)
        return self._opened(Conversation(), request)

    def _left(self, conversation: Conversation | None, request: gr.Request) -> None:
        """Keep what was written of an answer that the reader leaves."""
        if conversation is not None and conversation.unfinished:
            self._save(stopped(conversation), request)

    def _save(self, conversation: Conversation, request: gr.Request) -> tuple[Conversation, str]:
        """Save a conversation: as it is kept, and why that was not possible, which costs nobody the answer."""
        if not conversation.exchanges:
            return conversation, ""
        try:
            return self.history.save(user_id_of(request), conversation), ""
        except HistoryUnavailable as problem:
            log.error("%s", problem)
            return conversation, str(problem)

    def _opened(self, conversation: Conversation, request: gr.Request, draft: str = "") -> tuple[Any, ...]:
        """A conversation in place of the one that was open, with what is to stand in the composer."""
        return (*self._states(conversation, draft)[:-1], self._list(conversation, request))

    def _kept(self, conversation: Conversation, request: gr.Request) -> tuple[Any, ...]:
        """The finished state with the button that asks again, after the conversation was saved."""
        conversation, problem = self._save(conversation, request)
        past = _problem(problem) if problem else self._list(conversation, request)
        grown, ready = self._grown(conversation), gr.Textbox(submit_btn="Ask", stop_btn=False)
        return (*grown[:4], ready, *grown[5:-1], past)

    def _grown(self, conversation: Conversation) -> tuple[Any, ...]:
        """More of the last answer. Nothing else is touched: someone may be typing the next question."""
        return (conversation, gr.skip(), str(render_live(conversation)), *[gr.skip()] * 5)

    def _states(
        self, conversation: Conversation, draft: str | None, *, busy: bool = False
    ) -> tuple[Any, ...]:
        """All the pane's components for another conversation or question; the list of past ones stays.

        So does what is typed in the composer where there is no `draft` to stand in its place.
        """
        words: dict[str, Any] = {} if draft is None else {"value": draft}
        return (
            conversation,
            str(render_transcript(conversation)),
            str(render_live(conversation)),
            gr.HTML(visible=not conversation.exchanges),
            gr.Textbox(**words, submit_btn=False if busy else "Ask", stop_btn="Stop" if busy else False),
            None,
            "",
            gr.skip(),
        )

    # Past conversations

    @shows_errors(_problem)
    def _list(self, conversation: Conversation | None, request: gr.Request, words: str = "") -> str:
        user_id = user_id_of(request)
        if words:
            past = self.history.search(user_id, words, self.service.view(clearance_of(request)))
        else:
            past = self.history.latest(user_id)
        return str(render_history(past, conversation.id if conversation else None, bool(words)))

    def _restore(
        self, conversation: Conversation | None, event: gr.EventData, request: gr.Request
    ) -> tuple[Any, ...]:
        self._left(conversation, request)
        data = data_of(event)
        try:
            view = self.service.view(clearance_of(request))
            found = self.history.load(user_id_of(request), str(data["id"]), view)
        except BaseException as error:  # noqa: BLE001 - where all errors of this event end
            found = Conversation().asking("Open a past conversation", Filters())
            found = found.with_last(replace(found.exchanges[-1], problem=message_for(error)))
        return self._opened(found or Conversation(), request, str(data.get("draft", "")))

    @shows_errors(_problem)
    def _tend(self, conversation: Conversation | None, event: gr.EventData, request: gr.Request) -> str:
        """Search the list, rename or delete in it."""
        data, reader = data_of(event), user_id_of(request)
        if data.get("title"):
            self.history.rename(reader, str(data["id"]), str(data["title"]))
        elif data.get("id"):
            self.history.forget(reader, str(data["id"]))
        return str(self._list(conversation, request, str(data.get("words", ""))))
