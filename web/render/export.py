"""Links that save an answer or a conversation as a file; the file is in the link, nothing is asked for it."""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from qa.answer import Answer
from qa.export.answers import FORMS
from qa.export.citation_style import CitationStyle
from web.render.templating import render

_LABELS = {
    ".md": ("Markdown", "text/markdown"),
    ".html": ("web page", "text/html"),
    ".json": ("JSON", "application/json"),
    ".csv": ("CSV", "text/csv"),
    ".ris": ("RIS", "application/x-research-info-systems"),
    ".bib": ("BibTeX", "application/x-bibtex"),
}
"""What a link says, and the media type of its file."""
MAX_FILE_NAME_WORDS = 8
MAX_FILE_NAME_CHARS = 60


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file inside a link; `data` is base64."""

    label: str
    media_type: str
    data: str
    name: str


def render_save(answers: Sequence[Answer], what: str, style: CitationStyle = CitationStyle.CHICAGO) -> Markup:
    """`what` and a link for each form; the file is named after the first question."""
    files = [
        saved_file(answers[0].question, ending, write(answers, style)) for ending, write in FORMS.items()
    ]
    return render("save.html", what=what, files=files)


def saved_file(title: str, ending: str, text: str) -> SavedFile:
    """A text as a file, named after a title."""
    label, media_type = _LABELS[ending]
    return SavedFile(label, media_type, b64encode(text.encode()).decode(), file_name(title) + ending)


def file_name(question: str) -> str:
    """The question as the name of a file: `reftel-why-did-china-refuse`."""
    words = re.findall(r"[a-z0-9]+", question.lower())[:MAX_FILE_NAME_WORDS]
    return "-".join(["reftel", *words])[:MAX_FILE_NAME_CHARS]
