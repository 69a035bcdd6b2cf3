"""The archive page: searching all texts; behind "Manage" how it was made, for editors with upload and withdrawal."""

import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
from markupsafe import Markup

from cables.sandbox import SandboxedReader
from vectorstore.indexing.indexer import Indexer
from vectorstore.query import Filters
from vectorstore.storage.catalog_view import CatalogView
from web.panes.components import AT_ONCE, QUIET, Updates, data_of, html, shows_errors
from web.render.formatting import day_words, size
from web.render.indexing import render_progress, render_report, render_runs
from web.render.search import (
    RELEVANCE,
    SearchState,
    render_facets,
    render_form,
    render_found,
    search,
    search_csv,
)
from web.render.search_names import render_names
from web.render.templating import render, render_problem
from web.security import audit_log
from web.security.access import Principal, clearance_of, principal_of, require_editor
from web.services import uploads
from web.services.archive_service import ArchiveService
from web.services.conversation import Conversation
from web.services.news import mark_looked, news_for
from web.services.questions import MAX_WORDS_CHARS

IN_TURN = QUIET | {"trigger_mode": "multiple", "concurrency_limit": 1, "concurrency_id": "indexing"}
"""Files that are added while others are being indexed wait for their turn."""
LATEST = AT_ONCE | {"trigger_mode": "always_last"}
"""What is chosen while the results of an earlier choice are still being made is not dropped, as Gradio else does."""

SHOWS_ERRORS = shows_errors("run")


class ArchivePane:
    """The archive's components and what they do."""

    def __init__(self, service: ArchiveService) -> None:
        self.service = service
        self.withdrawn: dict[str, str] = {}
        """The files of cables that were withdrawn here, so that it can be undone."""
        self.state = gr.State(None)
        html("archive-title", render("archive_title.html"))
        with gr.Column(elem_id="manage"):
            self.facts = html("facts")
            with gr.Row(elem_id="archive-tools") as self.tools:
                self.add = gr.UploadButton("Add cables", file_count="multiple", elem_id="add-cables")
                self.again = gr.Button("Index again", elem_id="embed-again")
            html("again", render("index_help.html"))
            self.runs = html("runs")
        self.run = html("run")
        self.form = html("browsing")
        with gr.Row(elem_id="search"):
            with gr.Column(elem_id="facet-column"):
                self.facets = html("facets")
                self.names = html("names")
            self.found = html("table")
        self.csv = html("csv")

    def connect(self, bridge: gr.HTML, conversation: gr.State) -> None:
        """Let the page search, and files be added."""
        found = [self.state, self.facets, self.found]
        page = [*found, self.form, self.facts, self.runs, self.tools]
        bridge.archive(self._draw, self.state, page, **AT_ONCE)
        bridge.follow(self._follow, None, self.run, **QUIET).then(self._redraw, self.state, page, **QUIET)
        bridge.list(self._list, conversation, page, **AT_ONCE).then(
            self._name, self.state, self.names, **LATEST
        )
        bridge.csv(self._csv, self.state, self.csv, **AT_ONCE)
        for event in (bridge.sort, bridge.turn, bridge.find):
            event(self._search, self.state, found, **LATEST).then(
                self._name, self.state, self.names, **LATEST
            )
        runs = (
            self.add.upload(self._add, self.add, self.run, **IN_TURN),
            self.again.click(self._index_again, None, self.run, **IN_TURN),
            bridge.withdraw(self._withdraw, None, self.run, **IN_TURN),
            bridge.undo(self._undo, None, self.run, **IN_TURN),
            bridge.samples(self._add_samples, None, self.run, **IN_TURN),
        )
        for run in runs:
            run.then(self._draw, self.state, page, **QUIET)

    @shows_errors("found")
    def _draw(self, state: SearchState | None, request: gr.Request) -> Updates:
        principal, state = principal_of(request), state or SearchState()
        shown = archive_page(self.service, state, principal)
        tools = {self.tools: gr.update(visible=principal.role.edits)}
        return tools | {getattr(self, name): markup for name, markup in shown.items()}

    @shows_errors("found")
    def _redraw(self, state: SearchState | None, request: gr.Request) -> Updates:
        """Draw the page after a run that was followed; without one nothing that is typed is drawn over."""
        drawn: Updates = self._draw(state, request) if self.service.running else {self.found: gr.skip()}
        return drawn

    @shows_errors("found")
    def _list(self, conversation: Conversation | None, event: gr.EventData, request: gr.Request) -> Updates:
        """Open the whole list of what an answer has counted, or what holds words of a question."""
        data = data_of(event)
        state = SearchState(str(data.get("words", ""))[:MAX_WORDS_CHARS], column=RELEVANCE)
        if data.get("news"):
            state = SearchState(filters=Filters(cables=self._news(request)))
        if conversation and "place" in data:
            answer = conversation.exchanges[int(data["place"])].answer
            state = SearchState.of(answer.listed) if answer and answer.listed else state
        drawn: Updates = self._draw(state, request)
        return drawn | {self.state: state}

    def _news(self, request: gr.Request) -> tuple[str, ...]:
        """The cables that are new for somebody, who sees them now."""
        user, preferences = principal_of(request), self.service.preferences
        view = self.service.view(user.clearance)
        news = news_for(preferences, user.user_id, view)
        mark_looked(preferences, user.user_id, view)
        return news.cables if news else ()

    @shows_errors("found")
    def _search(self, state: SearchState | None, event: gr.EventData, request: gr.Request) -> Updates:
        """Sort, turn the page or search, whichever the event says."""
        before, principal = state or SearchState(), principal_of(request)
        now, view = before.after(data_of(event)), self.service.view(principal.clearance)
        audit_log.note(request, "search", words=now.words)
        facets = gr.skip() if now.query == before.query else render_facets(view, now)
        return {self.state: now, self.facets: facets, self.found: found_of(view, now, principal)}

    @shows_errors("names")
    def _name(self, state: SearchState | None, request: gr.Request) -> Updates:
        """The names beside what was found: counted after it is shown, for that takes longer."""
        return {self.names: render_names(self.service.view(clearance_of(request)), state or SearchState())}

    @shows_errors("found")
    def _csv(self, state: SearchState | None, request: gr.Request) -> Updates:
        """What was found as a file, inside a link that static/js/archive.js follows."""
        text = search_csv(self.service.view(clearance_of(request)), state or SearchState())
        return {self.csv: render("csv.html", data=b64encode(text.encode("utf-8-sig")).decode())}

    # Indexing

    @SHOWS_ERRORS
    def _add(self, files: list[str], request: gr.Request) -> Iterator[Updates]:
        require_editor(request)
        audit_log.note(request, "upload", files=[Path(file).name for file in files])
        archive = self.service.archive
        kept = uploads.keep([Path(file) for file in files or ()], archive.uploads)
        yield from self._shown(uploads.add(archive, kept))

    @SHOWS_ERRORS
    def _add_samples(self, request: gr.Request) -> Iterator[Updates]:
        """Fill the archive with the cables that were written as samples."""
        require_editor(request)
        audit_log.note(request, "add samples")
        with SandboxedReader() as reader:
            yield from self._shown(uploads.index(self.service.archive, [uploads.SAMPLES], reader))

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
        self.withdrawn[cable] = file
        return {self.run: render("withdrawn.html", cable_id=cable, file=file)}

    @SHOWS_ERRORS
    def _undo(self, event: gr.EventData, request: gr.Request) -> Iterator[Updates]:
        """Read the file of a cable again that was withdrawn from this page."""
        require_editor(request)
        cable, archive = str(data_of(event).get("cable", "")), self.service.archive
        audit_log.note(request, "undo withdraw", cable=cable)
        file = self.withdrawn.pop(cable, "")
        with archive.catalog.transaction():
            archive.catalog.forget_file(file)
        with SandboxedReader() as reader:
            yield from self._shown(uploads.index(archive, [Path(file)] if file else [], reader))

    def _shown(self, states: Iterator[uploads.IndexRunProgress]) -> Iterator[Updates]:
        for running in states:
            self.service.running = running
            yield {self.run: render_progress(running.progress, running.seconds)}
        self.service.reopen()
        yield {self.run: outcome_of(running)}

    @SHOWS_ERRORS
    def _follow(self, request: gr.Request) -> Iterator[Updates]:
        """For editors, the progress of a run that was started before this page was opened, or on another."""
        running = self.service.running
        if running is None or running.over or not principal_of(request).role.edits:
            yield {self.run: gr.skip()}
            return
        while not running.over:
            yield {self.run: render_progress(running.progress, running.seconds)}
            time.sleep(uploads.POLL_SECONDS)
        yield {self.run: outcome_of(running)}


