"""The check page: an article goes in, each sentence comes out with its level, the reason and its paragraph."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.answer import Usage
from web.errors import InvalidCall
from web.panes.components import AT_ONCE, QUIET, Updates, data_of, html, shows_errors
from web.panes.models import models_for
from web.render.check import render_checked
from web.render.templating import render
from web.security import audit_log
from web.security.access import principal_of
from web.security.concurrency import question_slot
from web.services.archive_service import ArchiveService
from web.services.questions import MAX_DRAFT_CHARS, checked_draft

if TYPE_CHECKING:
    from qa.verification.claims import CheckedClaim

CHECKING: dict[str, Any] = QUIET | {"trigger_mode": "multiple", "concurrency_limit": 4}
"""A check that was stopped may still be ending when the next one begins."""


class CheckPane:
    """Takes an article and shows its sentences as they are checked."""

    def __init__(self, service: ArchiveService) -> None:
        self.service = service
        html("check-form", render("check_form.html", max_chars=MAX_DRAFT_CHARS))
        self.shown = html("checked")

    def connect(self, bridge: gr.HTML, model: gr.State) -> None:
        """Let an article be checked, by the `model` that is chosen, and the check be stopped."""
        checking = bridge.check(self._check, model, self.shown, **CHECKING)
        bridge.uncheck(gr.skip, None, self.shown, cancels=[checking], **AT_ONCE)

    @shows_errors("shown")
    def _check(self, model: str, event: gr.EventData, request: gr.Request) -> Iterator[Updates]:
        """The sentences so far, and all of them."""
        from qa.llm.streaming import Meter, with_pauses

        draft = str(data_of(event).get("draft", ""))
        checked, meter = list["CheckedClaim"](), Meter()
        yield {self.shown: render_checked(checked, Usage(), done=False)}
        draft = checked_draft(draft)
        audit_log.note(request, "check", text=draft)
        with question_slot(principal_of(request)):
            user = principal_of(request)
            checker = self.service.draft_checker(user.clearance, models_for(self.service, model, user))
            for claim in with_pauses(checker.check(draft, meter)):
                checked += [claim] if claim else []
                yield {self.shown: render_checked(checked, meter.usage, done=False)}
        if not checked:
            raise InvalidCall("There is no sentence in this text.")
        yield {self.shown: render_checked(checked, meter.usage, done=True)}
