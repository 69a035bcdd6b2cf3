"""Pictures, drawn for both themes, each with its words in reach."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup

from qa.answer import Answer
from web.render.templating import render

CHART_WIDTH = 640
ROW_HEIGHT = 26
MAX_CABLES_PER_SIDE = 8
"""Of a reference network."""
HISTOGRAM_HEIGHT = 40
MIN_BAR_HEIGHT = 0.8
"""So that a single cable among thousands is seen."""
MAX_GAP_MONTHS = 24
"""A longer time without cables is folded in the histogram."""
GAP_COLUMNS = 4
"""What is left of it, in months' widths."""

Months = Sequence[tuple[int, int]]
"""(month as 200804, cables), in order."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A cable on the timeline."""

    cable_id: str
    day: int
    percent: float
    """Of the time between the first and the last."""
    cited: bool


@dataclass(frozen=True, slots=True)
class Node:
    """A cable at the side of a reference network."""

    cable_id: str
    y: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A month in the histogram, `x` columns from its left edge."""

    month: int
    count: int
    x: int
    height: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months of the histogram without a long gap, from column `x` on; months as 200804."""

    first: int
    last: int
    x: int

    @property
    def end(self) -> int:
        """The column behind the last month."""
        return self.x + _months_between(self.first, self.last) + 1


def timeline(answer: Answer) -> Markup:
    """The evidence by date: a dot for each cable, filled where it is cited, and the same as a table."""
    cited = {citation.evidence.cable_id for citation in answer.citations}
    days = {e.cable_id: e.found.day for e in answer.evidence if e.found.day}
    if len(set(days.values())) < 2:
        return Markup()
    first, last = _ordinal(min(days.values())), _ordinal(max(days.values()))
    dots = [
        Dot(cable_id, day, 100 * (_ordinal(day) - first) / (last - first), cable_id in cited)
        for cable_id, day in sorted(days.items(), key=lambda dated: dated[1])
    ]
    return render("evidence_timeline.html", dots=dots)


def _ordinal(day: int) -> int:
    return date(day // 10000, day // 100 % 100, day % 100).toordinal()


def network(cable_id: str, refers_to: Sequence[str], cited_by: Sequence[str]) -> Markup:
    """The cables around one, all links: what it refers to on the left, what cites it on the right."""
    rows = min(max(len(refers_to), len(cited_by)), MAX_CABLES_PER_SIDE)
    if not rows:
        return Markup()
    height = rows * ROW_HEIGHT + 20
    return render(
        "network.svg",
        width=CHART_WIDTH,
        height=height,
        cable_id=cable_id,
        refers_to=refers_to,
        cited_by=cited_by,
        left=_side(refers_to, height),
        right=_side(cited_by, height),
    )


def _side(cable_ids: Sequence[str], height: float) -> list[Node]:
    shown = cable_ids[:MAX_CABLES_PER_SIDE]
    top = (height - len(shown) * ROW_HEIGHT) / 2 + ROW_HEIGHT / 2
    return [Node(cable_id, top + n * ROW_HEIGHT) for n, cable_id in enumerate(shown)]


def histogram(months: Months) -> Markup:
    """Cables by month as bars, in order; a drag over them sets the period (static/js/histogram.js).

    Long gaps are folded, so that one early cable does not squeeze all others.
    """
    stretches = _stretches([month for month, _ in months])
    tallest = max(n for _, n in months)
    bars = [
        Bar(month, n, part.x + _months_between(part.first, month), _bar_height(n / tallest))
        for part in stretches
        for month, n in months
        if part.first <= month <= part.last
    ]
    return render(
        "histogram.svg",
        bars=bars,
        spans=stretches,
        gap=GAP_COLUMNS,
        height=HISTOGRAM_HEIGHT,
        tallest=tallest,
        width=stretches[-1].end,
    )


def _bar_height(share: float) -> float:
    return max(HISTOGRAM_HEIGHT * share, MIN_BAR_HEIGHT)


def _stretches(months: Sequence[int]) -> list[Stretch]:
    """The months in stretches that no gap longer than MAX_GAP_MONTHS interrupts."""
    found = [Stretch(months[0], months[0], 0)]
    for month in months:
        if _months_between(found[-1].last, month) > MAX_GAP_MONTHS:
            found.append(Stretch(month, month, found[-1].end + GAP_COLUMNS))
        else:
            found[-1] = replace(found[-1], last=month)
    return found


def _months_between(first: int, month: int) -> int:
    return (month // 100 - first // 100) * 12 + month % 100 - first % 100
