"""Draws what bench/scale.py has measured: cost against size, as an SVG that reads in both themes."""

import math
from collections.abc import Sequence
from typing import Any

WIDTH, HEIGHT, LEFT, TOP, GAP = 300, 170, 50, 34, 70
ROWS = (
    ("indexing: processor ms a paragraph", lambda r: 1000 * r["index"]["cpu"] / r["index"]["embedded"]),
    ("largest memory of indexing, MB", lambda r: r["index"]["memory_mb"]),
    ("a question, median ms", lambda r: r["ask"]["p50_ms"]),
    ("a question, 95th of a hundred, ms", lambda r: r["ask"]["p95_ms"]),
    (
        "index again, nothing changed: ms a thousand paragraphs",
        lambda r: 1e6 * r["unchanged"]["cpu"] / r["index"]["embedded"],
    ),
    ("index ten new cables, s", lambda r: r["ten_new"]["seconds"]),
)


def draw(results: Sequence[dict[str, Any]]) -> str:
    """One small chart a figure, its points at the sizes that were measured; the latest of each size counts."""
    latest = sorted({r["size"]: r for r in results}.values(), key=lambda r: r["size"])
    charts = []
    for n, (name, value) in enumerate(ROWS):
        x, y = LEFT + n % 2 * (WIDTH + GAP), TOP + n // 2 * (HEIGHT + GAP)
        points = [(r["index"]["embedded"], value(r)) for r in latest]
        charts.append(f'<g transform="translate({x},{y})">{_chart(name, points)}</g>')
    size = f"0 0 {2 * (WIDTH + GAP) + LEFT} {(len(ROWS) + 1) // 2 * (HEIGHT + GAP) + TOP}"
    style = "text{font:12px sans-serif;fill:#777}path,circle{stroke:#3b78c4;fill:none}circle{fill:#3b78c4}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" role="img" '
        f'aria-label="Cost against size"><style>{style}</style>{"".join(charts)}</svg>\n'
    )


def _chart(name: str, points: Sequence[tuple[int, float]]) -> str:
    top = max(value for _, value in points) * 1.15 or 1
    low, high = (math.log10(edge[0]) for edge in (points[0], points[-1]))
    placed = [
        (WIDTH * (math.log10(size) - low) / ((high - low) or 1), HEIGHT * (1 - value / top), size, value)
        for size, value in points
    ]
    line = "M" + " L".join(f"{x:.0f},{y:.0f}" for x, y, _, _ in placed)
    marks = "".join(
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3"/>'
        f'<text x="{x:.0f}" y="{y - 8:.0f}" text-anchor="middle">{value:.3g}</text>'
        f'<text x="{x:.0f}" y="{HEIGHT + 16}" text-anchor="middle">{size:,}</text>'
        for x, y, size, value in placed
    )
    axis = f'<path d="M0,{HEIGHT} H{WIDTH}" style="stroke:#999"/>'
    return f'<text y="-12">{name}</text>{axis}<path d="{line}"/>{marks}'
