"""The terminal's front door: index, watch, ask, show, parse, serve, and the archive's upkeep.

Commands import what they need when they run, so that `reftel --help` is there at once.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from cli import users

if TYPE_CHECKING:
    import threading

    from qa.answer import Answer, Question
    from qa.chain import Chain
    from settings import Settings
    from vectorstore.archive import Archive
    from vectorstore.indexing.ray import RayPipeline

app = typer.Typer(
    name="reftel",
    help="Ask an archive of diplomatic cables; every sentence is proven by its numbered paragraph.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"max_content_width": 110},
    rich_markup_mode=None,  # drawing help in boxes would double its time
)

SAVED = (".md", ".html", ".json")
"""Endings of the files that `ask --save` writes; qa.export.FORMS has the forms."""
DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="The archive's data directory (REFTEL_DATA).", show_default=False),
]
# Typer's own check of rights would end the command for all files because of one.
PathsArgument = Annotated[
    list[Path], typer.Argument(help="Files and folders with cables.", show_default=False, readable=False)
]
PruneOption = Annotated[
    bool, typer.Option("--prune", help="Withdraw cables that no file under PATHS holds any more.")
]


app.add_typer(users.users, name="users")
app.add_typer(users.groups, name="groups")


@app.callback()
def _start() -> None:
    import logging

    from settings import offline

    offline()
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)


@app.command()
def index(
    paths: PathsArgument,
    data: DataOption = None,
    prune: PruneOption = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")
    ] = False,
    ray: Annotated[
        str,
        typer.Option(
            help="Read and embed on the Ray cluster at this address; `local`: on one started here.",
            show_default=False,
        ),
    ] = "",
) -> None:
    """Bring the archive in step with files and folders: only what is new or changed is embedded."""
    from cli.output import indexing_progress, print_report
    from vectorstore.indexing.indexer import Indexer

    _need(paths)
    _give_way()
    with _plainly(), indexing_progress() as show:
        archive = _archive(data)
        cluster = _on_ray(ray, archive, data) if ray else None
        report = Indexer(archive, dry=dry_run, progress=show, cluster=cluster).run(paths, prune=prune)
    print_report(report, paths, dry=dry_run)
    if report.failed or report.nothing:
        raise typer.Exit(1)


@app.command()
def watch(paths: PathsArgument, data: DataOption = None, prune: PruneOption = False) -> None:
    """Index, and go on indexing what arrives or changes under PATHS, until Ctrl+C."""
    from cli.output import print_arrivals, print_watching
    from vectorstore.indexing.watch import watch as reports

    _need(paths)
    _give_way()
    known: set[str] = set()
    with _until_interrupted() as stop, _plainly():
        for number, report in enumerate(reports(_archive(data), paths, prune=prune, stop=stop)):
            known = print_arrivals(report, known)
            if number == 0:
                print_watching(paths)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in plain words.", show_default=False)] = "",
    data: DataOption = None,
    as_object: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    jsonl: Annotated[
        Path | None,
        typer.Option(
            help="Answer a file of questions, one JSON object a line.", show_default=False, readable=False
        ),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(
            help="Write the answer, or all of --jsonl, with footnotes to a .md, .html or .json file.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Ask the archive: the answer with [1] markers, and the cited paragraphs below it."""
    import json

    if bool(question.strip()) == bool(jsonl):
        _fail('give a question, as in `reftel ask "Why did China refuse Japan\'s bid?"`, or --jsonl FILE')
    if save and save.suffix.lower() not in SAVED:
        _fail(f"{save}: the file's ending says the form: {', '.join(SAVED)}")
    with _plainly():
        archive = _to_ask(data)
        archive.warm()  # while the rest is being imported
    from cli.output import print_answer, searching
    from qa.answer import Question, as_json
    from qa.export import FORMS

    with _plainly(), searching(quiet=as_object or bool(jsonl)):
        chain = _chain(archive)
        if jsonl:
            _answer_file(chain, jsonl, save)
            return
        answer: Answer = chain.invoke(Question(question))
        if save:
            save.write_text(FORMS[save.suffix.lower()]([answer]), encoding="utf-8")
    if as_object:
        typer.echo(json.dumps(as_json(answer), ensure_ascii=False, indent=2))
    else:
        print_answer(answer)


