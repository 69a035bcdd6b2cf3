"""Links that save an answer or a conversation as a file; the file is in the link, nothing is asked for it."""

import re
from base64 import b64encode
from collections.abc import Sequence

from markupsafe import Markup

from qa.answer import Answer
from qa.export import FORMS
from web.render.markup import NOTHING, fill, join

_KINDS = {
    ".md": ("Markdown", "text/markdown"),
    ".html": ("web page", "text/html"),
    ".json": ("JSON", "application/json"),
}


def render_save(answers: Sequence[Answer], what: str) -> Markup:
    """`what` and a link for each form; nothing where there is no answer."""
    if not answers:
        return NOTHING
    links = (_link(answers, ending) for ending in FORMS)
    return fill('<span class="save">{} {}</span>', what, join(links, " "))


def _link(answers: Sequence[Answer], ending: str) -> Markup:
    label, kind = _KINDS[ending]
    data = b64encode(FORMS[ending](answers).encode()).decode()
    return fill(
        '<a class="tool" href="data:{};charset=utf-8;base64,{}" download="{}{}">{}</a>',
        kind, data, file_name(answers[0].question), ending, label,
    )  # fmt: skip


def file_name(question: str) -> str:
    """The question as the name of a file: `reftel-why-did-china-refuse`."""
    words = re.findall(r"[a-z0-9]+", question.lower())[:8]
    return "-".join(["reftel", *words])[:60]
