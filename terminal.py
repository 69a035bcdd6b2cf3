"""What the terminal shows: progress, reports, answers, cables. Read by cli.py alone.

Cable text is printed as rich `Text`, never as markup: brackets in a cable are its own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress as Bar, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from cables import Cable
from cables.forms import Failure
from qa.answer import Answer, Outcome
from vectorstore.indexer import Progress, Report

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


@contextmanager
def indexing_progress() -> Iterator[Callable[[Progress], None]]:
    """A bar with paragraphs a second and time left, on standard error; yields what updates it."""
    columns = (
        TextColumn("Indexing"), BarColumn(), TaskProgressColumn(),
        TextColumn("{task.fields[embedded]} paragraphs, {task.fields[rate]:.0f} a second, time left"),
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


def print_report(report: Report, paths: list[Path]) -> None:
    """The table of a run, and each failure with its path, line and reason."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right", style="bold")
    table.add_column()
    rows = (
        (len(report.new), "new"), (len(report.changed), "changed"), (report.unchanged, "unchanged"),
        (len(report.withdrawn), "withdrawn"), (len(report.failed), "failed"),
    )  # fmt: skip
    for count, name in rows:
        table.add_row(str(count), name)
    out.print(table)
    out.print(f"{report.embedded} paragraphs embedded in {report.seconds:.1f} s")
    if report.notes:
        noted = ", ".join(f"{name} ({count})" for name, count in report.notes.most_common(6))
        out.print(Text(f"Noted: {noted}", style="dim"))
    for failure in report.failed:
        print_failure(failure)
    if not (report.new or report.changed or report.unchanged or report.withdrawn or report.failed):
        err.print(f"No cables in {', '.join(map(str, paths))}: give files or folders that hold some.", style="red")


def print_failure(failure: Failure) -> None:
    """One line: path, member, line, reason."""
    line = f", line {failure.line}" if failure.line else ""
    member = f" ({failure.where})" if failure.where else ""
    err.print(Text(f"{failure.path}{member}{line}: {failure.reason}", style="red"), soft_wrap=True)


@contextmanager
def searching(*, quiet: bool) -> Iterator[None]:
    """A spinner while an answer is looked for."""
    if quiet:
        yield
        return
    with err.status("Searching the archive"):
        yield


def print_answer(answer: Answer) -> None:
    """The answer, its banner, and below it the cited paragraphs; for a refusal the nearest cables."""
    if answer.interpretation:
        out.print(Text(f"Understood as: {answer.interpretation}", style="dim"))
    if answer.notice:
        out.print(Text(answer.notice, style="yellow"))
    if answer.outcome is Outcome.REFUSED:
        _print_refusal(answer)
        return
    if answer.outcome is Outcome.CLOSEST:
        out.print(Text("The closest passages; they may not answer the question.", style="yellow"))
    if answer.absent:
        out.print(Text(f"Nowhere in the archive: {', '.join(answer.absent)}", style="yellow"))
    out.print(Text(answer.text))
    out.print()
    for citation in answer.citations:
        found = citation.evidence
        day = f"{found.found.day:08d}" if found.found.day else ""
        date = f"{day[:4]}-{day[4:6]}-{day[6:]}" if day else "no date"
        number = f"¶{found.number}" if found.number is not None else found.key.partition(".")[2]
        head = f"[{citation.n}] {found.cable_id} {number}  {found.found.post or ''}, {date}  {found.marking}"
        out.print(Text(head, style="bold"))
        for quote in citation.quotes:
            out.print(Padding(Text(f"“{quote}”", style="dim"), (0, 0, 0, 4)))
    if answer.banner:
        out.print()
        out.print(Text(f"{answer.banner} (as marked at the time)", style="dim"))


def _print_refusal(answer: Answer) -> None:
    out.print(Text("The archive does not answer this."))
    if answer.absent:
        out.print(Text(f"Nowhere in the archive: {', '.join(answer.absent)}"))
    if answer.evidence:
        out.print(Text("Nearest cables:", style="dim"))
        for found in {e.cable_id: e.found for e in answer.evidence[:5]}.values():
            out.print(Text(f"  {found.cable_id}  {found.subject or ''}", style="dim"))


def print_cable(cable: Cable, *, notes: bool = False) -> None:
    """A cable's header and numbered paragraphs with section, role and marking."""
    out.print(Text(cable.id, style="bold"), Text(cable.subject or "(no subject)"))
    fields = {
        "From": cable.post or (cable.sender.name if cable.sender else ""),
        "Date": f"{cable.date:%d %B %Y, %H:%M} UTC" if cable.date else "",
        "Classification": str(cable.classification) if cable.classification else "",
        "TAGS": ", ".join(f"{tag.code} {tag.name}" if tag.name else tag.code for tag in cable.tags),
        "References": ", ".join(ref.cable_id or ref.text for ref in cable.references),
        "Also known as": ", ".join(cable.aliases),
        "Signed": cable.signature or "",
    }
    for name, value in fields.items():
        if value:
            out.print(Text(f"{name}: ", style="dim").append(value, style="default"), soft_wrap=True)
    section: str | None = None
    for paragraph in cable.paragraphs:
        if paragraph.section != section:
            section = paragraph.section
            out.print()
            out.print(Text(section or "", style="bold"))
        number = f"¶{paragraph.number}" if paragraph.number is not None else paragraph.key.partition(".")[2]
        marking = f" ({paragraph.marking})" if paragraph.marking else ""
        role = f" {paragraph.role.value}" if paragraph.role != "body" else ""
        out.print()
        out.print(Text(f"{number}{marking}{role}", style="cyan"))
        out.print(Text(paragraph.text))
    if notes and cable.notes:
        out.print()
        for note in cable.notes:
            out.print(Text(f"note: {note}", style="yellow"))
