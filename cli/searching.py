"""The command that searches the words of all texts: find."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cli.common import DataOption, fail, load_settings, user_errors

if TYPE_CHECKING:
    from vectorstore.query import Filters


def find(
    words: Annotated[
        str,
        typer.Argument(
            help='Words, "a phrase", begin*, -without, one OR other; all must be in a paragraph.',
            show_default=False,
        ),
    ],
    data: DataOption = None,
    post: Annotated[
        list[str] | None, typer.Option(help="Only cables of this post. Repeat it.", show_default=False)
    ] = None,
    since: Annotated[str, typer.Option(help="From this day on: 2009, 2009-04, 2009-04-17.")] = "",
    until: Annotated[str, typer.Option(help="Up to this day: 2009, 2009-04, 2009-04-17.")] = "",
    tag: Annotated[
        list[str] | None, typer.Option(help="Only cables with this TAG. Repeat it.", show_default=False)
    ] = None,
    sort: Annotated[Literal["date", "relevance"], typer.Option(help="Latest or best first.")] = "date",
    limit: Annotated[int, typer.Option(help="How many paragraphs to show.", min=1)] = 20,
    csv: Annotated[
        Path | None, typer.Option(help="Write all that is found to this CSV file.", show_default=False)
    ] = None,
) -> None:
    """Find every paragraph that holds the words, exactly, with how many cables do."""
    from cli.output.search import print_hits
    from qa.export.hits_csv import as_csv
    from vectorstore.access import EVERYTHING
    from vectorstore.archive import CATALOG
    from vectorstore.storage.catalog_view import CatalogView

    filters = _filters(words, post or [], since, until, tag or [])
    with user_errors():
        view = CatalogView(load_settings(data).data / CATALOG, EVERYTHING)
        hits, paragraphs, cables = view.text_hits(
            filters, by_relevance=sort == "relevance", limit=limit if csv is None else -1
        )
        if csv:
            csv.write_text(as_csv(hits), encoding="utf-8", newline="")
    print_hits(hits[:limit], paragraphs, cables)
    if not paragraphs:
        raise typer.Exit(1)


def _filters(words: str, posts: list[str], since: str, until: str, tags: list[str]) -> "Filters":
    from cables.glossary import find_post
    from vectorstore.query import Filters, TextQuery

    text = TextQuery.parse(words)
    if not text:
        fail('give words to find, as in `reftel find "security council" reform`')
    found = {name: find_post(name) for name in posts}
    unknown = [name for name, known in found.items() if known is None]
    if unknown:
        fail(f"no post is called {', '.join(unknown)}: give a city or a name such as 'Embassy Paris'")
    return Filters(
        posts=tuple(known.label for known in found.values() if known),
        since=_day(since, "--since", first=True),
        until=_day(until, "--until", first=False),
        tags=tuple(code.upper() for code in tags),
        text=text,
    )


def _day(typed: str, option: str, *, first: bool) -> int | None:
    """The day as 20090417; of a year or month the first or the last."""
    from qa.text.dates import Date, as_int

    if not typed:
        return None
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", typed, re.ASCII)
    year, month, day = (int(part) if part else None for part in match.groups()) if match else (None,) * 3
    span = Date(year, month, day, typed).span()
    if span is None:
        fail(f"{option} is a day such as 2009, 2009-04 or 2009-04-17, not {typed}")
    return as_int(span[0] if first else span[1])
