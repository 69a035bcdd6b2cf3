"""The page: the panes put together."""

import gradio as gr

from web import api
from web.panes.archive import ArchivePane
from web.panes.chat import ChatPane
from web.panes.components import AT_ONCE, STATIC, html, script
from web.panes.reader import ReaderPane
from web.security.access import principal_of
from web.security.sign_in import render_visitor
from web.services.archive_service import ArchiveService
from web.services.history import ConversationStore


def build_page(service: ArchiveService) -> gr.Blocks:
    """The whole chat over one desk."""
    page: gr.Blocks
    with gr.Blocks(title="Reftel", fill_width=True, analytics_enabled=False) as page:
        bridge = html("bridge", js=script())
        html("top", (STATIC / "top.html").read_text())
        visitor = html("visitor")
        page.load(_visitor, None, visitor, **AT_ONCE)
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="past-pane"):
                past = html("past")
            with gr.Column(elem_id="chat-pane"):
                chat = ChatPane(service, ConversationStore(service.data / "conversations.sqlite"))
            with gr.Column(elem_id="reader-pane"):
                reader = ReaderPane(service)
        with gr.Column(elem_id="archive-pane"):
            archive = ArchivePane(service)
        archive.connect(bridge)
        chat.filters.connect(bridge)
        chat.connect(page, bridge, past)
        reader.connect(page, bridge, chat.conversation)
        api.connect(service)
    page.queue(default_concurrency_limit=16)
    return page


def _visitor(request: gr.Request) -> str:
    """Who has signed in, for the top bar."""
    return str(render_visitor(principal_of(request).name))
