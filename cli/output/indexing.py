"""What indexing runs show: progress, reports, past runs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text

from cables.forms import Failure
from cli.output.console import err, out, plain_table, plural
from vectorstore.indexing.progress import Progress
from vectorstore.indexing.report import Report
from vectorstore.storage.catalog_rows import Run


@contextmanager
def indexing_progress() -> Iterator[Callable[[Progress], None]]:
    """A bar with paragraphs a second and time left, on standard error; yields what updates it."""
    columns = (
        TextColumn("Indexing"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[embedded]:,} paragraphs, {task.fields[rate]:.0f} a second, time left"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=err, transient=True) as bar:
        task = bar.add_task("", total=None, embedded=0, rate=0.0)

        def show(progress: Progress) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            rate = progress.embedded / elapsed if elapsed else 0.0
            bar.update(
                task, total=progress.total, completed=progress.done, embedded=progress.embedded, rate=rate
            )

        yield show


def print_report(report: Report, paths: list[Path], *, dry: bool = False) -> None:
    """The table of a run, and each failure with its path, line and reason."""
    for line in report.mended:
        out.print(Text(line, style="yellow"))
    for failure in report.failed:
        print_failure(failure)
    if report.nothing:
        where = ", ".join(map(str, paths))
        err.print(Text(f"No cables in {where}: give files or folders that hold some.", style="red"))
        return
    table = plain_table()
    for name, count in (
        ("new cables", len(report.new)),
        ("changed", len(report.changed)),
        ("unchanged", report.unchanged),
        ("withdrawn", len(report.withdrawn)),
        ("failed", len(report.failed)),
    ):
        style = "dim" if not count else "red" if name == "failed" else "bold"
        table.add_row(f"{count:>9,}", name, style=style)
    out.print(table)
    if report.forms:
        out.print(Text(_files_by_form(report.forms), style="dim"))
    if report.notes:
        noted = ", ".join(f"{name} ({count})" for name, count in report.notes.most_common(6))
        out.print(Text(f"Noted while reading: {noted}", style="dim"))
    if dry:
        would = f"{plural(report.embedded, 'paragraph')} would be embedded; nothing was changed"
        out.print(Text(would, style="yellow"))
    else:
        rate = f", {report.embedded / report.seconds:.0f} a second" if report.embedded else ""
        out.print(f"{plural(report.embedded, 'paragraph')} embedded in {report.seconds:.1f} s{rate}")


def print_arrivals(report: Report, known: set[str]) -> set[str]:
    """A line for what a run of `watch` did, and its failures unless `known`; those that stand now."""
    parts = {"new": report.new, "changed": report.changed, "withdrawn": report.withdrawn}
    changes = [f"{name}: {_some(ids)}" for name, ids in parts.items() if ids]
    if changes:
        out.print(
            Text(f"{datetime.now():%H:%M:%S}  {'; '.join(changes)} ({report.seconds:.1f} s)"), soft_wrap=True
        )
    failures = {f"{failure.path} {failure.where} {failure.reason}": failure for failure in report.failed}
    for name, failure in failures.items():
        if name not in known:
            print_failure(failure)
    return set(failures)


def _some(ids: list[str]) -> str:
    return ", ".join(ids) if len(ids) <= 5 else f"{len(ids):,} cables"


def print_watching(paths: list[Path]) -> None:
    """Said once the archive is in step."""
    out.print(Text(f"Watching {', '.join(map(str, paths))} (Ctrl+C ends it)", style="dim"))


def print_withdrawn(origins: dict[str, str]) -> None:
    """What was withdrawn, and the files that would bring it back."""
    for cable_id, file in origins.items():
        out.print(Text(f"{cable_id} withdrawn"))
        if Path(file).exists():
            note = f"  Its file {file} is still there: if that file changes, the cable is indexed again."
            out.print(Text(note, style="dim"), soft_wrap=True)


def print_runs(runs: list[Run]) -> None:
    """A line a run, the latest first."""
    if not runs:
        out.print("No runs yet: `reftel index PATH` makes the first.")
        return
    table = plain_table(
        "run", "started (UTC)", "seconds", "new", "changed", "unchanged", "withdrawn", "failed", right=True
    )
    for run in runs:
        report = run.report
        lists = len(report["withdrawn"]), len(report["failed"])
        counts = (*(report[name] for name in ("new", "changed", "unchanged")), *lists)
        started = f"{run.started:%Y-%m-%d %H:%M:%S}"
        table.add_row(str(run.number), started, f"{run.seconds:.1f}", *(f"{count:,}" for count in counts))
    out.print(table)


def _files_by_form(forms: Mapping[str, int]) -> str:
    listed = sorted(forms.items(), key=lambda form: (-form[1], form[0]))
    return "Files read: " + ", ".join(f"{name} ({count:,})" for name, count in listed)


def print_run(run: Run, *, notes: bool = False) -> None:
    """All that was kept of a run; with `notes` the files in which each thing was noted."""
    print_runs([run])
    report = run.report
    lines = [*report.get("mended", []), *(f"withdrawn: {cable_id}" for cable_id in report["withdrawn"])]
    lines += [_files_by_form(report["forms"])] if report.get("forms") else []
    for name, count in report["notes"].items():
        lines.append(f"noted while reading: {name} ({count})")
        lines += [f"    {place}" for place in report.get("noted_in", {}).get(name, [])] if notes else []
    for line in lines:
        out.print(Text(line, style="dim"), soft_wrap=True)
    for failed in report["failed"]:
        print_failure(Failure(Path(failed["path"]), failed["reason"], failed["line"]))


def print_failure(failure: Failure) -> None:
    """One line: path, member, line, reason."""
    line = f", line {failure.line}" if failure.line else ""
    member = f" ({failure.where})" if failure.where else ""
    err.print(Text(f"{failure.path}{member}{line}: {failure.reason}", style="red"), soft_wrap=True)
