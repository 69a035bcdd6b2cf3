"""The commands that change what the archive knows: index, watch, withdraw; and runs, which lists what they did."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.common import (
    ColumnsOption,
    DataOption,
    ReadAsOption,
    existing_archive,
    fail,
    is_document,
    load_settings,
    named_columns,
    open_for_indexing,
    user_errors,
)

if TYPE_CHECKING:
    import threading

    from vectorstore.archive import Archive
    from vectorstore.indexing.ray import RayPipeline


# Typer's own check of rights would end the command for all files because of one.
PathsArgument = Annotated[
    list[Path], typer.Argument(help="Files and folders with cables.", show_default=False, readable=False)
]
PruneOption = Annotated[
    bool, typer.Option("--prune", help="Withdraw cables that no file under PATHS holds any more.")
]


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
    columns: ColumnsOption = "",
    read_as: ReadAsOption = "",
) -> None:
    """Bring the archive in step with files and folders: only what is new or changed is embedded."""
    from functools import partial

    from cables import forms
    from cli.output.indexing import indexing_progress, print_report
    from vectorstore.indexing.indexer import Indexer

    _require_paths(paths)
    with user_errors(), indexing_progress() as show:
        archive = open_for_indexing(data)
        cluster = _ray_pipeline(ray, archive, data) if ray else None
        reader = partial(forms.read, columns=named_columns(columns), as_document=is_document(read_as))
        indexer = Indexer(archive, dry=dry_run, progress=show, cluster=cluster, reader=reader)
        report = indexer.run(paths, prune=prune)
    print_report(report, paths, dry=dry_run)
    if report.failed or report.nothing:
        raise typer.Exit(1)


def watch(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files and folders with cables.", show_default=False, readable=False),
    ] = None,
    data: DataOption = None,
    prune: PruneOption = False,
    add: Annotated[
        str,
        typer.Option(
            help="Save words, or a question?, to be watched for in what arrives from now on.",
            show_default=False,
        ),
    ] = "",
    alerts: Annotated[
        bool, typer.Option("--alerts", help="Print what is new for the saved watches of this archive.")
    ] = False,
    seen: Annotated[
        bool, typer.Option("--seen", help="With --alerts: do not tell of it again, nor on the page.")
    ] = False,
) -> None:
    """Index, and go on indexing what arrives or changes under PATHS, until Ctrl+C; or tell what is new."""
    from cli.watches import print_alerts, save_watch

    if sum(map(bool, (paths, add, alerts))) != 1:
        fail("give PATHS to index as they change, --add TEXT to watch for something, or --alerts")
    if add:
        save_watch(add, data)
    elif alerts:
        print_alerts(data, mark_seen=seen)
    else:
        _index_changes(paths or [], data, prune=prune)


def _index_changes(paths: list[Path], data: Path | None, *, prune: bool) -> None:
    from cli.output.indexing import print_arrivals, print_watching
    from vectorstore.indexing.watch import watch as reports

    _require_paths(paths)
    known: set[str] = set()
    with _until_interrupted() as stop, user_errors():
        for number, report in enumerate(reports(open_for_indexing(data), paths, prune=prune, stop=stop)):
            known = print_arrivals(report, known)
            if number == 0:
                print_watching(paths)


def withdraw(
    cables: Annotated[list[str], typer.Argument(help="Ids of the cables, in any form.", show_default=False)],
    data: DataOption = None,
) -> None:
    """Take cables out of the archive; their files stay where they are."""
    from cables.ids import canonical
    from cli.output.indexing import print_withdrawn
    from vectorstore.indexing.indexer import Indexer

    ids = [canonical(cable) or cable for cable in cables]
    with user_errors():
        archive = existing_archive(data)
        origins = {id: archive.catalog.origin(id)[0] for id in ids if archive.catalog.cable_state(id)}
        report = Indexer(archive).withdraw(ids)
    print_withdrawn({id: origins[id] for id in report.withdrawn})
    unknown = [cable for cable, id in zip(cables, ids, strict=True) if id not in report.withdrawn]
    if unknown:
        fail(f"not in the archive: {', '.join(unknown)}")


def runs(
    run: Annotated[
        str | None,
        typer.Argument(help='Number of a run, to see all of it; "show" for the latest.', show_default=False),
    ] = None,
    data: DataOption = None,
    limit: Annotated[int, typer.Option(help="How many runs to list, the latest first.", min=1)] = 20,
    notes: Annotated[
        bool, typer.Option("--notes", help="With a run: file, line and cable of each thing that was noted.")
    ] = False,
) -> None:
    """List what past runs of the indexer did; with a number, one run with its failures."""
    from cli.output.indexing import print_run, print_runs
    from vectorstore.access import EVERYTHING
    from vectorstore.archive import CATALOG
    from vectorstore.storage.catalog_view import CatalogView

    with user_errors():
        found = CatalogView(load_settings(data).data / CATALOG, EVERYTHING).runs(
            limit if run is None else sys.maxsize
        )
    if run is None:
        print_runs(found)
        return
    wanted = str(found[0].number) if run == "show" and found else run
    chosen = next((one for one in found if str(one.number) == wanted), None)
    if chosen is None:
        fail(f"no run {run}: `reftel runs` lists them")
    print_run(chosen, notes=notes)


def _ray_pipeline(address: str, archive: "Archive", data: Path | None) -> "RayPipeline":
    from functools import partial

    from vectorstore.embedding.embedder import SentenceEmbedder
    from vectorstore.indexing.ray import RayPipeline

    return RayPipeline(address, archive, partial(SentenceEmbedder, load_settings(data).embedder))


def _require_paths(paths: list[Path]) -> None:
    for path in paths:
        try:
            path.stat()
        except FileNotFoundError:
            fail(f"{path} does not exist: give files or folders with cables")
        except OSError as error:
            fail(f"{path} cannot be read: {error.strerror}")


@contextmanager
def _until_interrupted() -> "Iterator[threading.Event]":
    """Run until Ctrl+C, which also sets the event: an exception raised inside a destructor would be lost."""
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
