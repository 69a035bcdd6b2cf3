"""What a full-text search shows, on the terminal."""

from collections.abc import Sequence

from rich.padding import Padding
from rich.text import Text

from cables.text import iso_day
from cli.output.console import out, paragraph_label, plural
from vectorstore.storage.catalog_rows import MATCH_END, MATCH_START, TextHit


def print_hits(hits: Sequence[TextHit], paragraphs: int, cables: int) -> None:
    """How much was found, and each paragraph with the words marked."""
    if not paragraphs:
        out.print("No paragraph holds these words.")
        return
    out.print(f"{plural(paragraphs, 'paragraph')} in {plural(cables, 'cable')}")
    for one in hits:
        hit = one.hit
        head = Text(f"{hit.cable_id} {paragraph_label(hit.paragraph)}", style="bold cyan")
        details = filter(None, (hit.post, iso_day(hit.day) or "no date", hit.classification.label))
        out.print(head.append(f"  {', '.join(details)}", style="default"))
        if hit.subject:
            out.print(
                Padding(Text(hit.subject, style="dim", no_wrap=True, overflow="ellipsis"), (0, 0, 0, 4))
            )
        out.print(Padding(_highlighted(one.snippet), (0, 0, 0, 4)))
    if paragraphs > len(hits):
        out.print(Text(f"{paragraphs - len(hits):,} more: --limit, or --csv FILE for all", style="dim"))


def _highlighted(snippet: str) -> Text:
    text = Text()
    for part in " ".join(snippet.split()).split(MATCH_START):
        marked, _, rest = part.rpartition(MATCH_END)
        text.append(marked, style="bold yellow").append(rest)
    return text
