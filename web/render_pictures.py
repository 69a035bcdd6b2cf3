"""Pictures as SVG, drawn for both themes, each with its words in reach. Pure functions."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from qa.answer import Answer
from web.markup import NOTHING, fill, join
from web.words import address, day_words, month_words

WIDE, HIGH = 640, 46
ROW = 26
SHOWN = 8
"""Cables on each side of a reference network."""


def timeline(answer: Answer) -> Markup:
    """The evidence by date: a dot for each cable, filled where it is cited; the list below is its table."""
    cited = {citation.evidence.cable_id for citation in answer.citations}
    days = {e.cable_id: e.found.day for e in answer.evidence if e.found.day}
    if len(set(days.values())) < 2:
        return NOTHING
    first, last = min(days.values()), max(days.values())
    scale = (WIDE - 20) / max(_ordinal(last) - _ordinal(first), 1)
    dots = join(
        fill(
            '<a href="{}" data-read="{}" aria-label="{}, {}"><circle class="{}" cx="{:.1f}" cy="16" r="6"/>'
            "<title>{}, {}</title></a>",
            address(cable_id),
            cable_id,
            cable_id,
            day_words(day),
            "cited" if cable_id in cited else "other",
            10 + scale * (_ordinal(day) - _ordinal(first)),
            cable_id,
            day_words(day),
        )
        for cable_id, day in days.items()
    )
    return fill(
        '<svg class="timeline" viewBox="0 0 {} {}" role="group" aria-label="The evidence by date">'
        '<line x1="0" x2="{}" y1="16" y2="16"/>{}<text x="0" y="42">{}</text>'
        '<text x="{}" y="42" text-anchor="end">{}</text></svg>',
        WIDE,
        HIGH,
        WIDE,
        dots,
        day_words(first),
        WIDE,
        day_words(last),
    )


def _ordinal(day: int) -> int:
    return date(day // 10000, day // 100 % 100, day % 100).toordinal()


def network(cable_id: str, refers_to: Sequence[str], cited_by: Sequence[str]) -> Markup:
    """The cables around one, all links: what it refers to on the left, what cites it on the right."""
    left, right = refers_to[:SHOWN], cited_by[:SHOWN]
    if not left and not right:
        return NOTHING
    high = max(len(left), len(right), 1) * ROW + 20
    middle = high / 2
    return fill(
        '<svg class="network" viewBox="0 0 {} {:.0f}" role="group" aria-label="Cables around {}">'
        '{}{}<text class="centre" x="{}" y="{:.0f}" text-anchor="middle">{}</text></svg>',
        WIDE,
        high,
        cable_id,
        _side(left, 200, 225, "end", middle, high),
        _side(right, 440, 415, "start", middle, high),
        WIDE // 2,
        middle + 4,
        cable_id,
    )


def _side(cable_ids: Sequence[str], x: int, joint: int, anchor: str, middle: float, high: float) -> Markup:
    """One column of cables with lines to the middle one."""
    top = (high - len(cable_ids) * ROW) / 2 + ROW / 2
    return join(
        fill(
            '<path d="M {} {:.0f} L {} {:.0f}"/><a href="{}" data-read="{}">'
            '<text x="{}" y="{:.0f}" text-anchor="{}">{}</text></a>',
            x + (4 if anchor == "end" else -4),
            top + n * ROW,
            joint + (15 if anchor == "end" else -15),
            middle,
            address(cable_id),
            cable_id,
            x,
            top + n * ROW + 4,
            anchor,
            cable_id,
        )
        for n, cable_id in enumerate(cable_ids)
    )


# The archive


def shape(months: Sequence[tuple[int, int]], posts: Sequence[tuple[str, int]]) -> Markup:
    """The archive by month and by post, with the years as a table behind the months."""
    if not months:
        return NOTHING
    years: dict[int, int] = {}
    for month, n in months:
        years[month // 100] = years.get(month // 100, 0) + n
    rows = join(fill("<tr><td>{}</td><td>{:,}</td></tr>", year, n) for year, n in sorted(years.items()))
    most = max((n for _, n in posts), default=1)
    bars = join(
        fill(
            '<li><span>{}</span><span class="bar" style="--share:{:.3f}"></span><b>{:,}</b></li>',
            post,
            n / most,
            n,
        )
        for post, n in posts
    )
    return fill(
        '<section class="shape"><div><h2>Cables by month</h2>{}<details><summary>As a table</summary>'
        '<table><thead><tr><th scope="col">Year</th><th scope="col">Cables</th></tr></thead><tbody>{}</tbody>'
        "</table></details></div><div><h2>Cables by post</h2><ul>{}</ul></div></section>",
        histogram(sorted(months), "months"),
        rows,
        bars,
    )


def histogram(months: Sequence[tuple[int, int]], kind: str) -> Markup:
    """Cables by month as bars; over the `kind` "histogram" a drag sets the period (static/filters.js)."""
    first, last = _month(months[0][0]), _month(months[-1][0])
    span, top = last - first + 1, max(n for _, n in months)
    bars = join(
        fill(
            '<rect x="{}" y="{:.1f}" width="{}" height="{:.1f}"><title>{}: {:,}</title></rect>',
            _month(month) - first,
            40 - 40 * n / top,
            0.9,
            max(40 * n / top, 0.8),
            month_words(month),
            n,
        )
        for month, n in months
    )
    return fill(
        '<svg class="{}" viewBox="0 0 {} 40" preserveAspectRatio="none" role="img" data-first="{}" '
        'aria-label="Cables by month, {} to {}, at most {} a month"><rect class="range" y="0" height="40"/>{}'
        '</svg><div class="axis" aria-hidden="true"><span>{}</span><span>{}</span></div>',
        kind,
        span,
        months[0][0],
        month_words(months[0][0]),
        month_words(months[-1][0]),
        top,
        bars,
        month_words(months[0][0]),
        month_words(months[-1][0]),
    )


def _month(month: int) -> int:
    """Months since the year 0, so that they can be subtracted."""
    return month // 100 * 12 + month % 100 - 1
