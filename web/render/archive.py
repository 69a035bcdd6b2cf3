"""The archive page as HTML: what is in it, how it was made, and a table of all cables. Pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup

from cables import Marking
from vectorstore.indexing.indexer import Progress, Report
from vectorstore.query import Filters
from vectorstore.storage.catalog_view import CableSummary, Run
from web.render.filters import Choice, Facets, render_ends
from web.render.formatting import address, count, day_words, duration, level_class, local_time, size
from web.render.markup import NOTHING, fill, join

PAGE = 50
"""Cables on a page of the table."""
COLUMNS = {"id": "Cable", "day": "Date", "post": "Post", "subject": "Subject", "level": "Classification"}
NAMED = 8
"""New or changed cables that a report names."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page says about the archive as a whole."""

    data: Path | None
    """None where the reader need not know where it lies, nor how much room all of it takes."""
    cables: int
    paragraphs: int
    span: tuple[int, int] | None
    octets: int
    embedder: str
    model: str


def render_facts(facts: Facts) -> str:
    """Figures about the archive, and what answers."""
    period = f"{day_words(facts.span[0])} to {day_words(facts.span[1])}" if facts.span else "no dates"
    rows = [
        ("Cables", f"{facts.cables:,}"),
        ("Paragraphs", f"{facts.paragraphs:,}"),
        ("Period", period),
        ("Embedder", facts.embedder),
        ("Answers", facts.model or "quoted word for word; no model is configured"),
    ]
    if facts.data is not None:
        rows.insert(3, ("On disk", f"{size(facts.octets)} in {facts.data}"))
    items = join(fill("<div><dt>{}</dt><dd>{}</dd></div>", name, value) for name, value in rows)
    return fill('<dl class="facts">{}</dl>', items)


# The table


@dataclass(frozen=True, slots=True)
class Order:
    """What the table shows: words to find, filters, the column it is sorted by, the first row."""

    words: str = ""
    filters: Filters = field(default_factory=Filters)
    column: str = "day"
    down: bool = True
    start: int = 0


def render_browse(facets: Facets, order: Order, pictures: Markup) -> str:
    """The pictures and the fields that narrow the table, as one form (static/archive.js sends it)."""
    return fill(
        '<form id="browse" aria-label="Narrow the table">{}<div class="narrowing">'
        '<input type="search" name="words" class="find" placeholder="Find by subject, post or id" '
        'aria-label="Find cables" value="{}">{}{}{}<div class="ends">{}</div>'
        '<button type="reset" class="tool">Show all</button></div></form>',
        pictures,
        order.words,
        _select("posts", "Post", "All posts", facets.choices["posts"]),
        _select(
            "classifications", "Classification", "All classifications", facets.choices["classifications"]
        ),
        _select("tags", "TAGS", "All TAGS", facets.choices["tags"]),
        render_ends(facets.months, order.filters),
    )


def _select(name: str, label: str, everything: str, choices: Iterable[Choice]) -> Markup:
    options = join(
        fill(
            '<option value="{}"{}>{} ({:,})</option>',
            choice.value,
            " selected" if choice.chosen else "",
            choice.words.strip(),
            choice.count,
        )
        for choice in choices
    )
    return fill(
        '<select name="{}" aria-label="{}"><option value="">{}</option>{}</select>',
        name,
        label,
        everything,
        options,
    )


def render_table(rows: Sequence[CableSummary], total: int, order: Order, edits: bool) -> str:
    """One page of cables, with headings that sort and buttons that turn the page, and for editors withdraw."""
    heads = join(_head(column, title, order) for column, title in COLUMNS.items())
    if not rows:
        narrowed = order.words or order.filters
        return fill(
            '<p class="none" role="status">{}</p>',
            "No cable matches all of this." if narrowed else "There are no cables yet.",
        )
    return fill(
        '<div class="table-scroll" tabindex="0" role="region" aria-label="Cables">'
        '<table class="cables"><thead><tr>{}'
        '<th scope="col" class="number">Paragraphs</th>{}</tr></thead><tbody>{}</tbody></table></div>{}',
        heads,
        Markup('<td class="act"></td>') if edits else NOTHING,
        join(_row(row, edits) for row in rows),
        _pager(total, order),
    )


def _head(column: str, title: str, order: Order) -> Markup:
    sorted_by = order.column == column
    direction = ("descending" if order.down else "ascending") if sorted_by else "none"
    arrow = (" ↓" if order.down else " ↑") if sorted_by else ""
    return fill(
        '<th scope="col" aria-sort="{}">'
        '<button type="button" data-do="sort" data-column="{}" data-down="{}">'
        '{}<span aria-hidden="true">{}</span></button></th>',
        direction,
        column,
        "" if sorted_by and order.down else "1",
        title,
        arrow,
    )


def _row(row: CableSummary, edits: bool) -> Markup:
    marking = Marking(row.level)
    return fill(
        '<tr><td class="id"><a href="{}" data-read="{}">{}</a></td>'
        '<td class="when">{}</td><td>{}</td><td class="subject">{}</td>'
        '<td><span class="marking {}">{}</span></td><td class="number">{}</td>{}</tr>',
        address(row.id),
        row.id,
        row.id,
        day_words(row.day),
        row.post or "",
        row.subject or "",
        level_class(marking),
        marking,
        row.paragraphs,
        _withdrawing(row.id) if edits else NOTHING,
    )


