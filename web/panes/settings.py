"""The settings pane: who writes the answers, tried with a question; and how citations are written."""

import importlib.util
import time
from collections.abc import Iterator

import gradio as gr

from qa.answer import Question
from qa.export.citation_style import CitationStyle
from qa.llm.prompt_guard import MAX_PARAGRAPHS
from web.errors import InvalidCall, NotAllowedError
from web.panes.components import AT_ONCE, QUIET, Updates, data_of, html, shows_errors
from web.panes.models import allowed, chain_for, chooses_any, chooses_quotes, render_writer
from web.render.templating import render
from web.security import audit_log
from web.security.access import principal_of, user_id_of
from web.security.concurrency import question_slot
from web.services.archive_service import ArchiveService
from web.services.model_choice import (
    AS_SET,
    QUOTES,
    REMOTE,
    LocalModel,
    find_local_models,
    local_model,
    options_of,
)
from web.services.remote_model import COMPATIBLE, PROVIDERS, package_of, read_remote_model
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
    """Lists the models that can be chosen for the open conversation, and takes a remote one with its key.

    With accounts only administrators choose a model; others choose between the one that is set and quotes.
    """

    def __init__(self, service: ArchiveService) -> None:
        self.service = service
        self.shown = html("settings")
        self.trial = html("trial")

    def connect(self, bridge: gr.HTML, model: gr.State, writer: gr.HTML) -> None:
        """Let the pane be drawn, a model be chosen, and be tried.

        `model` is the choice for the open conversation, `writer` the line above its composer that tells it.
        """
        self.model, self.writer = model, writer
        everything = [self.shown, self.trial, model, writer]
        bridge.settings(self._draw, model, everything, **AT_ONCE)
        bridge.cite(self._choose_style, model, everything, **AT_ONCE)
        bridge.choose(self._choose, None, everything, **AT_ONCE)
        bridge.remote(self._add_remote, None, everything, **AT_ONCE)
        bridge.unremote(self._forget_remote, model, everything, **AT_ONCE)
        bridge.trial(self._try, None, everything, **QUIET)

    @shows_errors("shown")
    def _draw(self, choice: str, request: gr.Request) -> Updates:
        return self._shown(choice, request)

    def _shown(self, choice: str, request: gr.Request) -> Updates:
        """The pane with the choice of the open conversation."""
        service, user = self.service, principal_of(request)
        chooses = chooses_any(service, user)
        current = allowed(service, choice, user)
        shown = render(
            "settings.html",
            configured=service.model,
            sends_to=service.sends_to,
            chooses=chooses,
            chooses_quotes=chooses_quotes(service, user),
            offered=_offered(current) if chooses else [],
            remote=service.remote_models.load() if chooses else None,
            providers={name: title for name, title in PROVIDERS.items() if _is_installed(name)},
            compatible=COMPATIBLE,
            current=current,
            choices={"as_set": AS_SET, "quotes": QUOTES, "remote": REMOTE},
            max_paragraphs=MAX_PARAGRAPHS,
            style=service.preferences.citation_style(user.user_id),
            styles=STYLES,
        )
        return {self.shown: shown}

    @shows_errors("shown")
    def _choose(self, event: gr.EventData, request: gr.Request) -> Updates:
        choice = str(data_of(event).get("model", ""))
        return self._taken(choice, request) | self._shown(choice, request) | {self.trial: ""}

    @shows_errors("shown")
    def _choose_style(self, choice: str, event: gr.EventData, request: gr.Request) -> Updates:
        """What is opened or answered from now on is cited in another style."""
        style = str(data_of(event).get("style", ""))
        if style not in list(CitationStyle):
            raise InvalidCall(f"The citation styles are {', '.join(CitationStyle)}.")
        self.service.preferences.choose_citation_style(user_id_of(request), CitationStyle(style))
        return self._shown(choice, request)

    @shows_errors("trial")
    def _add_remote(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Set up the remote model; the form says what is sent to it, and who sends the form agrees to that."""
        self._require_owner(request)
        form = data_of(event)
        remote = read_remote_model(form)
        if not form.get("consent"):
            raise InvalidCall(f"Say that you agree to what is sent to {remote.host}, or leave it.")
        self.service.remote_models.save(remote)
        audit_log.note(request, "set up remote model", host=remote.host, model=remote.name)
        return self._taken(REMOTE, request) | self._shown(REMOTE, request) | {self.trial: ""}

    @shows_errors("shown")
    def _forget_remote(self, choice: str, request: gr.Request) -> Updates:
        self._require_owner(request)
        self.service.remote_models.forget()
        audit_log.note(request, "remove remote model")
        choice = AS_SET if choice == REMOTE else choice
        return self._taken(choice, request) | self._shown(choice, request) | {self.trial: ""}

    def _require_owner(self, request: gr.Request) -> None:
        if not chooses_any(self.service, principal_of(request)):
            raise NotAllowedError("Only administrators choose the model.")

    def _taken(self, choice: str, request: gr.Request) -> Updates:
        """The open conversation with a choice, with which its reader's next ones begin too."""
        user = principal_of(request)
        if allowed(self.service, choice, user) != choice:
            raise NotAllowedError("Only administrators choose the model.")
        options_of(choice, self.service.remote_models.load())
        if choice != self.service.preferences.model(user.user_id):
            audit_log.note(request, "choose model", model=choice)
            self.service.preferences.choose_model(user.user_id, choice)
        return {self.model: choice, self.writer: render_writer(self.service, choice, user)}

    @shows_errors("trial")
    def _try(self, event: gr.EventData, request: gr.Request) -> Iterator[Updates]:
        """One question of the archive itself: how long its answer takes, and its sentences with their levels."""
        choice = str(data_of(event).get("model", ""))
        taken = self._taken(choice, request)
        chain = chain_for(self.service, choice, request)
        started, first = time.monotonic(), 0.0
        question = next(passages(chain.retriever.view), "What is this archive about?")
        yield taken | {self.trial: render("trial.html", question=question, answer=None, first_seconds=first)}
        with question_slot(principal_of(request)):
            for answer in chain.stream(Question(question)):
                first = first or (time.monotonic() - started if answer.sentences else 0.0)
                shown = render("trial.html", question=question, answer=answer, first_seconds=first)
                yield {self.trial: shown}


def _offered(current: str) -> list[tuple[LocalModel, bool]]:
    """The models of servers on this machine, and whether they answer: the chosen one is listed in any case."""
    found = find_local_models()
    offered = [(model, True) for model in found]
    if current not in (AS_SET, QUOTES, REMOTE, *(model.choice for model in found)):
        offered.append((local_model(current), False))
    return offered


def _is_installed(provider: str) -> bool:
    return importlib.util.find_spec(package_of(provider).replace("-", "_")) is not None
