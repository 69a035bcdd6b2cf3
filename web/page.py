"""The page: the panes put together."""

import gradio as gr

from web import api
from web.assets import STATIC, Assets
from web.panes.archive import ArchivePane
from web.panes.chat import ChatPane
from web.panes.components import AT_ONCE, html
from web.panes.reader import ReaderPane
from web.panes.settings import SettingsPane
from web.render.templating import render
from web.security.access import principal_of
from web.services.archive_service import ArchiveService
from web.services.history import ConversationStore

EVENTS = (
    *("ask", "retry", "edit", "keep", "home", "restore", "search", "rename", "forget"),
    *("read", "close", "facets", "filter", "unfilter"),
    *("archive", "follow", "sort", "turn", "find", "withdraw"),
    *("settings", "choose", "trial"),
)
"""What the page's scripts send (static/js/events.js); a pane listens to each by `bridge.name`."""


def build_page(service: ArchiveService, assets: Assets) -> gr.Blocks:
    """The whole chat over one archive."""
    page: gr.Blocks
    with gr.Blocks(title="Reftel", fill_width=True, analytics_enabled=False) as page:
        bridge = html("bridge", js=assets.bootstrap(EVENTS))
        html("top", (STATIC / "top.html").read_text())
        visitor = html("visitor")
        page.load(_visitor, None, visitor, **AT_ONCE)
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="past-pane"):
                past = html("past")
            with gr.Column(elem_id="chat-pane"):
                history = ConversationStore(service.data / "conversations.sqlite")
                chat = ChatPane(service, history, past)
            with gr.Column(elem_id="reader-pane"):
                reader = ReaderPane(service)
        with gr.Column(elem_id="archive-pane"):
            archive = ArchivePane(service)
        with gr.Column(elem_id="settings-pane"):
            settings = SettingsPane(service)
        archive.connect(bridge)
        settings.connect(bridge)
        chat.filters.connect(bridge)
        chat.connect(page, bridge)
        reader.connect(page, bridge, chat.conversation)
        api.connect(service)
    page.queue(default_concurrency_limit=16)
    return page


def _visitor(request: gr.Request) -> str:
    """Who has signed in, for the top bar, with a button to sign out; nothing to be seen without accounts."""
    return render("visitor.html", name=principal_of(request).name)
