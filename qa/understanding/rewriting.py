"""A follow-up made to stand alone by the chat model, and the check that it added nothing of its own."""

import re
from collections.abc import Sequence

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage

import prompts
from cables.text import names
from qa.answer import Turn
from qa.llm.prompt_guard import one_line, random_delimiter
from qa.llm.streaming import ModelFailed, stream_prose
from qa.text.names import find_names, stands_in
from qa.text.quantities import numbers

MAX_TURNS = 6
"""Of a conversation that the model is shown, the last ones."""
MAX_LENGTH_RATIO = 3
"""Times the words of what was asked and said last that a rewritten question may have."""
_MARKERS_RE = re.compile(r"\[\d+\]|\[\d{2}[A-Z]+\d+ ¶[^\]]*\]")


def standalone(chat: BaseChatModel, question: str, history: Sequence[Turn], *, timeout: float) -> str:
    """The question as it would be asked alone; empty where the model did not come up with one.

    Names and numbers of the rewritten question must stand in the dialogue or the question: a model that adds
    some has answered, not rewritten. Takes at most `timeout` seconds.
    """
    dialogue = [f"{turn.role}: {_MARKERS_RE.sub('', turn.content)}" for turn in history[-MAX_TURNS:]]
    delimiter = random_delimiter()
    asked = prompts.load("rewriting").substitute(
        fence=delimiter,
        dialogue="\n".join(one_line(line, delimiter) for line in dialogue),
        question=one_line(question, delimiter),
    )
    try:
        written = " ".join("".join(stream_prose(chat, [HumanMessage(asked)], timeout)).split()).strip("\"' ")
    except ModelFailed:
        return ""
    return written if _faithful(written, question, "\n".join(dialogue)) else ""


def _faithful(written: str, question: str, dialogue: str) -> bool:
    """Whether a rewritten question is a question's length and holds nothing that was not said."""
    ground = f"{question}\n{dialogue}"
    held = numbers(ground)
    return (
        0 < len(written.split()) <= MAX_LENGTH_RATIO * (len(question.split()) + 10)
        and all(stands_in(name, ground) for name in find_names(written))
        and all(any(number.same(other) for other in held) for number in numbers(written))
        and set(names(question)) <= {name for name in names(question) if name.lower() in written.lower()}
    )
