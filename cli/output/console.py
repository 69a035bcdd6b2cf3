"""The two consoles, and how counts, days and paragraph numbers are written."""

from rich.console import Console
from rich.table import Table

from cables import Paragraph

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def plural(count: int, noun: str) -> str:
    """`1 cable`, `1,096 cables`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def paragraph_label(paragraph: Paragraph) -> str:
    """`¶3`, or for a paragraph without a number the end of its key, `u2`."""
    return f"¶{paragraph.number}" if paragraph.number is not None else paragraph.key.partition(".")[2]


def plain_table(*headings: str, right: bool = False) -> Table:
    """A table without lines; `right`: its columns are aligned to the right."""
    table = Table(box=None, pad_edge=False, header_style="dim", show_header=bool(headings))
    for heading in headings:
        table.add_column(heading, justify="right" if right else "left")
    return table