def _withdrawing(cable_id: str) -> Markup:
    return fill(
        '<td class="act"><button type="button" class="tool" data-do="withdraw" data-cable="{}" '
        'aria-label="Withdraw {}">Withdraw</button></td>',
        cable_id,
        cable_id,
    )


def _pager(total: int, order: Order) -> Markup:
    last = min(order.start + PAGE, total)
    return fill(
        '<div class="pager"><span role="status">{:,} to {:,} of {}</span>{}{}</div>',
        order.start + 1,
        last,
        count(total, "cable"),
        _turn("Previous", order.start - PAGE, order.start > 0),
        _turn("Next", order.start + PAGE, last < total),
    )


def _turn(words: str, start: int, possible: bool) -> Markup:
    return fill(
        '<button type="button" class="tool" data-do="turn" data-start="{}"{}>{}</button>',
        max(start, 0),
        "" if possible else " disabled",
        words,
    )


# Runs


def render_progress(progress: Progress | None, seconds: float) -> str:
    """An indexing run under way: the share of the sources that is done, and the speed."""
    share = progress.done / progress.total if progress and progress.total else 0.0
    embedded = progress.embedded if progress else 0
    speed = f", {embedded / seconds:,.0f} a second" if embedded and seconds > 1 else ""
    left = f", about {duration(seconds / share - seconds)} left" if 0.05 < share < 1 and seconds > 2 else ""
    return fill(
        '<div class="run"><progress max="1" value="{:.3f}" aria-label="Indexing"></progress>'
        '<p role="status">{:.0f}% read, {} embedded{}{}</p></div>',
        share,
        100 * share,
        count(embedded, "paragraph"),
        speed,
        left,
    )


def render_report(report: Report) -> str:
    """What a run did, with the reason for each failure."""
    failures = [(str(f.path), f.line, f.reason) for f in report.failed]
    new = (
        _named("New", report.new) + _named("Changed", report.changed) + _named("Withdrawn", report.withdrawn)
    )
    return fill(
        '<div class="run"><p role="status"><strong>{}</strong></p>{}{}</div>',
        _outcome(report.summary(), report.seconds),
        new,
        _failures(failures),
    )


def render_withdrawn(cable_id: str, file: str) -> str:
    """That a cable was taken out, and what would bring it back."""
    return fill(
        '<div class="run"><p role="status"><strong>{} is withdrawn: nothing is answered from it any more.</strong></p>'
        "<p>Its file <code>{}</code> stays as it is; if that file changes, the cable is indexed again.</p></div>",
        cable_id,
        file,
    )


def _named(title: str, cable_ids: Sequence[str]) -> Markup:
    if not cable_ids:
        return NOTHING
    links = join(
        (fill('<a href="{}" data-read="{}">{}</a>', address(id), id, id) for id in cable_ids[:NAMED]), ", "
    )
    more = f" and {len(cable_ids) - NAMED:,} more" if len(cable_ids) > NAMED else ""
    return fill("<p>{}: {}{}</p>", title, links, more)


def _outcome(summary: Mapping[str, Any], seconds: float) -> str:
    """What a run did, in a line, from its report as the catalog keeps it."""
    words = [f"{summary.get(what, 0):,} {what}" for what in ("new", "changed", "unchanged")]
    words.append(f"{len(summary.get('failed', ())):,} failed")
    if summary.get("withdrawn"):
        words.append(f"{len(summary['withdrawn']):,} withdrawn")
    return f"{', '.join(words)}, in {duration(seconds)}"


def _failures(failures: Sequence[tuple[str, int | None, str]]) -> Markup:
    if not failures:
        return NOTHING
    items = join(
        fill("<li><code>{}{}</code> {}</li>", path, f":{line}" if line else "", reason)
        for path, line, reason in failures
    )
    return fill('<ul class="failures" aria-label="What failed, and why">{}</ul>', items)


def render_failing(failing: Sequence[tuple[str, int | None, str]]) -> str:
    """Files that could not be read when last tried."""
    if not failing:
        return NOTHING
    title = "1 file could not be read" if len(failing) == 1 else f"{len(failing):,} files could not be read"
    return fill('<details class="runs failing"><summary>{}</summary>{}</details>', title, _failures(failing))


def render_problem(problem: str) -> str:
    """Why nothing could be done."""
    return fill('<p class="problem" role="alert">{}</p>', problem)


def render_runs(runs: Sequence[Run]) -> str:
    """Earlier indexing runs, the latest first."""
    if not runs:
        return NOTHING
    items = join(
        fill(
            "<li><span>{}</span> {}{}</li>",
            local_time(run.started),
            _outcome(run.report, run.seconds),
            _failures([(f["path"], f["line"], f["reason"]) for f in run.report.get("failed", ())]),
        )
        for run in runs
    )
    return fill('<details class="runs"><summary>Indexing runs</summary><ul>{}</ul></details>', items)
