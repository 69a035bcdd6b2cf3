"""The reader pane: which cable, which paragraph, with which marks."""

from typing import Any

import gradio as gr

from cables import ids
from qa.answer import Citation
from qa.export.citation_style import CitationStyle
from vectorstore.storage.catalog_view import CatalogView
from web.panes.components import AT_ONCE, Updates, data_of, html, shows_errors
from web.render.reader import Reading, render_problem, render_reader
from web.render.templating import render
from web.security import audit_log
from web.security.access import clearance_of, user_id_of
from web.services.archive_service import ArchiveService
from web.services.conversation import Conversation
from web.services.questions import MAX_ID_CHARS

EMPTY = render("reader_empty.html")
"""The reader before a cable is open."""
SHOWS_ERRORS = shows_errors("reader", render_problem)


def read(
    view: CatalogView,
    cable_id: str,
    para: str | None = None,
    *,
    conversation: Conversation | None = None,
    place: int | None = None,
    n: int | None = None,
    original: bool = False,
    version: int = 0,
    style: CitationStyle = CitationStyle.CHICAGO,
) -> str:
    """A cable as HTML. `para` is the paragraph's part of its key; `place` and `n` tell the marker.

    `version` is the number of another text under its id, from 1.
    """
    cable_id = cable_id[:MAX_ID_CHARS]
    cable = view.cable(ids.canonical(cable_id) or cable_id)
    if cable is None:
        return render_problem(f"{cable_id} is not in this archive.")
    versions = view.versions(cable.id)
    cable = versions[version - 1] if 0 < version <= len(versions) else cable
    keys = {paragraph.key for paragraph in cable.paragraphs}
    key = f"{cable.id}.{para}"
    referred = [reference.cable_id for reference in cable.references if reference.cable_id]
    reading = Reading(
        cable,
        key if key in keys else None,
        _citations(conversation, place),
        place,
        n,
        known=view.contains(referred),
        cited_by=view.cited_by(cable.id),
        original=original,
        style=style,
        version=version,
        versions=versions,
    )
    return render_reader(reading)


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
        self.reader = html("reader", EMPTY)

    def connect(self, page: gr.Blocks, bridge: gr.HTML, conversation: gr.State) -> None:
        """Let markers and links open it."""
        page.load(self._from_address, None, self.reader, **AT_ONCE)
        bridge.read(self._open, conversation, self.reader, **AT_ONCE)
        bridge.close(lambda: EMPTY, None, self.reader, **AT_ONCE)

    @SHOWS_ERRORS
    def _open(self, conversation: Conversation | None, event: gr.EventData, request: gr.Request) -> Updates:
        return {self.reader: self._read(data_of(event), request, conversation)}

    @SHOWS_ERRORS
    def _from_address(self, request: gr.Request) -> Updates:
        """The cable that `?cable=08BEIJING1488&para=2` names."""
        query = dict(request.query_params)
        return {self.reader: self._read(query, request) if query.get("cable") else EMPTY}

    def _read(
        self, data: dict[str, Any], request: gr.Request, conversation: Conversation | None = None
    ) -> str:
        view = self.service.view(clearance_of(request))
        cable_id, para = str(data["cable"]), data.get("para") or None
        place, n = (int(data[name]) if data.get(name) else None for name in ("place", "n"))
        audit_log.note(request, "read", cable=cable_id, paragraph=para or "")
        original, version = bool(data.get("original")), int(data.get("version") or 0)
        return read(
            view,
            cable_id,
            para,
            conversation=conversation,
            place=place,
            n=n,
            original=original,
            version=version,
            style=self.service.preferences.citation_style(user_id_of(request)),
        )
