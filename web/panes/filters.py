"""The filters pane: chips above the composer, and the panel that sets them."""

import gradio as gr

from vectorstore.query import Filters
from web.gradio_compat.events import data_of
from web.panes.components import AT_ONCE, html, shows_errors
from web.render.filters import chosen, facets_of, render_chips, render_panel, without
from web.security.access import clearance_of
from web.services.archive_service import ArchiveService

Shown = tuple[Filters, str, str]
"""(filters, chips as HTML, panel as HTML)"""


class FiltersPane:
    """What the search is limited to, in one state that the conversation reads."""

    def __init__(self, service: ArchiveService) -> None:
        self.service = service
        self.filters = gr.State(None)
        self.panel = html("panel")
        self.chips = html("chips", str(render_chips(Filters())))

    def connect(self, bridge: gr.HTML) -> None:
        """Let the panel open and set filters, and the chips remove them."""
        outputs = [self.filters, self.chips, self.panel]
        bridge.facets(self._facets, self.filters, self.panel, **AT_ONCE)
        bridge.filter(self._filter, None, outputs, **AT_ONCE)
        bridge.unfilter(self._unfilter, self.filters, outputs, **AT_ONCE)

    @shows_errors(str)
    def _facets(self, filters: Filters | None, request: gr.Request) -> str:
        view = self.service.view(clearance_of(request))
        return str(render_panel(facets_of(view, filters or Filters()), filters or Filters()))

    def _filter(self, event: gr.EventData, request: gr.Request) -> Shown:
        return self._shown(chosen(data_of(event)), request)

    def _unfilter(self, filters: Filters | None, event: gr.EventData, request: gr.Request) -> Shown:
        data = data_of(event)
        return self._shown(
            without(filters or Filters(), str(data["what"]), str(data.get("value", ""))), request
        )

    def _shown(self, filters: Filters, request: gr.Request) -> Shown:
        return filters, str(render_chips(filters)), self._facets(filters, request)
