"""The command that composes a dossier: dossier."""

from pathlib import Path
from typing import Annotated

import typer

from cli.common import DataOption, citation_style, fail, open_chain, open_for_asking, user_errors

ENDINGS = (".md", ".html", ".csv", ".ris", ".bib")
"""Endings of the files that `dossier --save` writes; qa.dossier.export.FORMS has the writers."""


def dossier(
    about: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A name, a topic, or ids of cables: 'Security Council reform', '08BEIJING90014 08TOKYO90031'.",
            show_default=False,
        ),
    ],
    data: DataOption = None,
    save: Annotated[
        Path | None,
        typer.Option(
            help="Write it to a .md, .html, .csv, .ris or .bib file instead of printing it as Markdown.",
            show_default=False,
        ),
    ] = None,
    summary: Annotated[
        bool, typer.Option(help="With a chat model, a summary on top, every sentence of it checked.")
    ] = True,
) -> None:
    """Gather what the archive has about a name, a topic or some cables, with footnotes, as Markdown."""
    from qa.dossier.composer import DossierComposer
    from qa.dossier.dossier import dossier_about
    from qa.dossier.export import FORMS
    from qa.dossier.summary import summary_of

    ending = save.suffix.lower() if save else ".md"
    if ending not in ENDINGS:
        fail(f"{save}: the file's name must end in one of {', '.join(ENDINGS)}")
    with user_errors():
        chain = open_chain(open_for_asking(data))
        page = DossierComposer(chain).compose(dossier_about(about))
        text = FORMS[ending](page, summary_of(page, chain) if summary else None, citation_style(data))
        if save:
            with save.open("w", encoding="utf-8", newline="") as file:
                file.write(text)
    typer.echo(page.extent if save else text, nl=bool(save))
    if not page.lines:
        raise typer.Exit(1)
