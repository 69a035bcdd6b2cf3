"""The archive page: what is in it, a table of all cables; for editors upload, re-embedding and withdrawal."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr

from cables.sandbox import SandboxedReader
from vectorstore.indexing.indexer import Indexer
from vectorstore.query import Filters
from vectorstore.storage.catalog_view import CatalogView
from web.panes.components import AT_ONCE, QUIET, Updates, data_of, html, shows_errors
from web.render.archive import (
    COLUMNS,
    ROWS_PER_PAGE,
    ArchiveFacts,
    TableState,
    render_facts,
    render_progress,
    render_report,
    render_runs,
    render_search,
    render_table,
)
from web.render.charts import archive_chart
from web.render.filters import chosen, facets_of
from web.render.templating import render, render_problem
from web.security import audit_log
from web.security.access import Principal, principal_of, require_editor
from web.services import uploads
from web.services.archive_service import ArchiveService
from web.services.questions import MAX_WORDS_CHARS

IN_TURN = QUIET | {"trigger_mode": "multiple", "concurrency_limit": 1, "concurrency_id": "indexing"}
"""Files that are added while others are being indexed wait for their turn."""
LATEST = AT_ONCE | {"trigger_mode": "always_last"}
"""What is chosen while the table is still being made for an earlier choice is not dropped, as Gradio else does."""
MAX_POSTS_SHOWN = 10
"""In the picture of the archive."""
MAX_POSTS_COLOURED = 5

SHOWS_ERRORS = shows_errors("run")


class ArchivePane:
    """The archive's components and what they do."""

    def __init__(self, service: ArchiveService) -> None:
        self.service = service
        self.running: uploads.IndexRunProgress | None = None
        self.state = gr.State(None)
        html("archive-title", "<h1>Archive</h1>")
        self.facts = html("facts")
        with gr.Row(elem_id="archive-tools") as self.tools:
            self.add = gr.UploadButton("Add cables", file_count="multiple", elem_id="add-cables")
            self.again = gr.Button("Index again", elem_id="embed-again")
        html("again", render("index_help.html"))
        self.run = html("run")
        self.runs = html("runs")
        self.search = html("browsing")
        self.table = html("table")

    def connect(self, bridge: gr.HTML) -> None:
        """Let the table sort and turn, and files be added."""
        page = [self.facts, self.runs, self.search, self.table, self.tools]
        bridge.archive(self._draw, self.state, page, **AT_ONCE)
        bridge.follow(self._follow, None, self.run, **QUIET).then(self._draw, self.state, page, **QUIET)
        for event in (bridge.sort, bridge.turn, bridge.find):
            event(self._arrange, self.state, [self.state, self.table], **LATEST)
        runs = (
            self.add.upload(self._add, self.add, self.run, **IN_TURN),
            self.again.click(self._index_again, None, self.run, **IN_TURN),
            bridge.withdraw(self._withdraw, None, self.run, **IN_TURN),
        )
        for run in runs:
            run.then(self._draw, self.state, page, **QUIET)

    @shows_errors("facts")
    def _draw(self, state: TableState | None, request: gr.Request) -> Updates:
        principal = principal_of(request)
        shown = archive_page(self.service, state or TableState(), principal)
        return {
            self.facts: shown.facts,
            self.runs: shown.runs,
            self.search: shown.search,
            self.table: shown.table,
            self.tools: gr.Row(visible=principal.role.edits),
        }

    @shows_errors("table")
    def _arrange(self, state: TableState | None, event: gr.EventData, request: gr.Request) -> Updates:
        """Sort, turn the page or find, whichever the event says."""
        state, principal = arranged(state or TableState(), data_of(event)), principal_of(request)
        table = table_of(self.service.view(principal.clearance), state, principal.role.edits)
        return {self.state: state, self.table: table}

    # Indexing

    @SHOWS_ERRORS
    def _add(self, files: list[str], request: gr.Request) -> Iterator[Updates]:
        require_editor(request)
        audit_log.note(request, "upload", files=[Path(file).name for file in files])
        archive = self.service.archive
        kept = uploads.keep([Path(file) for file in files or ()], archive.uploads)
        yield from self._shown(uploads.add(archive, kept))

    @SHOWS_ERRORS
    def _index_again(self, request: gr.Request) -> Iterator[Updates]:
        """Read every known source again, and embed again what was embedded by another embedder."""
        require_editor(request)
        audit_log.note(request, "index again")
        archive = self.service.open_for_indexing()
        with SandboxedReader() as reader:
            yield from self._shown(uploads.index(archive, uploads.known_sources(archive), reader))

    @SHOWS_ERRORS
    def _withdraw(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Take one cable out of the archive; its file stays."""
        require_editor(request)
        cable, catalog = str(data_of(event).get("cable", "")), self.service.archive.catalog
        audit_log.note(request, "withdraw", cable=cable)
        file = catalog.origin(cable)[0] if catalog.cable_state(cable) else ""
        report = Indexer(self.service.archive).withdraw([cable])
        self.service.reopen()
        if not report.withdrawn:
            return {self.run: render_problem(f"{cable} is not in the archive any more.")}
        return {self.run: render("withdrawn.html", cable_id=cable, file=file)}

    def _shown(self, states: Iterator[uploads.IndexRunProgress]) -> Iterator[Updates]:
        for running in states:
            self.running = running
            yield {self.run: render_progress(running.progress, running.seconds)}
        self.service.reopen()
        yield {self.run: outcome_of(running)}

    @SHOWS_ERRORS
    def _follow(self, request: gr.Request) -> Iterator[Updates]:
        """For editors, the progress of a run that was started before this page was opened, or on another."""
        running = self.running
        if running is None or running.over or not principal_of(request).role.edits:
            yield {self.run: gr.skip()}
            return
        while not running.over:
            yield {self.run: render_progress(running.progress, running.seconds)}
            time.sleep(uploads.POLL_SECONDS)
        yield {self.run: outcome_of(running)}


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """All that the archive page shows, as HTML."""

    facts: str
    runs: str
    search: str
    table: str


def archive_page(service: ArchiveService, state: TableState, principal: Principal) -> ArchivePage:
    """The archive as this person sees it. Raises NotReady where there is nothing to see."""
    view, edits = service.view(principal.clearance), principal.role.edits
    runs = view.runs()
    return ArchivePage(
        render_facts(facts_of(service, view, edits)),
        render_runs(runs, uploads.failing(service.archive, runs)),
        search_of(view, state),
        table_of(view, state, edits),
    )


def facts_of(service: ArchiveService, view: CatalogView, edits: bool) -> ArchiveFacts:
    """Figures about the archive; where it is stored and how large it is are for editors."""
    cables, paragraphs = view.count()
    embedder = (view.meta("built with") or "").partition("@")[0]
    data = service.data.resolve() if edits else None
    size_bytes = uploads.octets(service.data) if edits else 0
    return ArchiveFacts(data, cables, paragraphs, view.span(), size_bytes, embedder, service.model)


def search_of(view: CatalogView, state: TableState) -> str:
    """The form above the table, with the picture of the whole archive."""
    facets = facets_of(view, Filters())
    posts = [(choice.value, choice.count) for choice in facets.choices["posts"][:MAX_POSTS_SHOWN]]
    coloured = [post for post, _ in posts[:MAX_POSTS_COLOURED]]
    months_of = {post: view.tally("month", Filters(posts=(post,))) for post in coloured}
    return render_search(facets, state, archive_chart(facets.months, posts, months_of))


def table_of(view: CatalogView, state: TableState, edits: bool) -> str:
    """One page of the table."""
    rows, total = view.listed(
        state.filters,
        state.words,
        order=state.column,
        down=state.down,
        start=state.start,
        limit=ROWS_PER_PAGE,
    )
    return render_table(rows, total, state, edits)


def arranged(state: TableState, data: Mapping[str, Any]) -> TableState:
    """The table's state after an event: sorted, turned or narrowed."""
    if data.get("column") in COLUMNS:
        return replace(state, column=str(data["column"]), down=bool(data.get("down")), start=0)
    if "words" in data:
        return replace(state, words=str(data["words"])[:MAX_WORDS_CHARS], filters=chosen(data), start=0)
    return replace(state, start=max(int(data.get("start", 0)), 0))


def outcome_of(running: uploads.IndexRunProgress) -> str:
    """What a run that is over has done, or why it could not."""
    return render_report(running.report) if running.report else render_problem(running.problem)
