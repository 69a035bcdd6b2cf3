"""The settings pane: who writes the answers, and what would leave this machine for it."""

import time
from collections.abc import Iterator

import gradio as gr

from qa.answer import Question
from qa.export.citation_style import CitationStyle
from qa.llm.models import ModelOptions
from web.errors import InvalidCall, NotAllowedError
from web.panes.components import AT_ONCE, QUIET, Updates, data_of, html, shows_errors
from web.render.templating import render
from web.security import audit_log
from web.security.access import clearance_of, principal_of, user_id_of
from web.security.accounts import UserRole
from web.security.concurrency import question_slot
from web.services.archive_service import ArchiveService
from web.services.model_choice import QUOTES, find_local_models, options_of
from web.services.starters import passages

STYLES = {
    CitationStyle.CHICAGO: (
        "Chicago note",
        "sender, telegram, date, classification, paragraph; in a list then ibid.",
    ),
    CitationStyle.SHORT: ("Short", "the cable's id and the paragraph."),
    CitationStyle.RIS: ("RIS", "records for Zotero, EndNote and Mendeley."),
    CitationStyle.BIBTEX: ("BibTeX", "entries for LaTeX."),
}
"""What each citation style is called, and what it holds."""


class SettingsPane:
    """Lists the models that can be chosen. With accounts only administrators choose; others see what is set."""

    def __init__(self, service: ArchiveService) -> None:
        self.service = service
        self.shown = html("settings")
        self.trial = html("trial")

    def connect(self, bridge: gr.HTML) -> None:
        """Let the pane be drawn, a model be chosen, and be tried."""
        bridge.settings(self._draw, None, self.shown, **AT_ONCE)
        bridge.cite(self._choose_style, None, self.shown, **AT_ONCE)
        bridge.choose(self._choose, None, self.shown, **AT_ONCE)
        bridge.trial(self._try, None, self.trial, **QUIET)

    @shows_errors("shown")
    def _draw(self, request: gr.Request) -> Updates:
        chooses = principal_of(request).role is UserRole.ADMIN
        offered = find_local_models() if chooses else []
        chosen = self.service.choices.get(user_id_of(request))
        names = {model.options(): model.choice for model in offered}
        current = "" if chosen is None else names.get(chosen, QUOTES)
        shown = render(
            "settings.html",
            configured=self.service.model,
            offered=offered,
            current=current,
            chooses=chooses,
            quotes=QUOTES,
            style=self.service.preferences.citation_style(user_id_of(request)),
            styles=STYLES,
        )
        return {self.shown: shown}

    @shows_errors("shown")
    def _choose(self, event: gr.EventData, request: gr.Request) -> Updates:
        self._take(event, request)
        drawn: Updates = self._draw(request)
        return drawn

    @shows_errors("shown")
    def _choose_style(self, event: gr.EventData, request: gr.Request) -> Updates:
        """What is opened or answered from now on is cited in another style."""
        style = str(data_of(event).get("style", ""))
        if style not in list(CitationStyle):
            raise InvalidCall(f"The citation styles are {', '.join(CitationStyle)}.")
        self.service.preferences.choose_citation_style(user_id_of(request), CitationStyle(style))
        drawn: Updates = self._draw(request)
        return drawn

    def _take(self, event: gr.EventData, request: gr.Request) -> ModelOptions | None:
        """The model that an event names, which from now on answers its sender."""
        if principal_of(request).role is not UserRole.ADMIN:
            raise NotAllowedError("Only administrators choose the model.")
        choice = str(data_of(event).get("model", ""))
        options = options_of(choice)
        if options != self.service.choices.get(user_id_of(request)):
            audit_log.note(request, "choose model", model=choice)
        self.service.choose(user_id_of(request), options)
        return options

    @shows_errors("trial")
    def _try(self, event: gr.EventData, request: gr.Request) -> Iterator[Updates]:
        """One question of the archive itself: how long its answer takes, and how it begins."""
        chain = self.service.chain(clearance_of(request), self._take(event, request))
        started, first = time.monotonic(), 0.0
        question = next(passages(chain.retriever.view), "What is this archive about?")
        yield {self.trial: render("trial.html", question=question, answer=None, first_seconds=first)}
        with question_slot(principal_of(request)):
            for answer in chain.stream(Question(question)):
                first = first or (time.monotonic() - started if answer.sentences else 0.0)
                shown = render("trial.html", question=question, answer=answer, first_seconds=first)
                yield {self.trial: shown}