@app.command(name="eval")
def evaluate(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="Questions with their gold paragraphs, one JSON object a line.", show_default=False
        ),
    ] = None,
    data: DataOption = None,
    report: Annotated[
        Path | None,
        typer.Option(help="Write the figures and every result there, as JSON.", show_default=False),
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(help="Two such reports: show which questions changed.", show_default=False),
    ] = None,
    calibrate: Annotated[
        bool,
        typer.Option("--calibrate", help="Fit when to refuse to these questions; kept with the archive."),
    ] = False,
) -> None:
    """Measure retrieval and answers on questions whose right paragraphs are known."""
    import json

    from cli.output import asking, print_changes, print_evaluation, print_thresholds
    from qa import evaluation
    from qa.verification.answerability import keep_thresholds

    if bool(file) == bool(compare):
        _fail("give a file of questions, or --compare BEFORE AFTER with two reports")
    if compare:
        try:
            reports = [evaluation.read_report(path) for path in compare]
        except (OSError, ValueError) as error:
            _fail(str(error))
        print_changes(evaluation.changed(*reports))
        return
    assert file is not None
    try:
        tasks = evaluation.read_tasks(file)
    except (OSError, ValueError) as error:
        _fail(str(error))
    with _plainly(), asking(len(tasks)) as advance:
        results = []
        chain = _chain(_to_ask(data))
        for result in evaluation.evaluate(chain, tasks):
            results.append(result)
            advance()
    figures = evaluation.report(results)
    print_evaluation(figures)
    if report:
        with _plainly():
            report.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    if calibrate:
        with _plainly():
            thresholds = evaluation.calibrate(results)
            keep_thresholds(_present(data), thresholds, reranked=chain.retriever.reranker is not None)
        print_thresholds(thresholds)


@app.command()
def show(
    cable: Annotated[
        str, typer.Argument(help="The cable's id, in any form: 08BEIJING90014, '08 Beijing 90014'.")
    ],
    data: DataOption = None,
    original: Annotated[bool, typer.Option("--original", help="Print the text exactly as it came.")] = False,
) -> None:
    """Read one cable of the archive."""
    from cables.ids import canonical
    from cli.output import print_cable
    from vectorstore.access import EVERYTHING
    from vectorstore.archive import CATALOG
    from vectorstore.storage.catalog_view import CatalogView

    with _plainly():
        found = CatalogView(_settings(data).data / CATALOG, EVERYTHING).cable(canonical(cable) or cable)
    if found is None:
        _fail(f"no cable {cable} in the archive: an id looks like 08BEIJING90014")
    if original:
        sys.stdout.write(found.original)
    else:
        print_cable(found)


@app.command()
def parse(
    file: Annotated[
        Path, typer.Argument(help="A file with cables, in any form.", show_default=False, readable=False)
    ],
    as_object: Annotated[bool, typer.Option("--json", help="Print one JSON object a cable.")] = False,
) -> None:
    """Show what the parser sees in a file; nothing is indexed. This is how to report a badly read cable."""
    from pydantic import TypeAdapter

    from cables import Cable, forms
    from cli.output import print_cable, print_failure

    failed = False
    for item in forms.read(file):
        if isinstance(item, forms.Failure):
            failed = True
            print_failure(item)
        elif as_object:
            typer.echo(TypeAdapter(Cable).dump_json(item.cable).decode())
        else:
            print_cable(item.cable, notes=True)
    if failed:
        raise typer.Exit(1)


@app.command()
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

    raise typer.Exit(main(_settings(data, port, host), everyone=everyone))


