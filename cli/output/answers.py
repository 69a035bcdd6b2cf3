"""What an answer shows: its words, banner and citations; for a refusal the nearest cables."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from cables.text import iso_day
from cli.output.console import err, out, paragraph_label

if TYPE_CHECKING:
    from qa.answer import Answer, Citation

MAX_NEAREST_CABLES = 3
"""Cables that are named where the archive does not answer."""


@contextmanager
def searching(*, quiet: bool) -> Iterator[None]:
    """A spinner while an answer is looked for."""
    if quiet:
        yield
        return
    with err.status("Searching the archive"):
        yield


def print_answer(answer: "Answer") -> None:
    """The answer, its banner, and below it the cited paragraphs; for a refusal the nearest cables."""
    from qa.answer import Outcome

    if answer.interpretation:
        out.print(Text(f"Understood as: {answer.interpretation}", style="dim"))
    if answer.notice:
        out.print(Text(answer.notice, style="yellow"))
    if answer.outcome is Outcome.CLOSEST:
        out.print(Text("The closest passages; they may not answer the question.", style="yellow"))
    if answer.outcome is Outcome.REFUSED:
        out.print("The archive does not answer this.")
    if answer.absent:
        out.print(Text(f"Nowhere in the archive: {', '.join(answer.absent)}", style="yellow"))
    if answer.outcome is Outcome.REFUSED:
        if answer.meant:
            out.print(Text(f"Did you mean: {' / '.join(answer.meant)}"))
        _print_nearest(answer)
        return
    out.print()
    out.print(Text(answer.text))
    out.print()
    for citation in answer.citations:
        _print_citation(citation)
    if answer.banner:
        out.print()
        marked, how = answer.banner_words
        out.print(Text.assemble((marked, "bold"), (f"  {how}", "dim")))


def _print_citation(citation: "Citation") -> None:
    evidence = citation.evidence
    found = evidence.found
    head = Text.assemble(
        (f"[{citation.n}] {evidence.cable_id} {paragraph_label(found.paragraph)}", "bold cyan")
    )
    place = ", ".join(filter(None, (found.post, iso_day(found.day) or "no date", evidence.marking_words)))
    out.print(head.append(f"  {place}", style="default"))
    if found.subject:
        out.print(Padding(Text(found.subject, style="dim", no_wrap=True, overflow="ellipsis"), (0, 0, 0, 4)))
    if not citation.verified:
        out.print(Padding(Text("not verified", style="yellow"), (0, 0, 0, 4)))
    for quote in citation.quotes:
        out.print(Padding(Text(f"“{' '.join(quote.split())}”"), (0, 0, 0, 4)))


def _print_nearest(answer: "Answer") -> None:
    cables = dict.fromkeys(evidence.cable_id for evidence in answer.evidence)
    found_by_id = {evidence.cable_id: evidence.found for evidence in reversed(answer.evidence)}
    nearest = {cable_id: found_by_id[cable_id] for cable_id in [*cables][:MAX_NEAREST_CABLES]}
    if nearest:
        out.print(Text("Nearest cables:", style="dim"))
    for cable_id, found in nearest.items():
        line = Text.assemble(
            (f"  {cable_id}", "cyan"), f"  {iso_day(found.day) or 'no date'}  {found.subject or ''}"
        )
        line.no_wrap, line.overflow = True, "ellipsis"
        out.print(line)
