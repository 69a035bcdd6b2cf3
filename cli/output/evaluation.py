"""What an evaluation shows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, TaskProgressColumn, TextColumn
from rich.progress import Progress as Bar
from rich.text import Text

from cli.output.console import err, out, plain_table

if TYPE_CHECKING:
    from qa.verification.answerability import Thresholds


@contextmanager
def asking(count: int) -> Iterator[Callable[[], None]]:
    """A bar over a file of questions, on standard error; yields what is called after each."""
    with Bar(TextColumn("Asking"), BarColumn(), TaskProgressColumn(), console=err, transient=True) as bar:
        task = bar.add_task("", total=count)
        yield lambda: bar.advance(task)


def print_evaluation(report: dict[str, Any]) -> None:
    """The figures of an evaluation: a row for all questions and one for each type, latency below."""
    names = ["hit@1", "hit@3", "hit@5", "hit@10", "mrr@10", "full@10", "facts"]
    names += ["precision of citations", "words"]
    table = plain_table("questions", "", *(name.removesuffix(" of citations") for name in names), right=True)
    for kind, row in {"all": report["all"], **report["types"]}.items():
        shown = [
            f"{row[name]:.0f}" if name == "words" else f"{row[name]:.3f}" for name in names if name in row
        ]
        table.add_row(kind, str(row["questions"]), *shown)
    out.print(table)
    found, none = report["all"], report["unanswerable"]
    for name, (low, high) in report["interval"].items():
        mean = found.get(name, 0.0)
        out.print(f"{name}: {mean:.3f}, between {low:.3f} and {high:.3f} with 95% confidence")
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
