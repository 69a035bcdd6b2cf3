"""What the terminal shows: progress, reports, answers, cables. Read by the commands alone.

Cable text is printed as rich `Text`, never as markup: brackets in a cable are its own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from cables import Cable, Paragraph, Reference, Role
from cables.forms import Failure
from vectorstore.indexing.indexer import Progress, Report
from vectorstore.maintenance.backup import BackupSummary
from vectorstore.maintenance.doctor import Finding
from vectorstore.storage.catalog_view import Run

if TYPE_CHECKING:
    # LangChain comes with it, which indexing and upkeep need not wait for.
    from qa.answer import Answer, Citation
    from qa.verification.answerability import Thresholds

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

NEAREST = 3
"""Cables that are named where the archive does not answer."""


@contextmanager
def indexing_progress() -> Iterator[Callable[[Progress], None]]:
    """A bar with paragraphs a second and time left, on standard error; yields what updates it."""
    columns = (
        TextColumn("Indexing"), BarColumn(), TaskProgressColumn(),
        TextColumn("{task.fields[embedded]:,} paragraphs, {task.fields[rate]:.0f} a second, time left"),
        TimeRemainingColumn(),
    )  # fmt: skip
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
    out.print(_counts({
        "new cables": len(report.new), "changed": len(report.changed), "unchanged": report.unchanged,
        "withdrawn": len(report.withdrawn), "failed": len(report.failed),
    }))  # fmt: skip
    if report.notes:
        noted = ", ".join(f"{name} ({count})" for name, count in report.notes.most_common(6))
        out.print(Text(f"Noted while reading: {noted}", style="dim"))
    if dry:
        would = f"{_plural(report.embedded, 'paragraph')} would be embedded; nothing was changed"
        out.print(Text(would, style="yellow"))
    else:
        rate = f", {report.embedded / report.seconds:.0f} a second" if report.embedded else ""
        out.print(f"{_plural(report.embedded, 'paragraph')} embedded in {report.seconds:.1f} s{rate}")


def _counts(rows: dict[str, int]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right")
    table.add_column()
    for name, count in rows.items():
        style = "dim" if not count else "red" if name == "failed" else "bold"
        table.add_row(f"{count:,}", name, style=style)
    return table


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def print_arrivals(report: Report, known: set[str]) -> set[str]:
    """A line for what a run of `watch` did, and its failures unless `known`; those that stand now."""
    parts = {"new": report.new, "changed": report.changed, "withdrawn": report.withdrawn}
    told = [f"{name}: {_some(ids)}" for name, ids in parts.items() if ids]
    if told:
        out.print(
            Text(f"{datetime.now():%H:%M:%S}  {'; '.join(told)} ({report.seconds:.1f} s)"), soft_wrap=True
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
            told = f"  Its file {file} is still there: if that file changes, the cable is indexed again."
            out.print(Text(told, style="dim"), soft_wrap=True)


def print_runs(runs: list[Run]) -> None:
    """A line a run, the latest first."""
    if not runs:
        out.print("No runs yet: `reftel index PATH` makes the first.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("run", "started (UTC)", "seconds", "new", "changed", "unchanged", "withdrawn", "failed"):
        table.add_column(name, justify="left" if name.startswith("started") else "right")
    for run in runs:
        report = run.report
        counts = (
            report["new"],
            report["changed"],
            report["unchanged"],
            len(report["withdrawn"]),
            len(report["failed"]),
        )
        started = f"{run.started:%Y-%m-%d %H:%M:%S}"
        table.add_row(str(run.number), started, f"{run.seconds:.1f}", *(f"{count:,}" for count in counts))
    out.print(table)


def print_run(run: Run) -> None:
    """All that was kept of a run."""
    print_runs([run])
    report = run.report
    lines = [*report.get("mended", []), *(f"withdrawn: {cable_id}" for cable_id in report["withdrawn"])]
    lines += [f"noted while reading: {name} ({count})" for name, count in report["notes"].items()]
    for line in lines:
        out.print(Text(line, style="dim"), soft_wrap=True)
    for failed in report["failed"]:
        print_failure(Failure(Path(failed["path"]), failed["reason"], failed["line"]))


def print_findings(
    findings: list[Finding], *, healed: bool = False, counts: tuple[int, int, int] | None = None
) -> None:
    """What the archive's checker found, or that all is well."""
    for finding in findings:
        out.print(Text(f"{'mended' if healed else 'found'}: {finding}", style="green" if healed else "red"))
    if counts and not findings:
        cables, paragraphs, vectors = counts
        told = f"{_plural(cables, 'cable')}, {_plural(paragraphs, 'paragraph')}, {_plural(vectors, 'vector')}"
        out.print(Text(f"Catalog, vectors and words agree: {told}.", style="green"))
    elif findings and not healed:
        out.print("`reftel doctor --heal` writes again from the catalog what does not agree.")


