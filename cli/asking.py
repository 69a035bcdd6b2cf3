"""The commands that ask and read: ask, show, parse, serve."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.common import (
    ColumnsOption,
    DataOption,
    ReadAsOption,
    citation_style,
    fail,
    is_document,
    load_settings,
    named_columns,
    open_chain,
    open_for_asking,
    read_lines,
    user_errors,
)

if TYPE_CHECKING:
    from cables import Cable
    from qa.answer import Answer, Question
    from qa.chain import Chain
    from vectorstore.archive import Archive


EXPORT_ENDINGS = (".md", ".html", ".json")
"""Endings of the files that `ask --save` writes; qa.export.answers.FORMS has the writers."""


QuestionArgument = Annotated[str, typer.Argument(help="The question, in plain words.", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
JsonlOption = Annotated[
    Path | None,
    typer.Option(
        help="Answer a file of questions, one JSON object a line.", show_default=False, readable=False
    ),
]
SaveOption = Annotated[
    Path | None,
    typer.Option(
        help="Write the answer, or all of --jsonl, with footnotes to a .md, .html or .json file.",
        show_default=False,
    ),
]
KindOption = Annotated[
    str,
    typer.Option(
        "--as",
        metavar="KIND",
        help="Answer it as this kind of question: passage, cable, profile, list, count, latest, timeline, comparison, "
        "overview, phrase, keyword, about.",
        show_default=False,
    ),
]


def ask(
    question: QuestionArgument = "",
    data: DataOption = None,
    as_object: JsonOption = False,
    jsonl: JsonlOption = None,
    save: SaveOption = None,
    kind: KindOption = "",
) -> None:
    """Ask the archive: the answer with [1] markers, and the cited paragraphs below it."""
    if bool(question.strip()) == bool(jsonl):
        fail('give a question, as in `reftel ask "Why did China refuse Japan\'s bid?"`, or --jsonl FILE')
    if save and save.suffix.lower() not in EXPORT_ENDINGS:
        fail(f"{save}: the file's name must end in one of {', '.join(EXPORT_ENDINGS)}")
    with user_errors():
        archive = open_for_asking(data)
        archive.warm()  # while the rest is being imported
        if jsonl:
            _answer_lines(open_chain(archive), jsonl, save)
        else:
            _answer_one(archive, question, save, as_object=as_object, kind=kind)


def _answer_one(archive: "Archive", question: str, save: Path | None, *, as_object: bool, kind: str) -> None:
    from cli.output.answers import print_answer, searching
    from qa.answer import Kind, Question
    from qa.export.answers import FORMS, as_json

    if kind and kind not in list(Kind):
        fail(f"--as {kind}: the kinds are {', '.join(Kind)}")
    with searching(quiet=as_object):
        answer = open_chain(archive).invoke(Question(question, kind=Kind(kind) if kind else None))
    if save:
        save.write_text(FORMS[save.suffix.lower()]([answer], citation_style()), encoding="utf-8")
    if as_object:
        typer.echo(json.dumps(as_json(answer), ensure_ascii=False, indent=2))
    else:
        print_answer(answer)


def show(
    cable: Annotated[
        str, typer.Argument(help="The cable's id, in any form: 08BEIJING90014, '08 Beijing 90014'.")
    ],
    data: DataOption = None,
    original: Annotated[bool, typer.Option("--original", help="Print the text exactly as it came.")] = False,
    version: Annotated[
        int | None, typer.Option(help="Read another text under this id, from 1.", show_default=False, min=1)
    ] = None,
) -> None:
    """Read one cable of the archive."""
    from cables.ids import canonical
    from cli.output.cable import print_cable
    from cli.output.console import plural
    from vectorstore.access import EVERYTHING
    from vectorstore.archive import CATALOG
    from vectorstore.storage.catalog_view import CatalogView

    with user_errors():
        view = CatalogView(load_settings(data).data / CATALOG, EVERYTHING)
        found = view.cable(canonical(cable) or cable)
    if found is None:
        fail(f"no cable {cable} in the archive: an id looks like 08BEIJING90014")
    versions = view.versions(found.id)
    if version:
        if version > len(versions):
            fail(f"{found.id} has {plural(len(versions), 'other version')}")
        found = versions[version - 1]
    if original:
        sys.stdout.write(found.original)
    else:
        print_cable(found)
        if versions and not version:
            typer.echo(f"\n{plural(len(versions), 'other version')}: reftel show {found.id} --version 1")


def parse(
    file: Annotated[
        Path, typer.Argument(help="A file with cables, in any form.", show_default=False, readable=False)
    ],
    as_object: Annotated[bool, typer.Option("--json", help="Print one JSON object a cable.")] = False,
    page: Annotated[
        Path | None,
        typer.Option(
            "--html",
            help="Write a page: each line of the original beside what it became.",
            show_default=False,
        ),
    ] = None,
    lines: Annotated[
        bool, typer.Option("--lines", help="Print each line of the original beside what it became.")
    ] = False,
    columns: ColumnsOption = "",
    read_as: ReadAsOption = "",
) -> None:
    """Show what the parser sees in a file; nothing is indexed. This is how to report a badly read cable."""
    from cables import forms
    from cli.output.indexing import print_failure

    failed = False
    read: list[Cable] = []
    for item in forms.read(file, named_columns(columns), as_document=is_document(read_as)):
        if isinstance(item, forms.Failure):
            failed = True
            print_failure(item)
            continue
        read.append(item.cable)
        if not page:
            _print_reading(item.cable, as_object=as_object, lines=lines)
    if page:
        from cli.output.parsing import reading_page

        page.write_text(reading_page(read), encoding="utf-8")
        typer.echo(f"{len(read)} cables: {page}")
    if failed:
        raise typer.Exit(1)


def _print_reading(cable: "Cable", *, as_object: bool, lines: bool) -> None:
    from pydantic import TypeAdapter

    from cables import Cable
    from cables.placement import lost_lines
    from cli.output.cable import print_cable
    from cli.output.parsing import print_lines

    if as_object:
        typer.echo(TypeAdapter(Cable).dump_json(cable).decode())
        return
    if lines:
        print_lines(cable)
    else:
        print_cable(cable, notes=True)
    if lost := lost_lines(cable):
        typer.echo(f"\n{len(lost)} lines went nowhere: look at them with --lines or --html PAGE", err=True)


def serve(
    data: DataOption = None,
    port: Annotated[
        int | None, typer.Option(help="Port of the chat (REFTEL_PORT).", show_default=False)
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="Address on which it listens (REFTEL_HOST).", show_default=False)
    ] = None,
    everyone: Annotated[
        bool, typer.Option("--open", help="Without accounts, let everybody in who reaches the port.")
    ] = False,
) -> None:
    """Open the web chat."""
    from app import main

    raise typer.Exit(main(load_settings(data, port, host), everyone=everyone))


def _answer_lines(chain: "Chain", file: Path, save: Path | None = None) -> None:
    """Print an answer a line, in order. A line that is no question is reported and skipped; then exit code 1."""
    from qa.export.answers import FORMS, as_json

    bad: list[int] = []
    answers: list[Answer] = []
    for name, question in read_lines(file, _parse_question, '{"id": 1, "question": "..."}', bad):
        answer = chain.invoke(question)
        typer.echo(json.dumps({"id": name, **as_json(answer)}, ensure_ascii=False))
        answers += [answer] if save else []
    if save:
        save.write_text(FORMS[save.suffix.lower()](answers, citation_style()), encoding="utf-8")
    if bad:
        raise typer.Exit(1)


def _parse_question(line: bytes, number: int) -> "tuple[object, Question]":
    """A line's question with its id, or with the line's number where it has none."""
    from qa.answer import Question, read_turns

    row = json.loads(line)
    if not isinstance(row["question"], str) or not row["question"].strip():
        raise ValueError("the question is no text")
    return row.get("id", number), Question(row["question"], read_turns(row.get("history")))
