"""The page of a dossier as HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from qa.answer import Answer
from qa.dossier.dossier import DossierPage, year_sent
from qa.dossier.export import FORMS
from qa.export.citation_style import CitationStyle
from qa.generation.quotation import Chosen
from web.render.export import saved_file
from web.render.templating import render

MAX_POSTS = 12
"""Rows of the table of posts and years that are shown at once."""


@dataclass(frozen=True, slots=True)
class Year:
    """The lines of a year; 0 where none is known."""

    year: int
    lines: Sequence[Chosen]


def render_dossier(page: DossierPage, style: CitationStyle, *, written: bool) -> Markup:
    """A dossier's page; `written`: there is a chat model, which would write its summary."""
    return render(
        "dossier.html",
        page=page,
        years=_by_year(page.lines),
        posts=list(page.counts.items())[:MAX_POSTS],
        more_posts=list(page.counts.items())[MAX_POSTS:],
        save=_files(page, None, style),
        written=written,
    )


def render_summary(page: DossierPage, summary: Answer, style: CitationStyle) -> Markup:
    """What a chat model wrote about a dossier, as far as it is, every sentence with its level of proof."""
    save = _files(page, summary, style) if summary.done else ""
    return render("dossier_summary.html", summary=summary, save=save)


def _files(page: DossierPage, summary: Answer | None, style: CitationStyle) -> Markup:
    """Links that save a dossier, in every form."""
    files = [
        saved_file(page.dossier.title, ending, write(page, summary, style)) for ending, write in FORMS.items()
    ]
    return render("save.html", what="Save as" if summary is None else "Save with the summary as", files=files)


def _by_year(lines: Sequence[Chosen]) -> list[Year]:
    dated = [
        (year_sent(evidence.cable_id, evidence.found.day), (evidence, sentence))
        for evidence, sentence in lines
    ]
    return [
        Year(year, [chosen for _, chosen in of_year])
        for year, of_year in groupby(sorted(dated, key=lambda one: one[0]), key=lambda one: one[0])
    ]
