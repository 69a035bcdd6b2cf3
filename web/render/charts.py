"""Pictures as SVG, drawn for both themes, each with its words in reach. Pure functions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from markupsafe import Markup

from qa.answer import Answer
from web.render.formatting import address, day_words, month_words
from web.render.markup import NOTHING, fill, join

WIDE, HIGH = 640, 46
ROW = 26
SHOWN = 8
"""Cables on each side of a reference network."""


def timeline(answer: Answer) -> Markup:
    """The evidence by date: a dot for each cable, filled where it is cited, and the same as a table."""
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
        '<text x="{}" y="42" text-anchor="end">{}</text></svg>{}',
        WIDE,
        HIGH,
        WIDE,
        dots,
        day_words(first),
        WIDE,
        day_words(last),
        as_table(
            ("Date", "Cable", "In the answer"),
            [
                (day_words(day), cable_id, "cited" if cable_id in cited else "found")
                for cable_id, day in sorted(days.items(), key=lambda item: item[1])
            ],
        ),
    )


def as_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    """What a picture shows, in words, behind a click."""
    return fill(
        '<details class="as-table"><summary>As a table</summary><table><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></details>",
        join(fill('<th scope="col">{}</th>', head) for head in heads),
        join(fill("<tr>{}</tr>", join(fill("<td>{}</td>", cell) for cell in row)) for row in rows),
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
        '{}{}<text class="centre" x="{}" y="{:.0f}" text-anchor="middle">{}</text></svg>{}',
        WIDE,
        high,
        cable_id,
        _side(left, 200, 225, "end", middle, high),
        _side(right, 440, 415, "start", middle, high),
        WIDE // 2,
        middle + 4,
        cable_id,
        as_table(
            ("Cable", "Stands to this one"),
            [(other, "is referred to") for other in refers_to]
            + [(other, "refers to it") for other in cited_by],
        ),
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


def shape(
    months: Sequence[tuple[int, int]],
    posts: Sequence[tuple[str, int]],
    months_of: Mapping[str, Sequence[tuple[int, int]]],
) -> Markup:
    """The archive by month and post: bars by month with the largest posts' shares in them, and all by post.

    `months_of` are the months of the posts that have a colour. A click on a post, or a drag over the months,
    narrows the table below. Behind the picture is a table of years and posts.
    """
    if not months:
        return NOTHING
    most = max((n for _, n in posts), default=1)
    bars = join(
        fill(
            '<li><button type="button" data-do="only" data-value="{}" title="Show only {}"><span>{}</span>'
            '<span class="bar kind-{}" style="--share:{:.3f}"></span><b>{:,}</b></button></li>',
            post, post, post, list(months_of).index(post) if post in months_of else "other", n / most, n,
        )
        for post, n in posts
    )  # fmt: skip
    return fill(
        '<section class="shape"><div><h2>Cables by month</h2>{}<details><summary>As a table</summary>{}'
        "</details></div><div><h2>Cables by post</h2><ul>{}</ul></div></section>",
        histogram(months, months_of),
        _years(months, months_of),
        bars,
    )


def _years(months: Sequence[tuple[int, int]], months_of: Mapping[str, Sequence[tuple[int, int]]]) -> Markup:
    """Years down, all cables and the largest posts across."""
    columns = [_by_year(months), *(_by_year(own) for own in months_of.values())]
    heads = join(fill('<th scope="col">{}</th>', name) for name in ["Year", "All cables", *months_of])
    rows = join(
        fill(
            '<tr><th scope="row">{}</th>{}</tr>',
            year,
            join(fill("<td>{:,}</td>", column.get(year, 0)) for column in columns),
        )
        for year in sorted(columns[0])
    )
    return fill(
        '<div class="table-scroll" tabindex="0" role="region" aria-label="Cables by year and post">'
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        heads,
        rows,
    )


def _by_year(months: Sequence[tuple[int, int]]) -> dict[int, int]:
    years: Counter[int] = Counter()
    for month, n in months:
        years[month // 100] += n
    return years


def histogram(
    months: Sequence[tuple[int, int]], months_of: Mapping[str, Sequence[tuple[int, int]]] | None = None
) -> Markup:
    """Cables by month as bars, in order; a drag over them sets the period (static/filters.js)."""
    first, last = _month(months[0][0]), _month(months[-1][0])
    span, top = last - first + 1, max(n for _, n in months)
    heights: Counter[int] = Counter()
    bars: list[Markup] = []
    for kind, own in enumerate((months_of or {}).values()):
        for month, n in own:
            bars.append(_bar(month, first, heights[month], n, top, f"kind-{kind}"))
            heights[month] += n
    bars += [
        _bar(
            month,
            first,
            heights[month],
            n - heights[month],
            top,
            "kind-other",
            f"{month_words(month)}: {n:,}",
        )
        for month, n in months
    ]
    return fill(
        '<svg class="histogram" viewBox="0 0 {} 40" preserveAspectRatio="none" role="img" data-first="{}" '
        'aria-label="Cables by month, {} to {}, at most {} a month"><rect class="range" y="0" height="40"/>{}'
        '</svg><div class="axis" aria-hidden="true"><span>{}</span><span>{}</span></div>',
        span,
        months[0][0],
        month_words(months[0][0]),
        month_words(months[-1][0]),
        top,
        join(bars),
        month_words(months[0][0]),
        month_words(months[-1][0]),
    )


def _bar(month: int, first: int, below: int, n: int, top: int, kind: str, title: str = "") -> Markup:
    """A part of a month's bar that stands on the `below` cables under it; the tallest bar is 40 high."""
    high = max(40 * n / top, 0.8) if n and not below else 40 * n / top
    return fill(
        '<rect class="{}" x="{}" y="{:.2f}" width="0.9" height="{:.2f}">{}</rect>',
        kind,
        _month(month) - first,
        40 - 40 * below / top - high,
        high,
        fill("<title>{}</title>", title) if title else NOTHING,
    )


def _month(month: int) -> int:
    """Months since the year 0, so that they can be subtracted."""
    return month // 100 * 12 + month % 100 - 1
