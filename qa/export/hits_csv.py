"""Comma-separated values for spreadsheets; what a full-text search found as such."""

import csv
import io
from collections.abc import Iterable, Sequence

from cables.text import iso_day
from qa.export.footnotes import pilcrow
from vectorstore.storage.catalog_rows import MATCH_END, MATCH_START, CableSummary, TextHit

COLUMNS = ("cable", "paragraph", "date", "post", "classification", "subject", "snippet")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""With which a spreadsheet would take a cell for a formula; such a cell is quoted."""


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows under their headings, no cell of which is taken for a formula."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in row])
    return target.getvalue()


def as_csv(found: Iterable[TextHit | CableSummary]) -> str:
    """A line a paragraph that holds the words, or a cable; with headings."""
    return table(
        COLUMNS, (_cells_of_hit(one) if isinstance(one, TextHit) else _cells_of_cable(one) for one in found)
    )


def _cells_of_hit(one: TextHit) -> tuple[str, ...]:
    hit = one.hit
    snippet = one.snippet.replace(MATCH_START, "").replace(MATCH_END, "")
    place = (hit.cable_id, pilcrow(hit.paragraph), iso_day(hit.day), hit.post or "")
    return (*place, hit.classification.label, hit.subject or "", snippet)


def _cells_of_cable(cable: CableSummary) -> tuple[str, ...]:
    return (cable.id, "", iso_day(cable.day), cable.post or "", cable.level.label, cable.subject or "", "")
