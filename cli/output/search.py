"""What a full-text search shows, on the terminal and as CSV."""

import csv
from collections.abc import Sequence
from pathlib import Path

from rich.padding import Padding
from rich.text import Text

from cli.output.console import iso_day, out, paragraph_label, plural
from vectorstore.storage.catalog_rows import MATCH_END, MATCH_START, TextHit

CSV_COLUMNS = ("cable", "paragraph", "date", "post", "classification", "subject", "snippet")


def print_hits(hits: Sequence[TextHit], paragraphs: int, cables: int) -> None:
    """How much was found, and each paragraph with the words marked."""
    if not paragraphs:
        out.print("No paragraph holds these words.")
        return
    out.print(f"{plural(paragraphs, 'paragraph')} in {plural(cables, 'cable')}")
    for one in hits:
        hit = one.hit
        head = Text(f"{hit.cable_id} {paragraph_label(hit.paragraph)}", style="bold cyan")
        details = filter(None, (hit.post, iso_day(hit.day), hit.classification.label))
        out.print(head.append(f"  {', '.join(details)}", style="default"))
        if hit.subject:
            out.print(
                Padding(Text(hit.subject, style="dim", no_wrap=True, overflow="ellipsis"), (0, 0, 0, 4))
            )
        out.print(Padding(_highlighted(one.snippet), (0, 0, 0, 4)))
    if paragraphs > len(hits):
        out.print(Text(f"{paragraphs - len(hits):,} more: --limit, or --csv FILE for all", style="dim"))


def write_csv(hits: Sequence[TextHit], file: Path) -> None:
    """All hits as comma-separated values; a cell that a spreadsheet would take for a formula is quoted."""
    with file.open("w", newline="", encoding="utf-8") as target:
        rows = csv.writer(target)
        rows.writerow(CSV_COLUMNS)
        for one in hits:
            rows.writerow([f"'{cell}" if cell[:1] in "=+-@\t\r" else cell for cell in _cells(one)])


def _cells(one: TextHit) -> tuple[str, ...]:
    hit = one.hit
    snippet = one.snippet.replace(MATCH_START, "").replace(MATCH_END, "")
    place = (hit.cable_id, paragraph_label(hit.paragraph), iso_day(hit.day), hit.post or "")
    return (*place, hit.classification.label, hit.subject or "", snippet)


def _highlighted(snippet: str) -> Text:
    text = Text()
    for part in " ".join(snippet.split()).split(MATCH_START):
        marked, _, rest = part.rpartition(MATCH_END)
        text.append(marked, style="bold yellow").append(rest)
    return text
