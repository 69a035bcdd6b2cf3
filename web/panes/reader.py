"""The reader pane: which cable, which paragraph, with which marks."""

from typing import Any

import gradio as gr

from cables import ids
from qa.answer import Citation
from vectorstore.storage.catalog_view import CatalogView
from web.gradio_compat.events import data_of
from web.panes.components import AT_ONCE, html, shows_errors
from web.render.reader import Reading, render_empty, render_missing, render_problem, render_reader
from web.security import audit_log
from web.security.access import clearance_of
from web.services.archive_service import ArchiveService
from web.services.conversation import Conversation
from web.services.questions import MAX_ID_CHARS

SHOWS_ERRORS = shows_errors(lambda message: str(render_problem(message)))


def read(
    view: CatalogView,
    cable_id: str,
    para: str | None = None,
    *,
    conversation: Conversation | None = None,
    place: int | None = None,
    n: int | None = None,
    original: bool = False,
) -> str:
    """A cable as HTML. `para` is the paragraph's part of its key; `place` and `n` tell the marker."""
    cable_id = cable_id[:MAX_ID_CHARS]
    cable = view.cable(ids.canonical(cable_id) or cable_id)
    if cable is None:
        return str(render_missing(cable_id))
    citations = _citations(conversation, place)
    keys = {paragraph.key for paragraph in cable.paragraphs}
    key = f"{cable.id}.{para}" if para else None
    referred = [reference.cable_id for reference in cable.references if reference.cable_id]
    reading = Reading(
        cable, key if key in keys else None, citations, place, n,
        known=view.contains(referred), cited_by=view.cited_by(cable.id), original=original,
    )  # fmt: skip
    return str(render_reader(reading))


def _citations(conversation: Conversation | None, place: int | None) -> tuple[Citation, ...]:
    """Those of one answer of the conversation."""
    if conversation is None or place is None or not 0 <= place < len(conversation.exchanges):
        return ()
    answer = conversation.exchanges[place].answer
    return answer.citations if answer else ()


class ReaderPane:
    """The reader, opened by markers, links and the page's own address."""

    def __init__(self, service: ArchiveService) -> None:
        self.service = service
        self.shown = html("reader", str(render_empty()))

    def connect(self, page: gr.Blocks, bridge: gr.HTML, conversation: gr.State) -> None:
        """Let markers and links open it."""
        page.load(self._from_address, None, self.shown, **AT_ONCE)
        bridge.read(self._open, conversation, self.shown, **AT_ONCE)
        bridge.close(lambda: str(render_empty()), None, self.shown, **AT_ONCE)

    @SHOWS_ERRORS
    def _open(self, conversation: Conversation | None, event: gr.EventData, request: gr.Request) -> str:
        return self._read(data_of(event), request, conversation)

    @SHOWS_ERRORS
    def _from_address(self, request: gr.Request) -> str:
        """The cable that `?cable=08BEIJING1488&para=2` names."""
        query = dict(request.query_params)
        return self._read(query, request) if query.get("cable") else str(render_empty())

    def _read(
        self, data: dict[str, Any], request: gr.Request, conversation: Conversation | None = None
    ) -> str:
        view = self.service.view(clearance_of(request))
        place, n = data.get("place"), data.get("n")
        audit_log.note(request, "read", cable=str(data["cable"]), paragraph=str(data.get("para") or ""))
        return read(
            view, str(data["cable"]), data.get("para") or None, conversation=conversation,
            place=int(place) if place else None, n=int(n) if n else None, original=bool(data.get("original")),
        )  # fmt: skip