@app.command()
def withdraw(
    cables: Annotated[list[str], typer.Argument(help="Ids of the cables, in any form.", show_default=False)],
    data: DataOption = None,
) -> None:
    """Take cables out of the archive; their files stay where they are."""
    from cables.ids import canonical
    from cli.output import print_withdrawn
    from vectorstore.indexing.indexer import Indexer

    ids = [canonical(cable) or cable for cable in cables]
    with _plainly():
        archive = _present(data)
        origins = {id: archive.catalog.origin(id)[0] for id in ids if archive.catalog.cable_state(id)}
        report = Indexer(archive).withdraw(ids)
    print_withdrawn({id: origins[id] for id in report.withdrawn})
    unknown = [cable for cable, id in zip(cables, ids, strict=True) if id not in report.withdrawn]
    if unknown:
        _fail(f"not in the archive: {', '.join(unknown)}")


@app.command()
def runs(
    run: Annotated[
        int | None, typer.Argument(help="Number of a run, to see all of it.", show_default=False)
    ] = None,
    data: DataOption = None,
    limit: Annotated[int, typer.Option(help="How many runs to list, the latest first.", min=1)] = 20,
) -> None:
    """List what past runs of the indexer did; with a number, one run with its failures."""
    from cli.output import print_run, print_runs
    from vectorstore.access import EVERYTHING
    from vectorstore.archive import CATALOG
    from vectorstore.storage.catalog_view import CatalogView

    with _plainly():
        found = CatalogView(_settings(data).data / CATALOG, EVERYTHING).runs(
            limit if run is None else sys.maxsize
        )
    if run is None:
        print_runs(found)
        return
    chosen = next((one for one in found if one.number == run), None)
    if chosen is None:
        _fail(f"no run {run}: `reftel runs` lists them")
    print_run(chosen)


@app.command()
def doctor(
    data: DataOption = None,
    heal: Annotated[bool, typer.Option("--heal", help="Write again what does not agree.")] = False,
) -> None:
    """Prove that catalog, vectors and words agree; with --heal, make them agree."""
    from cli.output import print_findings
    from vectorstore.maintenance import doctor as checker

    with _plainly():
        archive = _present(data)
        if heal:
            print_findings(checker.heal(archive), healed=True)
        remaining = checker.check(archive)
    if not heal or remaining:
        print_findings(remaining, counts=archive.catalog.counts())
    if remaining:
        raise typer.Exit(1)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The backup to write, a ZIP file.", show_default=False)],
    data: DataOption = None,
) -> None:
    """Write the whole archive to one file; questions go on being answered."""
    from cli.output import print_backup
    from vectorstore.maintenance.backup import backup as write

    with _plainly():
        print_backup("Backed up", write(_settings(data).data, file), file)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `reftel backup` wrote.", show_default=False)],
    data: DataOption = None,
) -> None:
    """Put a backup in the archive's place; a chat that is running answers from it at once."""
    from cli.output import print_backup
    from vectorstore.maintenance.backup import restore as put_back

    with _plainly():
        print_backup("Restored", put_back(_settings(data).data, file), file)


