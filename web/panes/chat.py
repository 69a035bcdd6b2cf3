"""The conversation pane: asking, streaming, stopping, asking again, coming back to past conversations."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from vectorstore.query import Filters
from web.errors import HistoryUnavailable, message_for
from web.panes.asking import ask, corrected, stopped
from web.panes.components import AT_ONCE, QUIET, Updates, data_of, html, shows_errors
from web.panes.filters import FiltersPane
from web.panes.models import render_writer
from web.render.answer import render_live, render_transcript
from web.render.templating import render, render_problem
from web.render.welcome import render_not_ready, render_summary, render_welcome
from web.security.access import clearance_of, principal_of, user_id_of
from web.services.archive_service import ArchiveService, State
from web.services.conversation import Conversation, Exchange
from web.services.history import ConversationStore
from web.services.model_choice import AS_SET
from web.services.news import mark_looked, news_for
from web.services.starters import Starters

ASKING = QUIET | {"trigger_mode": "multiple"}
"""A question that was stopped may still be ending when the next one is asked; the page keeps others back."""

EDITING = render("editing.html")
"""What stands above the composer while an earlier question is changed."""

log = logging.getLogger(__name__)


class ChatPane:
    """The conversation: its components, and the events on them.

    `past` is where the past ones are listed, `summary` where the archive is told in a few words.
    """

    def __init__(
        self, service: ArchiveService, history: ConversationStore, past: gr.HTML, summary: gr.HTML
    ) -> None:
        self.service = service
        self.history = history
        self.past = past
        self.summary = summary
        self.starters = Starters()
        self.conversation = gr.State(None)
        self.model = gr.State(AS_SET)
        """The choice of a chat model for the conversation that is open, and for the next."""
        self.edited = gr.State(None)  # the place of the exchange whose question is being changed
        with gr.Column(elem_id="scroll"):
            self.welcome = html("welcome")
            self.earlier = html("earlier")
            self.live = html("live")
        with gr.Column(elem_id="above"):
            self.filters = FiltersPane(service)
            self.editing = html("editing")
            self.writer = html("writer")
        self.box = gr.Textbox(
            placeholder="Ask the archive",
            label="Your question",
            show_label=False,
            elem_id="composer",
            max_lines=6,
            submit_btn="Ask",
            autofocus=True,
        )
        html("how-to-ask", render("how_to_ask.html"))
        self.timer = gr.Timer(1.0)

    def connect(self, page: gr.Blocks, bridge: gr.HTML) -> None:
        """Let the components act."""
        status = [self.welcome, self.summary, self.timer]
        writing = [self.model, self.writer]
        page.load(self._look, self.conversation, status, **AT_ONCE)
        page.load(self._list, self.conversation, self.past, **AT_ONCE)
        page.load(self._begin, None, writing, **AT_ONCE)
        self.timer.tick(self._look, self.conversation, status, **AT_ONCE)
        bridge.looked(self._dismiss_news, self.conversation, status, **AT_ONCE)
        exchanges = [self.conversation, self.earlier, self.live, self.welcome]
        composer = [self.box, self.edited, self.editing]
        everything = [*exchanges, *composer, self.past]
        given = [self.conversation, self.filters.filters, self.model]
        asked = [
            self.box.submit(self._ask_typed, [*given, self.box, self.edited], everything, **ASKING),
            bridge.ask(self._ask_example, given, everything, **ASKING),
            bridge.retry(self._retry, given, everything, **ASKING),
        ]
        self.box.stop(self._stop, self.conversation, everything, cancels=asked, **AT_ONCE)
        bridge.edit(self._edit, self.conversation, composer, **AT_ONCE)
        bridge.keep(self._leave_question, None, composer, **AT_ONCE)
        bridge.home(
            self._home, self.conversation, [*everything, self.summary, self.timer], cancels=asked, **AT_ONCE
        )
        bridge.restore(self._restore, self.conversation, [*everything, *writing], cancels=asked, **AT_ONCE)
        for event in (bridge.search, bridge.rename, bridge.forget):
            event(self._manage, self.conversation, self.past, **AT_ONCE)

    @shows_errors("welcome")
    def _look(self, conversation: Conversation | None, request: gr.Request) -> Updates:
        """The welcome and the archive's summary, until the archive is open."""
        hidden = conversation is not None and bool(conversation.exchanges)
        is_ready = self.service.refresh_state() is State.READY
        chain = self.service.chain(clearance_of(request)) if is_ready else None
        running = self.service.running
        is_filling = running is not None and running.is_first and not running.over
        if chain is None or is_filling or not chain.retriever.view.count()[0]:
            waiting = render_not_ready(self.service, edits=principal_of(request).role.edits)
            return {self.welcome: gr.update(value=waiting, visible=not hidden), self.summary: ""}
        view, starters = chain.retriever.view, self.starters.of(chain)
        news = news_for(self.service.preferences, user_id_of(request), view)
        return {
            self.welcome: gr.update(value=render_welcome(view, starters or (), news), visible=not hidden),
            self.summary: render_summary(view),
            self.timer: gr.update(active=starters is None),
        }

    @shows_errors("welcome")
    def _dismiss_news(self, conversation: Conversation | None, request: gr.Request) -> Updates:
        """What is new was seen, or is not wanted."""
        mark_looked(self.service.preferences, user_id_of(request), self.service.view(clearance_of(request)))
        looked: Updates = self._look(conversation, request)
        return looked

    @shows_errors("writer")
    def _begin(self, request: gr.Request) -> Updates:
        """The model that a reader has chosen last, for what is asked first."""
        return self._written_by(self.service.preferences.model(user_id_of(request)), request)

    def _written_by(self, model: str, request: gr.Request) -> Updates:
        return {self.model: model, self.writer: render_writer(self.service, model, principal_of(request))}

    # Asking

    def _ask_typed(
        self,
        conversation: Conversation | None,
        filters: Filters | None,
        model: str,
        text: str,
        edited: int | None,
        request: gr.Request,
    ) -> Iterator[Updates]:
        if edited is not None and conversation is not None:
            conversation = conversation.until(edited)
        yield from self._ask(_exchange(text, filters, model), conversation, request, draft="")

    def _ask_example(
        self,
        conversation: Conversation | None,
        filters: Filters | None,
        model: str,
        event: gr.EventData,
        request: gr.Request,
    ) -> Iterator[Updates]:
        text = str(data_of(event).get("text", ""))
        yield from self._ask(_exchange(text, filters, model), conversation, request)

    def _retry(
        self,
        conversation: Conversation,
        filters: Filters | None,
        model: str,
        event: gr.EventData,
        request: gr.Request,
    ) -> Iterator[Updates]:
        """Ask a question again: under the filters that are set by now, or as its reader corrects its reading."""
        data = data_of(event)
        place = int(data["place"])
        old, before = conversation.exchanges[place], conversation.until(place)
        if "kind" in data or "slot" in data:
            again = replace(corrected(old, data), model=model)
        else:
            again = _exchange(old.question, None if data.get("unlimited") else filters, model)
        yield from self._ask(again, before, request, standalone=bool(data.get("alone")))

    def _ask(
        self,
        exchange: Exchange,
        conversation: Conversation | None,
        request: gr.Request,
        draft: str | None = None,
        *,
        standalone: bool = False,
    ) -> Iterator[Updates]:
        # A state that was under way when Stop was pressed may have come behind it.
        before = now = self._styled(stopped(conversation or Conversation()), request)
        for state in ask(self.service, exchange, before, request, standalone=standalone):
            if now is before:
                yield self._opened(state) | {self.box: composer(draft, busy=True)}
            elif state.unfinished:
                yield self._grown(state)
            now = state
        yield self._finished(now, request)

    def _styled(self, conversation: Conversation, request: gr.Request) -> Conversation:
        """With the citation style that its reader has chosen."""
        return replace(conversation, style=self.service.preferences.citation_style(user_id_of(request)))

    def _stop(self, conversation: Conversation, request: gr.Request) -> Updates:
        return self._finished(stopped(conversation), request)

    def _grown(self, conversation: Conversation) -> Updates:
        """More of the last answer. Nothing else is touched: someone may be typing the next question."""
        return {self.conversation: conversation, self.live: render_live(conversation)}

    def _finished(self, conversation: Conversation, request: gr.Request) -> Updates:
        """The whole answer, with the button that asks again, after the conversation was saved."""
        conversation, problem = self._save(conversation, request)
        past = {self.past: render_problem(problem)} if problem else self._list(conversation, request)
        return self._grown(conversation) | {self.box: composer()} | past

    def _opened(self, conversation: Conversation) -> Updates:
        """Another conversation or question; the list of past ones stays, and what is typed."""
        return {
            self.conversation: conversation,
            self.earlier: render_transcript(conversation),
            self.live: render_live(conversation),
            self.welcome: gr.update(visible=not conversation.exchanges),
            self.edited: None,
            self.editing: "",
        }

    def _save(self, conversation: Conversation, request: gr.Request) -> tuple[Conversation, str]:
        """Save a conversation: as it is kept, and why that was not possible, which costs nobody the answer."""
        if not conversation.exchanges:
            return conversation, ""
        try:
            return self.history.save(user_id_of(request), conversation), ""
        except HistoryUnavailable as problem:
            log.error("%s", problem)
            return conversation, message_for(problem)

    # Changing a question

    def _edit(self, conversation: Conversation, event: gr.EventData) -> Updates:
        """Take a question into the composer; its answer stays until the question is sent again."""
        place = int(data_of(event)["place"])
        question = conversation.exchanges[place].question
        return {self.box: question, self.edited: place, self.editing: EDITING}

    def _leave_question(self) -> Updates:
        return {self.box: "", self.edited: None, self.editing: ""}

    # Past conversations

    @shows_errors("past")
    def _list(self, conversation: Conversation | None, request: gr.Request, words: str = "") -> Updates:
        user_id = user_id_of(request)
        if words:
            past = self.history.search(user_id, words, self.service.view(clearance_of(request)))
        else:
            past = self.history.latest(user_id)
        current = conversation.id if conversation else None
        return {self.past: render("history.html", past=past, current=current, searching=bool(words))}

    @shows_errors("past")
    def _manage(self, conversation: Conversation | None, event: gr.EventData, request: gr.Request) -> Updates:
        """Search the list, rename or delete in it."""
        data, user_id = data_of(event), user_id_of(request)
        if data.get("title"):
            self.history.rename(user_id, str(data["id"]), str(data["title"]))
        elif data.get("id"):
            self.history.forget(user_id, str(data["id"]))
        listed: Updates = self._list(conversation, request, str(data.get("words", "")))
        return listed

    def _home(self, conversation: Conversation | None, request: gr.Request) -> Updates:
        looked: Updates = self._look(None, request)  # something may have come since the page was opened
        return self._leave_for(Conversation(), conversation, request) | looked

    def _restore(
        self, conversation: Conversation | None, event: gr.EventData, request: gr.Request
    ) -> Updates:
        data = data_of(event)
        try:
            view = self.service.view(clearance_of(request))
            found = self.history.load(user_id_of(request), str(data["id"]), view)
        except BaseException as error:  # noqa: BLE001 - where all errors of this event end
            failed = Exchange("Open a past conversation", problem=message_for(error))
            found = Conversation().asking(failed)
        found = self._styled(found or Conversation(), request)
        opened = self._leave_for(found, conversation, request, str(data.get("draft", "")))
        return opened | (self._written_by(found.exchanges[-1].model, request) if found.exchanges else {})

    def _leave_for(
        self, other: Conversation, left: Conversation | None, request: gr.Request, draft: str = ""
    ) -> Updates:
        """Another conversation in place of the one that was open, of whose last answer is kept what was written."""
        if left is not None and left.unfinished:
            self._save(stopped(left), request)
        listed: Updates = self._list(other, request)
        return self._opened(other) | {self.box: composer(draft)} | listed


def _exchange(text: str, filters: Filters | None, model: str) -> Exchange:
    return Exchange(text, filters=filters or Filters(), model=model)


def composer(draft: str | None = None, *, busy: bool = False) -> dict[str, Any]:
    """The composer's button, and what stands in it; what is typed stays where there is no draft."""
    text: dict[str, Any] = {} if draft is None else {"value": draft}
    return gr.update(**text, submit_btn=False if busy else "Ask", stop_btn="Stop" if busy else False)
