"""The page: the panes put together."""

import gradio as gr

from web import api
from web.assets import STATIC, Assets
from web.panes.archive import ArchivePane
from web.panes.chat import ChatPane
from web.panes.check import CheckPane
from web.panes.components import AT_ONCE, html
from web.panes.dossiers import DossiersPane
from web.panes.reader import ReaderPane
from web.panes.settings import SettingsPane
from web.panes.watches import WatchesPane
from web.render.templating import render
from web.security.access import principal_of
from web.services.archive_service import ArchiveService
from web.services.dossier_store import DossierStore
from web.services.history import ConversationStore
from web.services.own_file import OWN_FILE
from web.services.watch_store import WatchStore

EVENTS = (
    *("ask", "retry", "edit", "keep", "home", "restore", "search", "rename", "forget", "looked"),
    *("read", "close", "facets", "filter", "unfilter", "only"),
    *("archive", "follow", "list", "sort", "turn", "find", "csv", "withdraw", "undo", "samples"),
    *("dossiers", "compose", "dossier", "retitle", "discard", "pin", "note", "unpin", "summarise"),
    *("watches", "watch", "unwatch", "news", "seen"),
    *("settings", "choose", "trial", "remote", "unremote", "cite"),
    *("check", "uncheck"),
)
"""What the page's scripts send (static/js/events.js); a pane listens to each by `bridge.name`."""


def build_page(service: ArchiveService, assets: Assets) -> gr.Blocks:
    """The whole chat over one archive."""
    page: gr.Blocks
    own_file = service.data / OWN_FILE
    with gr.Blocks(title="Reftel", fill_width=True, analytics_enabled=False) as page:
        bridge = html("bridge", js=assets.bootstrap(EVENTS))
        html("top", (STATIC / "top.html").read_text())
        summary = html("summary")
        visitor = html("visitor")
        page.load(_visitor, None, visitor, **AT_ONCE)
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="past-pane"):
                past = html("past")
            with gr.Column(elem_id="chat-pane"):
                chat = ChatPane(service, ConversationStore(own_file), past, summary)
            with gr.Column(elem_id="reader-pane"):
                reader = ReaderPane(service)
        with gr.Column(elem_id="archive-pane"):
            archive = ArchivePane(service)
        pinned = html("pinned")
        with gr.Column(elem_id="dossiers-pane"):
            dossiers = DossiersPane(service, DossierStore(own_file), pinned)
            watches = WatchesPane(service, WatchStore(own_file), dossiers.watches, dossiers.page)
        with gr.Column(elem_id="check-pane"):
            check = CheckPane(service)
        with gr.Column(elem_id="settings-pane"):
            settings = SettingsPane(service)
        archive.connect(bridge, chat.conversation)
        dossiers.connect(bridge, chat.model)
        watches.connect(bridge)
        check.connect(bridge, chat.model)
        settings.connect(bridge, chat.model, chat.writer)
        chat.filters.connect(bridge)
        chat.connect(page, bridge)
        reader.connect(page, bridge, chat.conversation)
        api.connect(service)
    page.queue(default_concurrency_limit=16)
    return page


def _visitor(request: gr.Request) -> str:
    """Who has signed in, for the top bar, with a button to sign out; nothing to be seen without accounts."""
    return render("visitor.html", name=principal_of(request).name)
