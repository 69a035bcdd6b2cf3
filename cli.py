"""The terminal's front door: index, ask, show, parse, serve.

Commands import what they need when they run, so that `reftel --help` is there at once.
"""

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from settings import Settings, offline

if TYPE_CHECKING:
    from qa.answer import Answer, Question
    from qa.chain import Chain
    from vectorstore.archive import Archive
    from vectorstore.indexer import Progress, Report

app = typer.Typer(
    help="Ask an archive of diplomatic cables; every sentence is proven by its numbered paragraph.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

DataOption = Annotated[
    Path | None, typer.Option("--data", help="The archive's data directory (REFTEL_DATA).", show_default=False)
]


@app.callback()
def _start() -> None:
    offline()
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)


@app.command()
def index(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders with cables.")],
    data: DataOption = None,
    prune: Annotated[bool, typer.Option(help="Withdraw cables whose files are gone from under PATHS.")] = False,
) -> None:
    """Bring the archive in step with files and folders: only what is new or changed is embedded."""
    from terminal import indexing_progress, print_report
    from vectorstore.catalog import CatalogDamaged
    from vectorstore.embeddings import EmbedderNotFound
    from vectorstore.indexer import ArchiveLocked, Indexer

    for path in paths:
        if not path.exists():
            _fail(f"{path} does not exist: give files or folders with cables")
    try:
        with indexing_progress() as show:
            report = Indexer(_archive(data), progress=show).run(paths, prune=prune)
    except (ArchiveLocked, CatalogDamaged, EmbedderNotFound, PermissionError) as error:
        _fail(str(error))
    print_report(report, paths)
    if report.failed or not (report.new or report.changed or report.unchanged or report.withdrawn):
        raise typer.Exit(1)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in plain words.")] = "",
    data: DataOption = None,
    as_object: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    jsonl: Annotated[
        Path | None, typer.Option(help="Answer a file of questions, one JSON object a line.", show_default=False)
    ] = None,
) -> None:
    """Ask the archive: the answer with [1] markers, and the cited paragraphs below it."""
    from qa.answer import Question, as_json
    from terminal import print_answer, searching

    if bool(question.strip()) == bool(jsonl):
        _fail('give a question, as in `reftel ask "Why did China refuse Japan\'s bid?"`, or --jsonl FILE')
    chain = _chain(data)
    if jsonl:
        for name, asked in _questions(jsonl):
            print(json.dumps({"id": name, **as_json(chain.invoke(asked))}, ensure_ascii=False), flush=True)
        return
    with searching(quiet=as_object):
        answer: Answer = chain.invoke(Question(question))
    if as_object:
        print(json.dumps(as_json(answer), ensure_ascii=False, indent=2))
    else:
        print_answer(answer)


@app.command()
def show(
    cable: Annotated[str, typer.Argument(help="The cable's id, in any form: 08BEIJING90014, '08 Beijing 90014'.")],
    data: DataOption = None,
    original: Annotated[bool, typer.Option(help="Print the text exactly as it came.")] = False,
) -> None:
    """Read one cable of the archive."""
    from cables.ids import canonical
    from terminal import print_cable
    from vectorstore.clearance import EVERYTHING
    from vectorstore.view import ArchiveMissing, View

    try:
        view = View(_archive(data).catalog_path, EVERYTHING)
    except ArchiveMissing as error:
        _fail(str(error))
    found = view.cable(canonical(cable) or cable)
    if found is None:
        _fail(f"no cable {cable} in the archive")
    if original:
        sys.stdout.write(found.original)
    else:
        print_cable(found)


@app.command()
def parse(
    file: Annotated[Path, typer.Argument(help="A file with cables, in any form.")],
    as_object: Annotated[bool, typer.Option("--json", help="Print one JSON object a cable.")] = False,
) -> None:
    """Show what the parser sees in a file; nothing is indexed. This is how to report a badly read cable."""
    from pydantic import TypeAdapter

    from cables import Cable, forms
    from terminal import print_cable, print_failure

    failed = False
    for item in forms.read(file):
        if isinstance(item, forms.Failure):
            failed = True
            print_failure(item)
        elif as_object:
            print(TypeAdapter(Cable).dump_json(item.cable).decode())
        else:
            print_cable(item.cable, notes=True)
    if failed:
        raise typer.Exit(1)


@app.command()
def serve(
    data: DataOption = None,
    port: Annotated[int | None, typer.Option(help="Port of the chat (REFTEL_PORT).", show_default=False)] = None,
) -> None:
    """Open the web chat."""
    from app import main

    main(_settings(data, port))


def _settings(data: Path | None = None, port: int | None = None) -> Settings:
    chosen = {"data": data, "port": port}
    return Settings(**{name: value for name, value in chosen.items() if value is not None})  # type: ignore[arg-type]


def _archive(data: Path | None) -> "Archive":
    from vectorstore.archive import open_archive

    settings = _settings(data)
    return open_archive(settings.data, settings.embedder, settings.vector_cache)


def _chain(data: Path | None) -> "Chain":
    from qa.build import build_chain
    from qa.models import ModelNotFound
    from vectorstore.archive import BuiltOtherwise
    from vectorstore.clearance import EVERYTHING
    from vectorstore.embeddings import EmbedderNotFound
    from vectorstore.view import ArchiveMissing

    settings = _settings(data)
    try:
        return build_chain(
            _archive(data),
            EVERYTHING,
            model=settings.model,
            model_url=settings.model_url,
            model_key=settings.model_key.get_secret_value(),
            model_timeout=settings.model_timeout,
        )
    except (ArchiveMissing, BuiltOtherwise, EmbedderNotFound, ModelNotFound) as error:
        _fail(str(error))


def _questions(file: Path) -> "Iterator[tuple[object, Question]]":
    """The questions of a JSONL file with their ids; a line that is none ends the run with its number."""
    from qa.answer import Question, Turn

    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        _fail(f"{file} cannot be read: {error}")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            history = tuple(Turn(turn["role"], turn["content"]) for turn in row.get("history") or [])
            yield row.get("id", number), Question(row["question"], history)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            _fail(f'{file}, line {number}: not a question like {{"id": 1, "question": "..."}} ({error!r})')


def _fail(message: str) -> NoReturn:
    typer.secho(message, err=True, fg=typer.colors.RED)
    raise typer.Exit(1)
