"""What a full-text search found, as comma-separated values."""

import csv
import io
from collections.abc import Iterable

from qa.export.footnotes import pilcrow
from vectorstore.storage.catalog_rows import MATCH_END, MATCH_START, CableSummary, TextHit

COLUMNS = ("cable", "paragraph", "date", "post", "classification", "subject", "snippet")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""With which a spreadsheet would take a cell for a formula; such a cell is quoted."""


def as_csv(found: Iterable[TextHit | CableSummary]) -> str:
    """A line a paragraph that holds the words, or a cable; with headings."""
    target = io.StringIO()
    rows = csv.writer(target)
    rows.writerow(COLUMNS)
    for one in found:
        cells = _cells_of_hit(one) if isinstance(one, TextHit) else _cells_of_cable(one)
        rows.writerow([f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in cells])
    return target.getvalue()


def _cells_of_hit(one: TextHit) -> tuple[str, ...]:
    hit = one.hit
    snippet = one.snippet.replace(MATCH_START, "").replace(MATCH_END, "")
    place = (hit.cable_id, pilcrow(hit.paragraph), _iso_day(hit.day), hit.post or "")
    return (*place, hit.classification.label, hit.subject or "", snippet)


def _cells_of_cable(cable: CableSummary) -> tuple[str, ...]:
    return (cable.id, "", _iso_day(cable.day), cable.post or "", cable.level.label, cable.subject or "", "")


def _iso_day(day: int | None) -> str:
    return f"{day // 10000}-{day // 100 % 100:02d}-{day % 100:02d}" if day else ""
