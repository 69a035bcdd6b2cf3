"""What readers have chosen for themselves (SQLite, beside their conversations)."""

import logging
from pathlib import Path

from qa.export.citation_style import CitationStyle
from web.errors import HistoryUnavailable
from web.services.own_file import open_own_file

SCHEMA = "CREATE TABLE IF NOT EXISTS preferences (reader TEXT PRIMARY KEY, citation_style TEXT);"

log = logging.getLogger(__name__)


class PreferenceStore:
    """The citation style of every reader; `default` where none is chosen."""

    def __init__(self, path: Path, default: CitationStyle = CitationStyle.CHICAGO) -> None:
        self.path = path
        self.default = default

    def citation_style(self, reader: str) -> CitationStyle:
        """In which style a reader wants citations. What cannot be read costs nobody a cable: the default."""
        try:
            with open_own_file(self.path, SCHEMA) as db:
                query = "SELECT citation_style FROM preferences WHERE reader = ?"
                row = db.execute(query, (reader,)).fetchone()
        except HistoryUnavailable as problem:
            log.error("%s", problem)
            return self.default
        return CitationStyle(row[0]) if row else self.default

    def choose_citation_style(self, reader: str, style: CitationStyle) -> None:
        """Keep a reader's choice."""
        with open_own_file(self.path, SCHEMA) as db:
            db.execute("INSERT OR REPLACE INTO preferences VALUES (?, ?)", (reader, style.value))
