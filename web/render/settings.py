"""The settings pane as HTML."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from qa.answer import Answer
from qa.llm.models import ModelOptions
from web.render.templating import render
from web.services.model_choice import QUOTES, LocalModel


@dataclass(frozen=True, slots=True)
class Trial:
    """A question that was asked to try a model, its answer as far as it is, seconds to the first words."""

    question: str
    answer: Answer | None = None
    first_seconds: float = 0.0


def render_settings(
    configured: str, offered: Sequence[LocalModel], chosen: ModelOptions | None, *, chooses: bool
) -> Markup:
    """Who writes the answers; `configured` is the model that is set, empty for quotes."""
    names = {model.options(): model.choice for model in offered}
    current = "" if chosen is None else names.get(chosen, QUOTES)
    return render(
        "settings.html",
        configured=configured,
        offered=offered,
        current=current,
        chooses=chooses,
        quotes=QUOTES,
    )


def render_trial(trial: Trial) -> Markup:
    """How an answer goes that is made to try a model."""
    return render("trial.html", trial=trial, answer=trial.answer)
