"""The archive page: what is in it, a table of all cables; for editors upload, re-embedding and withdrawal."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from cables.sandbox import SandboxedReader
from vectorstore.indexing.indexer import Indexer
from vectorstore.query import Filters
from vectorstore.storage.catalog_view import CatalogView
from web.gradio_compat.events import data_of
from web.panes.components import AT_ONCE, QUIET, html, shows_errors
from web.render.archive import (
    COLUMNS,
    ROWS_PER_PAGE,
    ArchiveFacts,
    TableState,
    render_facts,
    render_problem,
    render_progress,
    render_report,
    render_runs,
    render_search,
    render_table,
    render_withdrawn,
)
from web.render.charts import archive_chart
from web.render.filters import chosen, facets_of
from web.security import audit_log
from web.security.access import clearance_of, principal_of, require_editor
from web.services import uploads
from web.services.archive_service import ArchiveService
from web.services.questions import MAX_WORDS_CHARS

AGAIN = """
<p class="again">Add files and ZIPs, or drop them on this page. Index again reads every known file again and
embeds what has changed; after a change of the embedder, everything.</p>
"""
IN_TURN = QUIET | {"trigger_mode": "multiple", "concurrency_limit": 1, "concurrency_id": "indexing"}
"""Files that are added while others are being indexed wait for their turn."""
LAST = AT_ONCE | {"trigger_mode": "always_last"}
"""What is chosen while the table is still being made for an earlier choice is not dropped, as Gradio else does."""
POSTS, COLOURED = 10, 5
"""Posts that the picture shows, and those of them that have a colour in it."""

SHOWS_ERRORS = shows_errors(lambda message: str(render_problem(message)))


class ArchivePane:
    """The archive's components and what they do."""

    def __init__(self, service: ArchiveService) -> None:
        self.service = service
        self.order = gr.State(None)
        html("archive-title", "<h1>Archive</h1>")
        self.facts = html("facts")
        with gr.Row(elem_id="archive-tools") as self.tools:
            self.add = gr.UploadButton("Add cables", file_count="multiple", elem_id="add-cables")
            self.embed = gr.Button("Index again", elem_id="embed-again")
        html("again", AGAIN)
        self.run = html("run")
        self.runs = html("runs")
        self.browse = html("browsing")
        self.table = html("table")
        self.running: uploads.IndexRunProgress | None = None

    def connect(self, bridge: gr.HTML) -> None:
        """Let the table sort and turn, and files be added."""
        page = [self.facts, self.runs, self.browse, self.table, self.tools]
        bridge.archive(self._page, self.order, page, **AT_ONCE)
        bridge.follow(self._follow, None, self.run, **QUIET).then(self._page, self.order, page, **QUIET)
        for event in (bridge.sort, bridge.turn, bridge.find):
            event(self._arrange, self.order, [self.order, self.table], **LAST)
        runs = (
            self.add.upload(self._add, self.add, self.run, **IN_TURN),
            self.embed.click(self._again, None, self.run, **IN_TURN),
            bridge.withdraw(self._withdraw, None, self.run, **IN_TURN),
        )
        for run in runs:
            run.then(self._page, self.order, page, **QUIET)

    @shows_errors(lambda message: (str(render_problem(message)), "", "", "", gr.skip()))
    def _page(self, order: TableState | None, request: gr.Request) -> tuple[Any, ...]:
        edits = principal_of(request).role.edits
        tools = gr.Row(visible=edits)
        view = self.service.view(clearance_of(request))
        cables, paragraphs = view.count()
        facts = ArchiveFacts(
            self.service.data.resolve() if edits else None,
            cables,
            paragraphs,
            view.span(),
            uploads.octets(self.service.data) if edits else 0,
            (view.meta("built with") or "").partition("@")[0],
            self.service.model,
        )
        runs, order = view.runs(), order or TableState()
        told = render_runs(runs, uploads.failing(self.service.archive, runs))
        table = self._table(view, order, edits)
        return str(render_facts(facts)), str(told), self._browse(view, order), table, tools

    def _browse(self, view: CatalogView, order: TableState) -> str:
        facets = facets_of(view, Filters())
        posts = [(choice.value, choice.count) for choice in facets.choices["posts"][:POSTS]]
        months_of = {post: view.tally("month", Filters(posts=(post,))) for post, _ in posts[:COLOURED]}
        return str(render_search(facets, order, archive_chart(facets.months, posts, months_of)))

    def _table(self, view: CatalogView, order: TableState, edits: bool) -> str:
        rows, total = view.listed(
            order.filters,
            order.words,
            order=order.column,
            down=order.down,
            start=order.start,
            limit=ROWS_PER_PAGE,
        )
        return str(render_table(rows, total, order, edits))

    @shows_errors(lambda message: (gr.skip(), str(render_problem(message))))
    def _arrange(
        self, order: TableState | None, event: gr.EventData, request: gr.Request
    ) -> tuple[TableState, str]:
        """Sort, turn the page or find, whichever the event says."""
        order, data = order or TableState(), data_of(event)
        if data.get("column") in COLUMNS:
            order = replace(order, column=str(data["column"]), down=bool(data.get("down")), start=0)
        elif "words" in data:
            order = replace(order, words=str(data["words"])[:MAX_WORDS_CHARS], filters=chosen(data), start=0)
        else:
            order = replace(order, start=max(int(data.get("start", 0)), 0))
        principal = principal_of(request)
        return order, self._table(self.service.view(principal.clearance), order, principal.role.edits)

    # Indexing

    @SHOWS_ERRORS
    def _add(self, files: list[str], request: gr.Request) -> Iterator[str]:
        require_editor(request)
        audit_log.note(request, "upload", files=[Path(file).name for file in files])
        archive = self.service.archive
        kept = uploads.keep([Path(file) for file in files or ()], archive.uploads)
        yield from self._shown(uploads.add(archive, kept))

    @SHOWS_ERRORS
    def _again(self, request: gr.Request) -> Iterator[Any]:
        """Read every known source again, and embed again what was embedded by another embedder."""
        require_editor(request)
        audit_log.note(request, "index again")
        archive = self.service.open_for_indexing()
        with SandboxedReader() as reader:
            yield from self._shown(uploads.index(archive, uploads.known_sources(archive), reader))

    @SHOWS_ERRORS
    def _withdraw(self, event: gr.EventData, request: gr.Request) -> str:
        """Take one cable out of the archive; its file stays."""
        require_editor(request)
        cable, catalog = str(data_of(event).get("cable", "")), self.service.archive.catalog
        audit_log.note(request, "withdraw", cable=cable)
        file = catalog.origin(cable)[0] if catalog.cable_state(cable) else ""
        report = Indexer(self.service.archive).withdraw([cable])
        self.service.reopen()
        if not report.withdrawn:
            return str(render_problem(f"{cable} is not in the archive any more."))
        return str(render_withdrawn(cable, file))

    def _shown(self, states: Iterator[uploads.IndexRunProgress]) -> Iterator[str]:
        for running in states:
            self.running = running
            yield str(render_progress(running.progress, running.seconds))
        self.service.reopen()
        if running.report is not None:
            yield str(render_report(running.report))
        else:
            yield str(render_problem(running.problem))

    @SHOWS_ERRORS
    def _follow(self, request: gr.Request) -> Iterator[Any]:
        """For editors, the progress of a run that was started before this page was opened, or on another."""
        running = self.running
        if running is None or running.over or not principal_of(request).role.edits:
            yield gr.skip()
            return
        while not running.over:
            yield str(render_progress(running.progress, running.seconds))
            time.sleep(uploads.LOOK)
        yield str(render_report(running.report)) if running.report else str(render_problem(running.problem))
