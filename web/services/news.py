"""What has come into the archive since a reader last looked, and what it is about."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from cables.glossary import tag_name
from vectorstore.query import Filters
from vectorstore.storage.catalog_view import CatalogView
from web.errors import HistoryUnavailable
from web.services.preferences import PreferenceStore

MAX_NEW_CABLES = 1_000
"""That are shown at once, the latest."""
MAX_TOPICS = 4


@dataclass(frozen=True, slots=True)
class News:
    """New cables, the latest first; `topics` are TAGS in words with how many of the cables carry each."""

    cables: tuple[str, ...]
    since: datetime
    topics: tuple[tuple[str, int], ...]


def news_for(preferences: PreferenceStore, reader: str, view: CatalogView) -> News | None:
    """What is new for a reader; None where nothing is. To who comes for the first time, nothing is new."""
    looked = preferences.looked_until(reader)
    if looked is None:
        with suppress(HistoryUnavailable):  # what cannot be kept costs nobody the page
            mark_looked(preferences, reader, view)
        return None
    number, at = looked
    cables = tuple(arrival.cable_id for arrival in view.arrivals(number, MAX_NEW_CABLES))
    if not cables:
        return None
    tags = view.tally("tag", Filters(cables=cables))
    topics = tuple((tag_name(code) or code, count) for code, count in tags[:MAX_TOPICS])
    return News(cables, datetime.fromisoformat(at), topics)


def mark_looked(preferences: PreferenceStore, reader: str, view: CatalogView) -> None:
    """A reader knows what has come so far."""
    latest = next((arrival.number for arrival in view.arrivals()), 0)
    preferences.mark_looked(reader, latest, datetime.now(UTC).isoformat(timespec="seconds"))
