"""The command that holds anybody's sentences against the cables that they cite."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.common import DataOption, fail, load_settings, open_for_asking, read_lines, user_errors

if TYPE_CHECKING:
    from qa.verification.sources import SourceLookup


def check(
    draft: Annotated[
        Path | None,
        typer.Argument(
            help="An article whose sentences cite cables: 08BEIJING90014 ¶3.",
            show_default=False,
            readable=False,
        ),
    ] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option(
            help="Check a file of sentences with what they cite, one JSON object a line.",
            show_default=False,
            readable=False,
        ),
    ] = None,
    data: DataOption = None,
    as_lines: Annotated[bool, typer.Option("--json", help="Print one JSON object a sentence.")] = False,
) -> None:
    """Check sentences against the paragraphs that they cite: verbatim, confirmed, cited or refuted."""
    if bool(draft) == bool(jsonl):
        fail("give an article, as in `reftel check DRAFT.md`, or --jsonl FILE")
    with user_errors():
        if jsonl:
            _check_lines(jsonl, data)
        elif draft:
            _check_draft(draft, data, as_lines)


def _check_lines(file: Path, data: Path | None) -> None:
    """Print a level a line, in order. A line that is no claim is reported and skipped; then exit code 1."""
    import json
    from functools import partial

    from qa.factory import build_reader
    from qa.verification.claims import check_claims, read_claim

    bad: list[int] = []
    read = partial(read_claim, lookup=_lookup(data))
    claims = read_lines(file, read, '{"sentence": "...", "evidence": [...]}', bad)
    for checked in check_claims(claims, build_reader(load_settings(data).models())):
        typer.echo(json.dumps(checked.as_json(), ensure_ascii=False))
    if bad:
        raise typer.Exit(1)


def _check_draft(file: Path, data: Path | None, as_lines: bool) -> None:
    """Print each sentence of an article with its level and the paragraph beside it."""
    import json

    from cli.output.checking import print_checked
    from qa.factory import build_chain, build_draft_checker, build_reader
    from qa.llm.streaming import Meter
    from vectorstore.access import EVERYTHING

    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}")
    chain = build_chain(open_for_asking(data), EVERYTHING)
    meter = Meter()
    found = build_draft_checker(chain, build_reader(load_settings(data).models())).check(text, meter)
    if not as_lines:
        print_checked(found, meter)
        return
    for checked in found:
        typer.echo(json.dumps(checked.as_json() | {"sentence": checked.sentence}, ensure_ascii=False))


def _lookup(data: Path | None) -> "SourceLookup":
    """Reads the archive's paragraphs; without an archive only what a line brings along."""
    from qa.verification.sources import SourceLookup
    from vectorstore.access import EVERYTHING
    from vectorstore.archive import CATALOG
    from vectorstore.storage.catalog_view import CatalogView

    path = load_settings(data).data / CATALOG
    return SourceLookup(CatalogView(path, EVERYTHING) if path.exists() else None)
