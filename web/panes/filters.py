"""The filters pane: chips above the composer, and the panel that sets them."""

from dataclasses import replace

import gradio as gr

from vectorstore.query import Filters
from web.panes.components import AT_ONCE, Updates, data_of, html, shows_errors
from web.render.filters import chosen, facets_of, render_chips, render_panel, without
from web.security.access import clearance_of
from web.services.archive_service import ArchiveService
from web.services.questions import MAX_ID_CHARS

SHOWS_ERRORS = shows_errors("panel")


class FiltersPane:
    """What the search is limited to, in one state that the conversation reads."""

    def __init__(self, service: ArchiveService) -> None:
        self.service = service
        self.filters = gr.State(None)
        self.panel = html("panel")
        self.chips = html("chips", render_chips(Filters()))

    def connect(self, bridge: gr.HTML) -> None:
        """Let the panel open and set filters, and the chips remove them."""
        outputs = [self.filters, self.chips, self.panel]
        bridge.facets(self._open, self.filters, outputs, **AT_ONCE)
        bridge.filter(self._filter, self.filters, outputs, **AT_ONCE)
        bridge.only(self._only, self.filters, outputs, **AT_ONCE)
        bridge.unfilter(self._unfilter, self.filters, outputs, **AT_ONCE)

    @SHOWS_ERRORS
    def _open(self, filters: Filters | None, request: gr.Request) -> Updates:
        return {self.panel: panel_of(self.service, filters or Filters(), request)}

    @SHOWS_ERRORS
    def _filter(self, filters: Filters | None, event: gr.EventData, request: gr.Request) -> Updates:
        cables = filters.cables if filters else ()  # which the form does not hold
        return self._set(replace(chosen(data_of(event)), cables=cables), request)

    @SHOWS_ERRORS
    def _only(self, filters: Filters | None, event: gr.EventData, request: gr.Request) -> Updates:
        """Limit the next questions to cables that were selected on the archive page."""
        cables = tuple(str(cable_id)[:MAX_ID_CHARS] for cable_id in data_of(event).get("cables", ()))
        return self._set(replace(filters or Filters(), cables=cables), request)

    @SHOWS_ERRORS
    def _unfilter(self, filters: Filters | None, event: gr.EventData, request: gr.Request) -> Updates:
        data = data_of(event)
        left = without(filters or Filters(), str(data["what"]), str(data.get("value", "")))
        return self._set(left, request)

    def _set(self, filters: Filters, request: gr.Request) -> Updates:
        panel = panel_of(self.service, filters, request)
        return {self.filters: filters, self.chips: render_chips(filters), self.panel: panel}


def panel_of(service: ArchiveService, filters: Filters, request: gr.Request) -> str:
    """The panel with counts of what its reader may see."""
    return render_panel(facets_of(service.view(clearance_of(request)), filters), filters)
