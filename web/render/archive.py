"""The archive page as HTML: what is in it, how it was made, and a table of all cables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup

from cables import Marking
from vectorstore.indexing.progress import Progress
from vectorstore.indexing.report import Report
from vectorstore.query import Filters
from vectorstore.storage.catalog_rows import CableSummary, Run
from web.render.filters import Choice, Facets, period_of
from web.render.formatting import counted, day_words, duration, size
from web.render.templating import render

ROWS_PER_PAGE = 50
COLUMNS = {"id": "Cable", "day": "Date", "post": "Post", "subject": "Subject", "level": "Classification"}
MAX_NAMED_CABLES = 8
"""New, changed or withdrawn cables that a report names."""

Failure = tuple[str, int | None, str]
"""(path, line, reason) of a file that could not be read."""


@dataclass(frozen=True, slots=True)
class ArchiveFacts:
    """What the page says about the archive as a whole."""

    data: Path | None
    """None where the reader need not know where it is stored, nor how much room all of it takes."""
    cables: int
    paragraphs: int
    span: tuple[int, int] | None
    size_bytes: int
    embedder: str
    model: str


def render_facts(facts: ArchiveFacts) -> Markup:
    """Figures about the archive, and what answers."""
    period = f"{day_words(facts.span[0])} to {day_words(facts.span[1])}" if facts.span else "no dates"
    rows = {"Cables": f"{facts.cables:,}", "Paragraphs": f"{facts.paragraphs:,}", "Period": period}
    if facts.data is not None:
        rows["On disk"] = f"{size(facts.size_bytes)} in {facts.data}"
    rows["Embedder"] = facts.embedder
    rows["Answers"] = facts.model or "quoted word for word; no model is configured"
    return render("archive_facts.html", rows=rows)


# The table


@dataclass(frozen=True, slots=True)
class TableState:
    """What the table shows: words to find, filters, the column it is sorted by, the first row."""

    words: str = ""
    filters: Filters = field(default_factory=Filters)
    column: str = "day"
    down: bool = True
    start: int = 0


@dataclass(frozen=True, slots=True)
class Select:
    """A field of the form that chooses one of a filter's values, or all."""

    name: str
    label: str
    everything: str
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Row:
    """A cable in the table."""

    cable: CableSummary
    marking: Marking


def render_search(facets: Facets, state: TableState, chart: Markup) -> Markup:
    """The pictures and the fields that narrow the table, as one form (static/archive.js sends it)."""
    choices = facets.choices
    selects = [
        Select("posts", "Post", "All posts", choices["posts"]),
        Select("classifications", "Classification", "All classifications", choices["classifications"]),
        Select("tags", "TAGS", "All TAGS", choices["tags"]),
    ]
    period = period_of(facets.months, state.filters)
    return render("archive_search.html", chart=chart, words=state.words, selects=selects, period=period)


def render_table(cables: Sequence[CableSummary], total: int, state: TableState, edits: bool) -> Markup:
    """One page of `total` cables, with headings that sort, and for editors buttons that withdraw."""
    return render(
        "archive_table.html",
        columns=COLUMNS,
        rows=[Row(cable, Marking(cable.level)) for cable in cables],
        total=total,
        last=min(state.start + ROWS_PER_PAGE, total),
        state=state,
        edits=edits,
        per_page=ROWS_PER_PAGE,
    )


# Indexing


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
