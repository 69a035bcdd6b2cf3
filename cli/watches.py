"""`reftel watch --add` and `--alerts`: what is watched for in what arrives, and what is new for it."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cli.common import load_settings, open_chain, open_for_asking, user_errors

if TYPE_CHECKING:
    from web.services.watch_store import WatchStore


def save_watch(text: str, data: Path | None) -> None:
    """Watch for words or a question in what arrives from now on."""
    from qa.dossier.watching import last_arrival
    from vectorstore.access import EVERYTHING
    from vectorstore.archive import CATALOG
    from vectorstore.storage.catalog_view import CatalogView
    from web.services.watch_store import TERMINAL

    with user_errors():
        folder = load_settings(data).data
        watch = _store(folder).add(TERMINAL, text, last_arrival(CatalogView(folder / CATALOG, EVERYTHING)))
    what = "answers" if watch.is_question else "holds"
    typer.echo(f"Watching for what {what} “{watch.text}”: `reftel watch --alerts` lists what is new.")


def print_alerts(data: Path | None, *, mark_seen: bool) -> None:
    """What is new for everybody's watches, of the whole archive; nothing is printed where nothing is new."""
    from cables.text import day_in_words
    from qa.dossier.watching import last_arrival, news_for

    with user_errors():
        archive = open_for_asking(data)
        store, chain = _store(archive.data), open_chain(archive)
        latest = last_arrival(chain.retriever.view)
        for owned in store.all():
            watch = owned.watch
            news = news_for(watch, chain, min(watch.seen, latest))
            if news:
                typer.echo(f"{watch.text}: {len(news):,} new")
            for one in news:
                evidence, sentence = one.chosen
                where = ", ".join(filter(None, (day_in_words(evidence.found.day), evidence.found.post)))
                typer.echo(f"  {evidence.key}  {where}\n    {' '.join(sentence.piece.text.split())}")
            if mark_seen:
                store.mark_seen(owned.reader, watch.id, latest)


def _store(folder: Path) -> "WatchStore":
    from web.services.own_file import OWN_FILE
    from web.services.watch_store import WatchStore

    return WatchStore(folder / OWN_FILE)
