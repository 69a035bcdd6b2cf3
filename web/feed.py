"""What is new for a reader's watches, as an Atom feed: behind the same authentication as the API."""

from datetime import UTC, datetime

from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse, Response

from qa.dossier.watching import news_for
from vectorstore.errors import UserError
from web.render.templating import render
from web.security import audit_log
from web.security.access import principal_of
from web.security.concurrency import question_slot
from web.services.archive_service import ArchiveService
from web.services.watch_store import WatchStore

MAX_ENTRIES = 100
"""The latest, of all watches together."""


def add_feed(app: FastAPI, service: ArchiveService, store: WatchStore) -> None:
    """Serve `/feed.atom`."""

    @app.get("/feed.atom")
    def feed(request: Request) -> Response:
        try:
            text = atom_feed(service, store, request)
        except UserError as error:
            return PlainTextResponse(str(error), 503)
        return Response(text, media_type="application/atom+xml")


def atom_feed(service: ArchiveService, store: WatchStore, request: Request) -> str:
    """What arrived for each watch since it was saved, whether it was seen or not: feed readers remember themselves."""
    user = principal_of(request)
    audit_log.note(request, "feed")
    chain = service.chain(user.clearance)
    with question_slot(user):
        found = [
            (watch, one) for watch in store.of(user.user_id) for one in news_for(watch, chain, watch.since)
        ]
    found.sort(key=lambda entry: -entry[1].arrival.number)
    updated = found[0][1].arrival.at if found else datetime.fromtimestamp(0, UTC)
    return render("feed.xml", base=request.base_url, entries=found[:MAX_ENTRIES], updated=updated.isoformat())
