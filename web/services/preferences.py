"""What readers have chosen for themselves, and how far they have looked (SQLite, beside their conversations)."""

import logging
from pathlib import Path

from qa.export.citation_style import CitationStyle
from web.errors import HistoryUnavailable
from web.services.model_choice import AS_SET
from web.services.own_file import open_own_file

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS choices (reader TEXT, name TEXT, value TEXT, PRIMARY KEY (reader, name));"
)

log = logging.getLogger(__name__)


class PreferenceStore:
    """The choices of every reader. What cannot be read costs nobody an answer: the default holds."""

    def __init__(self, path: Path, default: CitationStyle = CitationStyle.CHICAGO) -> None:
        """`default`: the citation style of who has chosen none."""
        self.path = path
        self.default = default

    def citation_style(self, reader: str) -> CitationStyle:
        """In which style a reader wants citations."""
        return CitationStyle(self._value(reader, "citation style") or self.default)

    def choose_citation_style(self, reader: str, style: CitationStyle) -> None:
        """Keep a reader's choice."""
        self._keep(reader, "citation style", style.value)

    def model(self, reader: str) -> str:
        """The choice of a chat model with which a reader's new conversations begin."""
        return self._value(reader, "model") or AS_SET

    def choose_model(self, reader: str, choice: str) -> None:
        """Keep a reader's choice."""
        self._keep(reader, "model", choice)

    def looked_until(self, reader: str) -> tuple[int, str] | None:
        """The arrival up to which a reader knows what is new, and when that was (ISO, UTC); None at first."""
        number, _, at = (self._value(reader, "looked until") or "").partition(" ")
        return (int(number), at) if at else None

    def mark_looked(self, reader: str, arrival: int, at: str) -> None:
        """A reader knows what arrived up to a number."""
        self._keep(reader, "looked until", f"{arrival} {at}")

    def _value(self, reader: str, name: str) -> str | None:
        try:
            with open_own_file(self.path, SCHEMA) as db:
                query = "SELECT value FROM choices WHERE reader = ? AND name = ?"
                row = db.execute(query, (reader, name)).fetchone()
        except HistoryUnavailable as problem:
            log.error("%s", problem)
            return None
        return row[0] if row else None

    def _keep(self, reader: str, name: str, value: str) -> None:
        with open_own_file(self.path, SCHEMA) as db:
            db.execute("INSERT OR REPLACE INTO choices VALUES (?, ?, ?)", (reader, name, value))
