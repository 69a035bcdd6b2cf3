"""The dossiers page: a dossier is composed, opened, renamed, deleted, added to by hand, summed up."""

import time
from collections.abc import Iterator

import gradio as gr

from qa.answer import Answer
from qa.dossier.composer import DossierComposer
from qa.dossier.dossier import Dossier, Pin, dossier_about
from qa.dossier.summary import summarise
from web.panes.components import AT_ONCE, QUIET, Updates, data_of, html, shows_errors
from web.panes.models import chain_for
from web.render.dossier import render_dossier, render_summary
from web.render.templating import render
from web.security import audit_log
from web.security.access import principal_of, user_id_of
from web.security.concurrency import question_slot
from web.services.archive_service import ArchiveService
from web.services.dossier_store import DossierStore
from web.services.questions import MAX_ID_CHARS, checked_about

PINNED = "Pinned paragraphs"
"""The title of a dossier that is begun by a pin."""

SHOWS_ERRORS = shows_errors("page")


class DossiersPane:
    """The list of dossiers and the page of the open one, whose id is the pane's state.

    `pinned` says on every page where something was pinned to.
    """

    def __init__(self, service: ArchiveService, store: DossierStore, pinned: gr.HTML) -> None:
        self.service = service
        self.store = store
        self.pinned = pinned
        self.opened = gr.State("")
        with gr.Column(elem_id="dossier-list"):
            self.list = html("dossiers")
            self.watches = html("watches")
        with gr.Column(elem_id="dossier-page"):
            self.summary = html("dossier-summary")
            self.page = html("dossier")

    def connect(self, bridge: gr.HTML, model: gr.State) -> None:
        """Let dossiers be composed, opened and changed, and summed up by the `model` that is chosen."""
        opened = [self.opened, model]
        everything = [self.opened, self.list, self.page, self.summary]
        bridge.dossiers(self._draw, opened, everything, **AT_ONCE)
        bridge.compose(self._compose, model, everything, **QUIET)
        bridge.dossier(self._open, model, everything, **QUIET)
        bridge.retitle(self._rename, opened, everything, **AT_ONCE)
        bridge.discard(self._forget, opened, everything, **AT_ONCE)
        bridge.note(self._note, opened, everything, **AT_ONCE)
        bridge.unpin(self._unpin, opened, everything, **AT_ONCE)
        bridge.pin(self._pin, self.opened, [self.opened, self.pinned], **AT_ONCE)
        bridge.summarise(self._summarise, opened, self.summary, **QUIET)

    @SHOWS_ERRORS
    def _draw(self, opened: str, model: str, request: gr.Request) -> Updates:
        """The list, and the open dossier as it is now: something may have been pinned."""
        dossier = self.store.load(user_id_of(request), opened) if opened else None
        return self._shown(dossier, model, request)

    @SHOWS_ERRORS
    def _compose(self, model: str, event: gr.EventData, request: gr.Request) -> Updates:
        """A dossier about what was typed: a new one, or the one that there is of this title."""
        new = dossier_about(checked_about(str(data_of(event).get("about", ""))))
        audit_log.note(request, "dossier", about=new.subject or new.title)
        user_id = user_id_of(request)
        known = next((one.id for one in self.store.latest(user_id) if one.title == new.title), "")
        dossier = self.store.load(user_id, known) or self.store.save(user_id, new)
        return self._shown(dossier, model, request)

    @SHOWS_ERRORS
    def _open(self, model: str, event: gr.EventData, request: gr.Request) -> Updates:
        dossier = self.store.load(user_id_of(request), str(data_of(event).get("id", "")))
        if dossier:
            audit_log.note(request, "dossier", about=dossier.subject or dossier.title)
        return self._shown(dossier, model, request)

    @SHOWS_ERRORS
    def _rename(self, opened: str, model: str, event: gr.EventData, request: gr.Request) -> Updates:
        data, user_id = data_of(event), user_id_of(request)
        self.store.rename(user_id, str(data["id"]), str(data["title"]))
        return self._shown(self.store.load(user_id, opened), model, request)

    @SHOWS_ERRORS
    def _forget(self, opened: str, model: str, event: gr.EventData, request: gr.Request) -> Updates:
        user_id = user_id_of(request)
        self.store.forget(user_id, str(data_of(event)["id"]))
        return self._shown(self.store.load(user_id, opened), model, request)

    @SHOWS_ERRORS
    def _note(self, opened: str, model: str, event: gr.EventData, request: gr.Request) -> Updates:
        note = str(data_of(event).get("note", "")).strip()
        user_id = user_id_of(request)
        dossier = self.store.pin(user_id, opened, Pin(note=note)) if note else None
        return self._shown(dossier or self.store.load(user_id, opened), model, request)

    @SHOWS_ERRORS
    def _unpin(self, opened: str, model: str, event: gr.EventData, request: gr.Request) -> Updates:
        place = int(data_of(event)["place"])
        return self._shown(self.store.unpin(user_id_of(request), opened, place), model, request)

    @shows_errors("pinned")
    def _pin(self, opened: str, event: gr.EventData, request: gr.Request) -> Updates:
        """Add a paragraph to the open dossier, else to the one changed last, else to a new one."""
        user_id = user_id_of(request)
        pin = Pin(str(data_of(event)["key"])[:MAX_ID_CHARS])
        latest = opened or next((one.id for one in self.store.latest(user_id)), "")
        dossier = self.store.pin(user_id, latest, pin)
        if dossier is None:
            dossier = self.store.save(user_id, Dossier("", PINNED, pins=(pin,)))
        # With the moment, for the page takes no notice of HTML that is as it was.
        said = render("pinned.html", title=dossier.title, at=time.time_ns())
        return {self.opened: dossier.id, self.pinned: said}

    @shows_errors("summary")
    def _summarise(self, opened: str, model: str, request: gr.Request) -> Iterator[Updates]:
        """A summary by the chat model, streamed; every sentence is checked as in an answer."""
        dossier = self.store.load(user_id_of(request), opened)
        chain = chain_for(self.service, model, request)
        if dossier is None or chain.writing is None:
            yield {self.summary: ""}
            return
        page = DossierComposer(chain).compose(dossier)
        style = self.service.preferences.citation_style(user_id_of(request))
        yield {self.summary: render_summary(page, Answer("", done=False), style)}
        with question_slot(principal_of(request)):
            for answer in summarise(page, chain):
                yield {self.summary: render_summary(page, answer, style)}

    def _shown(self, dossier: Dossier | None, model: str, request: gr.Request) -> Updates:
        """The list, and the page of a dossier; no page where there is none."""
        own = self.store.latest(user_id_of(request))
        listed = render("dossiers.html", dossiers=own, current=dossier.id if dossier else "")
        page = ""
        if dossier:
            chain = chain_for(self.service, model, request)
            with question_slot(principal_of(request)):
                page = render_dossier(
                    DossierComposer(chain).compose(dossier),
                    self.service.preferences.citation_style(user_id_of(request)),
                    written=chain.writing is not None,
                )
        return {
            self.opened: dossier.id if dossier else "",
            self.list: listed,
            self.page: page,
            self.summary: "",
        }
