"""Watches: what is saved to be looked for in what arrives, and what is new for each."""

import gradio as gr

from qa.dossier.watching import NewCable, Watch, last_arrival, news_for
from vectorstore.access import Clearance
from web.panes.components import AT_ONCE, QUIET, Updates, data_of, shows_errors
from web.render.templating import render
from web.security import audit_log
from web.security.access import Principal, principal_of
from web.services.archive_service import ArchiveService
from web.services.watch_store import WatchStore

MAX_REMEMBERED = 1_000
"""News of watches that are remembered until something arrives."""

SHOWS_ERRORS = shows_errors("list")


class WatchesPane:
    """The list of watches, in `place`; what is new for one of them is shown on `page`."""

    def __init__(self, service: ArchiveService, store: WatchStore, place: gr.HTML, page: gr.HTML) -> None:
        self.service = service
        self.store = store
        self.list = place
        self.page = page
        self._news: dict[tuple[Clearance, Watch, int], list[NewCable]] = {}

    def connect(self, bridge: gr.HTML) -> None:
        """Let watches be saved, looked at and deleted."""
        bridge.watches(self._draw, None, self.list, **AT_ONCE)
        bridge.watch(self._save, None, self.list, **QUIET)
        bridge.unwatch(self._forget, None, self.list, **QUIET)
        bridge.news(self._open, None, [self.list, self.page], **QUIET)
        bridge.seen(self._mark_seen, None, [self.list, self.page], **QUIET)

    @SHOWS_ERRORS
    def _draw(self, request: gr.Request) -> Updates:
        return self._listed(request)

    @SHOWS_ERRORS
    def _save(self, event: gr.EventData, request: gr.Request) -> Updates:
        text, user = str(data_of(event).get("text", "")), principal_of(request)
        audit_log.note(request, "watch", text=text)
        self.store.add(user.user_id, text, last_arrival(self.service.view(user.clearance)))
        return self._listed(request)

    @SHOWS_ERRORS
    def _forget(self, event: gr.EventData, request: gr.Request) -> Updates:
        self.store.forget(principal_of(request).user_id, str(data_of(event)["id"]))
        return self._listed(request)

    @SHOWS_ERRORS
    def _open(self, event: gr.EventData, request: gr.Request) -> Updates:
        """What is new for one watch."""
        user, id = principal_of(request), str(data_of(event)["id"])
        watch = next((own for own in self.store.of(user.user_id) if own.id == id), None)
        if watch is None:
            return self._listed(request)
        page = render("watch_news.html", watch=watch, news=self._news_for(watch, user))
        return self._listed(request, id) | {self.page: page}

    @SHOWS_ERRORS
    def _mark_seen(self, event: gr.EventData, request: gr.Request) -> Updates:
        user = principal_of(request)
        arrival = last_arrival(self.service.view(user.clearance))
        self.store.mark_seen(user.user_id, str(data_of(event)["id"]), arrival)
        opened: Updates = self._open(event, request)
        return opened

    def _listed(self, request: gr.Request, current: str = "") -> Updates:
        user = principal_of(request)
        watches = [(watch, self._news_for(watch, user)) for watch in self.store.of(user.user_id)]
        fresh = sum(len(news) for _, news in watches)
        listed = render(
            "watches.html", watches=watches, current=current, fresh=fresh, signed_in=bool(user.name)
        )
        return {self.list: listed}

    def _news_for(self, watch: Watch, user: Principal) -> list[NewCable]:
        """What is new for a watch; looked for once after each arrival."""
        chain = self.service.chain(user.clearance)
        view = chain.retriever.view
        latest = last_arrival(view)
        if not chain.retriever.archive.refresh(view):
            return []  # looked for again soon
        key = (user.clearance, watch, latest)
        if key not in self._news:
            if len(self._news) >= MAX_REMEMBERED:
                self._news.clear()
            self._news[key] = news_for(watch, chain, min(watch.seen, latest))
        return self._news[key]