def archive_page(service: ArchiveService, state: SearchState, principal: Principal) -> dict[str, Markup]:
    """The archive as this person sees it, by the pane's components. Raises NotReady where there is nothing to see."""
    view, runs = service.view(principal.clearance), service.view(principal.clearance).runs()
    return {
        "form": render_form(view, state),
        "facets": render_facets(view, state),
        "found": found_of(view, state, principal),
        "facts": render("archive_facts.html", rows=facts_of(service, view, principal.role.edits)),
        "runs": render_runs(runs, uploads.failing(service.archive, runs)),
    }


def found_of(view: CatalogView, state: SearchState, principal: Principal) -> Markup:
    """One page of what a search finds."""
    edits = principal.role.edits
    return render_found(search(view, state), state, ranks=principal.clearance.whole, edits=edits)


def facts_of(service: ArchiveService, view: CatalogView, edits: bool) -> dict[str, str]:
    """Figures about the archive, and what answers; where it is stored and how large it is are for editors."""
    cables, paragraphs = view.count()
    span = view.span()
    rows = {
        "Cables": f"{cables:,}",
        "Paragraphs": f"{paragraphs:,}",
        "Period": f"{day_words(span[0])} to {day_words(span[1])}" if span else "no dates",
    }
    if edits:
        rows["On disk"] = f"{size(uploads.octets(service.data))} in {service.data.resolve()}"
    rows["Embedder"] = (view.meta("built with") or "").partition("@")[0]
    rows["Answers"] = service.model or "quoted word for word; no model is configured"
    return rows


def outcome_of(running: uploads.IndexRunProgress) -> str:
    """What a run that is over has done, or why it could not."""
    return render_report(running.report) if running.report else render_problem(running.problem)
