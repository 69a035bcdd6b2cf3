"""How the archive was made, as HTML: figures, indexing runs and their progress, what failed."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from vectorstore.indexing.progress import Progress
from vectorstore.indexing.report import Report
from vectorstore.storage.catalog_rows import Run
from web.render.formatting import counted, duration
from web.render.templating import render

MAX_NAMED_CABLES = 8
"""New, changed or withdrawn cables that a report names."""

Failure = tuple[str, int | None, str]
"""(path, line, reason) of a file that could not be read."""


def render_progress(progress: Progress | None, seconds: float) -> Markup:
    """An indexing run under way: the share of the sources that is done, and the speed."""
    share = progress.done / progress.total if progress and progress.total else 0.0
    embedded = progress.embedded if progress else 0
    words = [f"{100 * share:.0f}% read", f"{counted(embedded, 'paragraph')} embedded"]
    if embedded and seconds > 1:
        words.append(f"{embedded / seconds:,.0f} a second")
    if 0.05 < share < 1 and seconds > 2:
        words.append(f"about {duration(seconds / share - seconds)} left")
    return render("index_progress.html", share=share, words=", ".join(words))


def render_report(report: Report) -> Markup:
    """What a run did, with the reason for each failure."""
    named = {"New": report.new, "Changed": report.changed, "Withdrawn": report.withdrawn}
    return render(
        "index_report.html",
        outcome=_outcome(report.summary(), report.seconds),
        named={title: cables for title, cables in named.items() if cables},
        max_named=MAX_NAMED_CABLES,
        failures=[(str(f.path), f.line, f.reason) for f in report.failed],
    )


def render_runs(runs: Sequence[Run], failing: Sequence[Failure]) -> Markup:
    """Files that could not be read when last tried, and earlier indexing runs, the latest first."""
    views = [
        (
            run.started,
            _outcome(run.report, run.seconds),
            [(f["path"], f["line"], f["reason"]) for f in run.report.get("failed", ())],
        )
        for run in runs
    ]
    return render("index_runs.html", runs=views, failing=failing)


def _outcome(summary: Mapping[str, Any], seconds: float) -> str:
    """What a run did, in a line, from its report as the catalog keeps it."""
    words = [f"{summary.get(what, 0):,} {what}" for what in ("new", "changed", "unchanged")]
    words.append(f"{len(summary.get('failed', ())):,} failed")
    if summary.get("withdrawn"):
        words.append(f"{len(summary['withdrawn']):,} withdrawn")
    return f"{', '.join(words)}, in {duration(seconds)}"