def _settings(data: Path | None = None, port: int | None = None, host: str | None = None) -> "Settings":
    """The settings with the command line's above them; a wrong one ends the command."""
    from tomllib import TOMLDecodeError

    from pydantic import ValidationError

    from settings import Settings

    chosen = {"data": data, "port": port, "host": host}
    given = {name: value for name, value in chosen.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = error.errors()[0]
        if not wrong["loc"]:
            _fail(wrong["msg"].removeprefix("Value error, "))
        name = "REFTEL_" + "_".join(str(part) for part in wrong["loc"]).upper()
        _fail(f"the setting {name} is {wrong['input']!r}: {wrong['msg']}")
    except TOMLDecodeError as error:
        _fail(f"reftel.toml cannot be read: {error}")


def _archive(data: Path | None) -> "Archive":
    from vectorstore.archive import open_archive

    settings = _settings(data)
    return open_archive(
        settings.data,
        settings.embedder,
        settings.vector_cache,
        settings.vector_cache_gb,
        server=settings.server(),
        words_url=settings.words_url.get_secret_value(),
    )


def _on_ray(address: str, archive: "Archive", data: Path | None) -> "RayPipeline":
    from functools import partial

    from vectorstore.embedding.embedder import SentenceEmbedder
    from vectorstore.indexing.ray import RayPipeline, RayUnavailable

    try:
        return RayPipeline(address, archive, partial(SentenceEmbedder, _settings(data).embedder))
    except RayUnavailable as error:
        _fail(str(error))


def _to_ask(data: Path | None) -> "Archive":
    """The archive with the embedder that it was built with."""
    from vectorstore.archive import open_to_ask

    settings = _settings(data)
    return open_to_ask(
        settings.data,
        settings.embedder,
        server=settings.server(),
        words_url=settings.words_url.get_secret_value(),
    )


def _present(data: Path | None) -> "Archive":
    """The archive, where there is one; upkeep makes none."""
    from vectorstore.storage.catalog_view import ArchiveMissing

    archive = _to_ask(data)
    if not archive.catalog_path.exists():
        raise ArchiveMissing(archive.catalog_path)
    return archive


def _chain(archive: "Archive") -> "Chain":
    from qa.factory import build_chain
    from qa.llm.models import ModelUnavailable
    from vectorstore.access import EVERYTHING

    settings = _settings(archive.data)
    try:
        return build_chain(
            archive,
            EVERYTHING,
            model=settings.model,
            model_url=settings.model_url,
            model_key=settings.model_key.get_secret_value(),
            model_timeout=settings.model_timeout,
            nli=settings.nli,
        )
    except ModelUnavailable as error:
        _fail(str(error))


def _answer_file(chain: "Chain", file: Path, save: Path | None = None) -> None:
    """Print an answer a line, in order. A line that is no question is told and passed over; exit code 1."""
    import json

    from qa.answer import as_json
    from qa.export import FORMS

    failed = False
    answers: list[Answer] = []
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        _fail(f"{file} cannot be read: {error.strerror}")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            name, question = _question(line, number)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            failed = True
            _say(f'{file}, line {number}: not a question like {{"id": 1, "question": "..."}} ({error!r})')
            continue
        answer = chain.invoke(question)
        typer.echo(json.dumps({"id": name, **as_json(answer)}, ensure_ascii=False))
        answers += [answer] if save else []
    if save:
        save.write_text(FORMS[save.suffix.lower()](answers), encoding="utf-8")
    if failed:
        raise typer.Exit(1)


def _question(line: bytes, number: int) -> "tuple[object, Question]":
    """A line's question with its id, or with the line's number where it has none."""
    import json

    from qa.answer import Question, read_turns

    row = json.loads(line)
    if not isinstance(row["question"], str) or not row["question"].strip():
        raise ValueError("the question is no text")
    return row.get("id", number), Question(row["question"], read_turns(row.get("history")))


def _need(paths: list[Path]) -> None:
    for path in paths:
        try:
            path.stat()
        except FileNotFoundError:
            _fail(f"{path} does not exist: give files or folders with cables")
        except OSError as error:
            _fail(f"{path} cannot be read: {error.strerror}")


@contextmanager
def _until_interrupted() -> "Iterator[threading.Event]":
    """Until Ctrl+C, which also sets the event: an exception that comes while Python lets go of something is lost."""
    import signal
    import threading

    stop = threading.Event()

    def interrupt(*_: object) -> None:
        stop.set()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield stop
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGINT, before)


def _give_way() -> None:
    """Let those who ask go first: embedding takes every core for as long as it lasts."""
    import os

    if hasattr(os, "nice"):
        os.nice(19)


@contextmanager
def _plainly() -> Iterator[None]:
    """Errors that a user can do something about end the command with one line and exit code 1."""
    import sqlite3

    from vectorstore.errors import UserError

    try:
        yield
    except UserError as error:
        _fail(str(error))
    except sqlite3.DatabaseError as error:
        _fail(f"the archive's catalog cannot be read ({error}): run `reftel doctor --heal`")
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))


def _say(message: str) -> None:
    typer.secho(message, err=True, fg=typer.colors.RED)


def _fail(message: str) -> NoReturn:
    _say(message)
    raise typer.Exit(1)