def print_backup(done: str, backed: BackupSummary, file: Path) -> None:
    """What a backup holds, said when it is made and when it is put back."""
    counts = {"cable": backed.cables, "paragraph": backed.paragraphs, "vector": backed.vectors}
    held = ", ".join(_plural(count, noun) for noun, count in counts.items())
    size = f"{file.stat().st_size / 1e6:,.1f} MB, made {backed.made}"
    out.print(Text(f"{done}: {held} ({file}, {size})", style="green"), soft_wrap=True)


def print_failure(failure: Failure) -> None:
    """One line: path, member, line, reason."""
    line = f", line {failure.line}" if failure.line else ""
    member = f" ({failure.where})" if failure.where else ""
    err.print(Text(f"{failure.path}{member}{line}: {failure.reason}", style="red"), soft_wrap=True)


@contextmanager
def asking(count: int) -> Iterator[Callable[[], None]]:
    """A bar over a file of questions, on standard error; yields what is called after each."""
    with Bar(TextColumn("Asking"), BarColumn(), TaskProgressColumn(), console=err, transient=True) as bar:
        task = bar.add_task("", total=count)
        yield lambda: bar.advance(task)


def print_evaluation(report: dict[str, Any]) -> None:
    """The figures of an evaluation: a row for all questions and one for each type, latency below."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    names = (
        "hit@1",
        "hit@3",
        "hit@5",
        "hit@10",
        "mrr@10",
        "full@10",
        "facts",
        "precision of citations",
        "words",
    )
    for name in ("questions", "", *names):
        table.add_column(
            name.removesuffix(" of citations"),
            justify="left" if name == "questions" else "right",
            no_wrap=True,
        )
    for kind, row in {"all": report["all"], **report["types"]}.items():
        shown = [
            f"{row[name]:.0f}" if name == "words" else f"{row[name]:.3f}" for name in names if name in row
        ]
        table.add_row(kind, str(row["questions"]), *shown)
    out.print(table)
    for name, (low, high) in report["interval"].items():
        out.print(f"{name}: between {low:.3f} and {high:.3f} with 95% confidence")
    found, none = report["all"], report["unanswerable"]
    if found["questions"]:
        out.print(f"answered {found['answered']:.3f}, all facts where found {found['facts where found']:.3f}")
    if none["questions"]:
        out.print(
            f"of {none['questions']} unanswerable: refused {none['refused']:.3f}, "
            f"refused or labelled {none['refused or labelled']:.3f}"
        )
    for name, times in report["latency"].items():
        out.print(f"{name}: p50 {times['p50']:.0f} ms, p95 {times['p95']:.0f} ms")


def print_changes(moved: list[tuple[str, int | None, int | None]]) -> None:
    """Questions that two evaluations rank differently."""
    for name, before, after in moved:
        better = (before or 99) > (after or 99)
        line = f"{name}: {before or 'not found'} → {after or 'not found'}"
        out.print(Text(line, style="green" if better else "red"))
    risen = sum((before or 99) > (after or 99) for _, before, after in moved)
    out.print(f"{risen} better, {len(moved) - risen} worse")


def print_thresholds(thresholds: "Thresholds") -> None:
    """What a calibration fitted."""
    out.print(
        f"From now on: refuse below a support of {thresholds.closest:.3f}, label below {thresholds.answer:.3f}."
    )


@contextmanager
def searching(*, quiet: bool) -> Iterator[None]:
    """A spinner while an answer is looked for."""
    if quiet:
        yield
        return
    with err.status("Searching the archive"):
        yield


def print_answer(answer: "Answer") -> None:
    """The answer, its banner, and below it the cited paragraphs; for a refusal the nearest cables."""
    from qa.answer import Outcome

    if answer.interpretation:
        out.print(Text(f"Understood as: {answer.interpretation}", style="dim"))
    if answer.notice:
        out.print(Text(answer.notice, style="yellow"))
    if answer.outcome is Outcome.CLOSEST:
        out.print(Text("The closest passages; they may not answer the question.", style="yellow"))
    if answer.outcome is Outcome.REFUSED:
        out.print("The archive does not answer this.")
    if answer.absent:
        out.print(Text(f"Nowhere in the archive: {', '.join(answer.absent)}", style="yellow"))
    if answer.outcome is Outcome.REFUSED:
        _print_nearest(answer)
        return
    out.print()
    words = Text(answer.text)
    words.highlight_words([sentence.text for sentence in answer.sentences if sentence.around], "dim")
    out.print(words)
    out.print()
    for citation in answer.citations:
        _print_citation(citation)
    if answer.banner:
        out.print()
        out.print(Text.assemble((str(answer.banner), "bold"), ("  as marked at the time", "dim")))


def _print_citation(citation: "Citation") -> None:
    evidence = citation.evidence
    found = evidence.found
    head = Text.assemble((f"[{citation.n}] {evidence.cable_id} {_number(found.paragraph)}", "bold cyan"))
    place = ", ".join(filter(None, (found.post, _day(found.day), str(evidence.marking))))
    out.print(head.append(f"  {place}", style="default"))
    if found.subject:
        out.print(Padding(Text(found.subject, style="dim", no_wrap=True, overflow="ellipsis"), (0, 0, 0, 4)))
    if not citation.verified:
        out.print(Padding(Text("not verified", style="yellow"), (0, 0, 0, 4)))
    for quote in citation.quotes:
        out.print(Padding(Text(f"“{' '.join(quote.split())}”"), (0, 0, 0, 4)))


def _print_nearest(answer: "Answer") -> None:
    cables = dict.fromkeys(evidence.cable_id for evidence in answer.evidence)
    found_by_id = {evidence.cable_id: evidence.found for evidence in reversed(answer.evidence)}
    nearest = {cable_id: found_by_id[cable_id] for cable_id in [*cables][:NEAREST]}
    if nearest:
        out.print(Text("Nearest cables:", style="dim"))
    for cable_id, found in nearest.items():
        line = Text.assemble((f"  {cable_id}", "cyan"), f"  {_day(found.day)}  {found.subject or ''}")
        line.no_wrap, line.overflow = True, "ellipsis"
        out.print(line)


def _number(paragraph: Paragraph) -> str:
    """¶3, or for a paragraph without a number what its key calls it: u2."""
    return f"¶{paragraph.number}" if paragraph.number is not None else paragraph.key.partition(".")[2]


def _day(day: int | None) -> str:
    """The day 20080417 as 2008-04-17."""
    return f"{day // 10000}-{day // 100 % 100:02d}-{day % 100:02d}" if day else "no date"


def print_cable(cable: Cable, *, notes: bool = False) -> None:
    """A cable's header and numbered paragraphs with section, role and marking."""
    out.print(Text(cable.subject or "(no subject)", style="bold"))
    fields = {
        "Cable": cable.id + (" (corrected copy)" if cable.corrected else ""),
        "From": cable.post or (cable.sender.name if cable.sender else ""),
        "Date": f"{cable.date.day} {cable.date:%B %Y, %H:%M} UTC" if cable.date else "",
        "Classification": str(cable.classification) if cable.classification else "",
        "Captions": ", ".join(cable.captions),
        "TAGS": ", ".join(f"{tag.code} ({tag.name})" if tag.name else tag.code for tag in cable.tags),
        "References": "; ".join(_reference(ref) for ref in cable.references),
        "Also known as": ", ".join(cable.aliases),
        "Classified by": cable.classified_by or "",
        "Signed": cable.signature or "",
    }
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for name, value in fields.items():
        if value:
            table.add_row(name, Text(value))
    out.print(table)
    section: str | None = None
    for paragraph in cable.paragraphs:
        if paragraph.section and paragraph.section != section:
            out.print()
            out.print(Text(paragraph.section, style="bold"))
        section = paragraph.section
        out.print()
        head = Text(_number(paragraph), style="bold cyan")
        said = [str(paragraph.marking)] if paragraph.marking else []
        said += [paragraph.role.value] if paragraph.role is not Role.BODY else []
        out.print(head.append(f"  {', '.join(said)}" if said else "", style="not bold dim"))
        out.print(Text(paragraph.text))
    if notes and cable.notes:
        out.print()
        for note in cable.notes:
            out.print(Text(f"note: {note}", style="yellow"))


def _reference(reference: Reference) -> str:
    label = f"{reference.label}: " if reference.label else ""
    return label + (reference.cable_id or reference.text)
