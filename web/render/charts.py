"""Pictures as SVG, drawn for both themes, each with its words in reach."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from qa.answer import Answer
from web.render.formatting import month_words
from web.render.templating import render

CHART_WIDTH = 640
TIMELINE_MARGIN = 10
ROW_HEIGHT = 26
MAX_CABLES_PER_SIDE = 8
"""Of a reference network."""
HISTOGRAM_HEIGHT = 40
MIN_BAR_HEIGHT = 0.8
"""So that a single cable among thousands is seen."""

Months = Sequence[tuple[int, int]]
"""(month as 200804, cables), in order."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A cable on the timeline."""

    cable_id: str
    day: int
    x: float
    cited: bool


@dataclass(frozen=True, slots=True)
class Node:
    """A cable at the side of a reference network."""

    cable_id: str
    y: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a month's column; `kind` is a number for a post with a colour, else "other"."""

    kind: int | str
    x: int
    y: float
    height: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class PostBar:
    """A post's line in the picture of the archive: its cables, and their share of the largest post's."""

    post: str
    kind: int | str
    count: int
    share: float


def timeline(answer: Answer) -> Markup:
    """The evidence by date: a dot for each cable, filled where it is cited, and the same as a table."""
    cited = {citation.evidence.cable_id for citation in answer.citations}
    days = {e.cable_id: e.found.day for e in answer.evidence if e.found.day}
    if len(set(days.values())) < 2:
        return Markup()
    first, last = _ordinal(min(days.values())), _ordinal(max(days.values()))
    scale = (CHART_WIDTH - 2 * TIMELINE_MARGIN) / (last - first)
    dots = [
        Dot(cable_id, day, TIMELINE_MARGIN + scale * (_ordinal(day) - first), cable_id in cited)
        for cable_id, day in days.items()
    ]
    return render("timeline.svg", width=CHART_WIDTH, dots=dots, by_day=sorted(dots, key=lambda dot: dot.day))


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


# The archive


def archive_chart(
    months: Months, posts: Sequence[tuple[str, int]], months_of: Mapping[str, Months]
) -> Markup:
    """The archive by month and post: bars by month with the largest posts' shares in them, and all by post.

    `months_of` are the months of the posts that have a colour. A click on a post, or a drag over the months,
    narrows the table below. Behind the picture is a table of years and posts.
    """
    if not months:
        return Markup()
    largest = max((n for _, n in posts), default=1)
    kinds = {post: kind for kind, post in enumerate(months_of)}
    bars = [PostBar(post, kinds.get(post, "other"), n, n / largest) for post, n in posts]
    columns = {"All cables": _by_year(months)} | {post: _by_year(own) for post, own in months_of.items()}
    return render("archive_chart.html", histogram=histogram(months, months_of), bars=bars, columns=columns)


def _by_year(months: Months) -> Counter[int]:
    years: Counter[int] = Counter()
    for month, n in months:
        years[month // 100] += n
    return years


def histogram(months: Months, months_of: Mapping[str, Months] | None = None) -> Markup:
    """Cables by month as bars, in order; a drag over them sets the period (static/filters.js)."""
    first, last = months[0][0], months[-1][0]
    tallest = max(n for _, n in months)
    return render(
        "histogram.svg",
        first=first,
        last=last,
        tallest=tallest,
        height=HISTOGRAM_HEIGHT,
        span=_months_since(last, first) + 1,
        bars=_bars(months, months_of or {}, tallest),
    )


def _bars(months: Months, months_of: Mapping[str, Months], tallest: int) -> list[Bar]:
    """The coloured posts' parts one upon the other, and upon them what is left of each month."""
    first, stacked, bars = months[0][0], Counter[int](), list[Bar]()
    for kind, own in enumerate(months_of.values()):
        for month, n in own:
            bars.append(_bar(kind, month, first, stacked[month] / tallest, n / tallest))
            stacked[month] += n
    for month, n in months:
        below = stacked[month]
        title = f"{month_words(month)}: {n:,}"
        bars.append(_bar("other", month, first, below / tallest, (n - below) / tallest, title))
    return bars


def _bar(kind: int | str, month: int, first: int, below: float, share: float, title: str = "") -> Bar:
    """A bar that stands on others; `below` and `share` are parts of the tallest column."""
    height = HISTOGRAM_HEIGHT * share
    if share and not below:
        height = max(height, MIN_BAR_HEIGHT)
    return Bar(kind, _months_since(month, first), HISTOGRAM_HEIGHT * (1 - below) - height, height, title)


def _months_since(month: int, first: int) -> int:
    return (month // 100 - first // 100) * 12 + month % 100 - first % 100
