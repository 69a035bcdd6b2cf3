"""Past conversations, each reader's own (SQLite, beside the archive)."""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from qa.answer import Answer
from vectorstore.keys import row_of
from vectorstore.query import Filters
from vectorstore.retrieval.evidence import Evidence
from vectorstore.storage.catalog_view import CatalogView
from web.errors import HistoryUnavailable
from web.services.conversation import Conversation, Exchange, new_id
from web.services.own_file import open_own_file
from web.services.questions import MAX_WORDS_CHARS

SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    reader TEXT, id TEXT, title TEXT, at TEXT, words TEXT, exchanges TEXT, PRIMARY KEY (reader, id));
"""
MAX_CONVERSATIONS = 5_000
"""That are kept for one reader."""
MAX_LISTED = 200
"""Conversations that the list shows; older ones are found by searching."""

_exchanges = TypeAdapter(tuple[Exchange, ...])


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A past conversation in the list; `at` is when it was last added to (UTC)."""

    id: str
    title: str
    at: datetime


class ConversationStore:
    """The conversations of all readers; every call says whose."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def save(self, reader: str, conversation: Conversation) -> Conversation:
        """Keep a conversation as it now is; a title that is not just its first question stays.

        Where another tab has added to it since it was read, it is kept beside that as a conversation of its own.
        Returns what was kept.
        """
        at = datetime.now(UTC).isoformat(timespec="seconds")
        exchanges = _exchanges.dump_json(conversation.exchanges).decode()
        with open_own_file(self.path, SCHEMA) as db:
            query = "SELECT exchanges FROM conversations WHERE reader = ? AND id = ?"
            stored = db.execute(query, (reader, conversation.id)).fetchone()
            if stored and _revision(stored[0]) != conversation.revision:
                conversation = replace(conversation, id=new_id())
            counted = "SELECT count(*) FROM conversations WHERE reader = ?"
            if not stored and db.execute(counted, (reader,)).fetchone()[0] >= MAX_CONVERSATIONS:
                raise HistoryUnavailable(
                    f"You have {MAX_CONVERSATIONS:,} conversations, the most that are kept: delete some. "
                    "This one is lost when you leave it."
                )
            db.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET at = excluded.at, words = excluded.words, "
                "exchanges = excluded.exchanges, title = CASE title WHEN exchanges ->> '$[0].question' "
                "THEN excluded.title ELSE title END",
                (reader, conversation.id, conversation.title, at, _words(conversation.exchanges), exchanges),
            )
        return replace(conversation, revision=_revision(exchanges))

    def latest(self, reader: str) -> list[ConversationSummary]:
        """A reader's conversations, the latest first."""
        query = "SELECT id, title, at FROM conversations WHERE reader = ? ORDER BY at DESC LIMIT ?"
        with open_own_file(self.path, SCHEMA) as db:
            return [_summary(*row) for row in db.execute(query, (reader, MAX_LISTED))]

    def search(self, reader: str, words: str, view: CatalogView) -> list[ConversationSummary]:
        """Those whose titles, questions and answers hold all the words, as far as they may still be seen."""
        sought = words[:MAX_WORDS_CHARS].lower().split()
        conditions = ["reader = ?"] + ["(title LIKE ? ESCAPE '\\' OR words LIKE ? ESCAPE '\\')"] * len(sought)
        values = [pattern for word in sought for pattern in [_like(word)] * 2]
        query = (
            f"SELECT id, title, at, exchanges FROM conversations WHERE {' AND '.join(conditions)} "
            "ORDER BY at DESC LIMIT ?"
        )
        with open_own_file(self.path, SCHEMA) as db:
            rows = db.execute(query, (reader, *values, MAX_LISTED)).fetchall()
        found = []
        for id, title, at, exchanges in rows:
            text = f"{title}\n{_words(_visible_exchanges(exchanges, view))}".lower()
            if all(word in text for word in sought):
                found.append(_summary(id, title, at))
        return found

    def load(self, reader: str, id: str, view: CatalogView) -> Conversation | None:
        """A past conversation, without what may no longer be seen."""
        with open_own_file(self.path, SCHEMA) as db:
            query = "SELECT id, title, exchanges FROM conversations WHERE reader = ? AND id = ?"
            row = db.execute(query, (reader, id)).fetchone()
        if row is None:
            return None
        return Conversation(row[0], row[1], _visible_exchanges(row[2], view), _revision(row[2]))

    def rename(self, reader: str, id: str, title: str) -> None:
        """Give a conversation another title."""
        with open_own_file(self.path, SCHEMA) as db:
            query = "UPDATE conversations SET title = ? WHERE reader = ? AND id = ?"
            db.execute(query, (title.strip()[:MAX_WORDS_CHARS], reader, id))

    def forget(self, reader: str, id: str) -> None:
        """Delete a conversation."""
        with open_own_file(self.path, SCHEMA) as db:
            db.execute("DELETE FROM conversations WHERE reader = ? AND id = ?", (reader, id))


def _revision(exchanges: str) -> str:
    return hashlib.sha256(exchanges.encode()).hexdigest()


def _summary(id: str, title: str, at: str) -> ConversationSummary:
    return ConversationSummary(id, title, datetime.fromisoformat(at))


def _like(word: str) -> str:
    """A pattern of SQL's LIKE for texts that hold the word."""
    return "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _words(exchanges: Iterable[Exchange]) -> str:
    """What was asked and answered, to search in."""
    return "\n".join(f"{e.question}\n{e.answer.text if e.answer else ''}" for e in exchanges)


def _visible_exchanges(stored: str, view: CatalogView) -> tuple[Exchange, ...]:
    return tuple(_visible(exchange, view) for exchange in _exchanges.validate_json(stored))


def _visible(exchange: Exchange, view: CatalogView) -> Exchange:
    """The exchange without paragraphs that were withdrawn or are above the reader's clearance now."""
    answer = exchange.answer
    if answer is None:
        return exchange
    evidence = (*answer.evidence, *(citation.evidence for citation in answer.citations))
    keys = {key for e in evidence for key in (e.key, *e.also)}
    found = view.find([row_of(key) for key in keys], Filters())
    return replace(exchange, answer=_without(answer, keys - {item.paragraph.key for item in found.values()}))


def _without(answer: Answer, gone: set[str]) -> Answer:
    """The answer without these paragraphs and the sentences that rest on them."""
    if not gone:
        return answer
    lost = {citation.n for citation in answer.citations if citation.evidence.key in gone}
    kept = [
        n for n, s in enumerate(answer.sentences) if s.citations and not lost.intersection(s.citations)
    ]  # what was counted may count what can no longer be seen
    blocks = (
        replace(b, start=bisect_left(kept, b.start), end=bisect_left(kept, b.end)) for b in answer.blocks
    )
    return replace(
        answer,
        sentences=tuple(answer.sentences[n] for n in kept),
        blocks=tuple(block for block in blocks if block.start < block.end),
        tallies=(),
        citations=tuple(
            replace(c, evidence=_seen(c.evidence, gone)) for c in answer.citations if c.n not in lost
        ),
        evidence=tuple(_seen(e, gone) for e in answer.evidence if e.key not in gone),
        notice="Some of this answer rested on paragraphs that you can no longer see."
        if lost
        else answer.notice,
    )


def _seen(evidence: Evidence, gone: set[str]) -> Evidence:
    """Evidence without what it is also found in and may not be seen."""
    return replace(evidence, also=tuple(key for key in evidence.also if key not in gone))
