"""The reading side of the catalog: the archive as someone of a clearance sees it.

Answers, evidence, the reader, counts and lists all come from a `CatalogView`, whose connection is restricted by
`vectorstore.storage.row_level_security`: its queries name no clearance and see nothing above it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cables import Cable, Level, Role
from vectorstore.access import Clearance
from vectorstore.database import connect, in_parts, marks
from vectorstore.errors import UserError
from vectorstore.keys import window_id
from vectorstore.query import Filters, TextQuery
from vectorstore.storage import full_text
from vectorstore.storage.arrivals import Arrival, read_arrivals
from vectorstore.storage.cable_records import read_cable, read_hit, store_counts
from vectorstore.storage.catalog_rows import CableSummary, CandidateRow, ParagraphHit, Run, TextHit
from vectorstore.storage.filter_sql import cable_filter, paragraph_filter
from vectorstore.storage.name_index import names_beside, names_sounding
from vectorstore.storage.row_level_security import restrict_connection
from vectorstore.storage.versions import read_versions

MAX_CACHED_COUNTS = 500
"""Counts that a view keeps at most."""


class ArchiveMissing(UserError):
    """There is no archive; the message says how to make one."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"there is no archive in {path.parent}: run `reftel index PATH` with your cables first"
        )


class CatalogView:
    """The archive as someone of a clearance sees it. Every reading outside the indexer goes through one."""

    def __init__(self, path: Path, clearance: Clearance) -> None:
        if not path.exists():
            raise ArchiveMissing(path)
        self.clearance = clearance
        self._db = connect(path, readonly=True)
        restrict_connection(self._db, clearance)
        self._counts: dict[tuple[str, object], Any] = {}
        self._counted_at = -1

    def _counted(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows of a query that counts over all of the archive; kept until the catalog changes."""
        version = self._db.execute("PRAGMA data_version").fetchone()[0]
        if version != self._counted_at or len(self._counts) > MAX_CACHED_COUNTS:
            self._counts, self._counted_at = {}, version
        counts, key = self._counts, (query, tuple(values))  # another thread may begin again meanwhile
        rows = counts.get(key)
        if rows is None:
            rows = counts[key] = self._db.execute(query, values).fetchall()
        return list(rows)

    def _column(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """The first column of a query's rows."""
        return [row[0] for row in self._db.execute(query, values)]

    def meta(self, name: str) -> str | None:
        """A remembered fact about the archive."""
        return next(iter(self._column("SELECT value FROM meta WHERE name = ?", (name,))), None)

    def cable(self, cable_id: str) -> Cable | None:
        """The cable of this id or alias; None where there is none or it may not be seen."""
        found = read_cable(self._db, cable_id)
        if found is None:
            for alias in self._column("SELECT cable FROM aliases WHERE alias = ?", (cable_id,))[:1]:
                return read_cable(self._db, alias)
        return found

    def _of_paragraphs(
        self, columns: str, rows: Iterable[int], filters: Filters = Filters()
    ) -> Iterator[tuple[Any, ...]]:
        """Columns of those of the paragraphs `p`, with their cables `c`, that may be seen and pass the filters."""
        condition, values = paragraph_filter(filters)
        for part in in_parts(list(rows)):
            query = (
                f"SELECT {columns} FROM paragraphs p JOIN cables c ON c.id = p.cable "
                f"WHERE p.row IN ({marks(part)}) AND {condition}"
            )
            yield from self._db.execute(query, [*part, *values])

    def versions(self, cable_id: str) -> list[Cable]:
        """Other texts under a cable's id, those that may be seen whole."""
        return read_versions(self._db, cable_id)

    def candidate_rows(self, rows: Iterable[int], filters: Filters) -> list[CandidateRow]:
        """Those of the paragraphs that may be seen and pass the filters, as ranking needs them."""
        columns = "p.row, p.key, c.id, c.post, c.day, c.level"
        return [CandidateRow(*row) for row in self._of_paragraphs(columns, rows, filters)]

    def find(self, rows: Iterable[int], filters: Filters = Filters()) -> dict[int, ParagraphHit]:
        """Those of the paragraphs that may be seen and pass the filters, by row."""
        columns = (
            "p.row, c.id, c.post, c.day, c.subject, c.level, "
            "json_extract(c.record, '$.classification.printed'), json_extract(c.record, '$.marking_state'), "
            "p.key, p.number, p.text, p.first, p.last, p.marking, p.caveats, p.section, p.role"
        )
        return {values[0]: read_hit(values) for values in self._of_paragraphs(columns, rows, filters)}

    def rows(self, filters: Filters, limit: int) -> list[int] | None:
        """All rows that pass the filters and may be seen; None where they are more than `limit`."""
        condition, values = paragraph_filter(filters)
        query = f"SELECT p.row FROM paragraphs p JOIN cables c ON c.id = p.cable WHERE {condition} LIMIT ?"
        rows = self._column(query, [*values, limit + 1])
        return rows if len(rows) <= limit else None

    def visible_rows(self, rows: Sequence[int]) -> set[int]:
        """Those of the paragraphs that may be seen."""
        return {row for (row,) in self._of_paragraphs("p.row", rows)}

    def passages(self) -> dict[str, list[tuple[str, str]]]:
        """For each cable (key, hash of what is indexed of it) of its paragraphs, in order."""
        found: dict[str, list[tuple[str, str]]] = {
            id: [] for (id,) in self._db.execute("SELECT id FROM cables")
        }
        query = "SELECT cable, key, passages FROM paragraphs ORDER BY cable, position"
        for cable, key, passage in self._db.execute(query):
            found.setdefault(cable, []).append((key, passage))
        return found

    def vector_ids(self, rows: Sequence[int]) -> list[str]:
        """The ids of all vectors of those paragraphs that may be seen."""
        found = self._of_paragraphs("p.key, p.windows", rows)
        return [window_id(key, n) for key, windows in found for n in range(windows)]

    def rows_of_cable(self, cable_id: str) -> list[int]:
        """The rows of a cable's paragraphs that may be seen, in their order."""
        query = "SELECT row FROM paragraphs WHERE cable = ? ORDER BY position"
        return self._column(query, (cable_id,))

    def references_of(self, cable_ids: Sequence[str]) -> dict[str, list[str]]:
        """For each cable the ids of cables in the archive that it refers to."""
        query = (
            f"SELECT cable, target FROM links JOIN cables ON id = target WHERE cable IN ({marks(cable_ids)})"
        )
        found: dict[str, list[str]] = {}
        for cable_id, target in self._db.execute(query, cable_ids):
            found.setdefault(cable_id, []).append(target)
        return found

    def tagged(self, cable_ids: Sequence[str], codes: Sequence[str]) -> set[str]:
        """Those of the cables that carry one of the TAGS codes; for cables that `find` has shown."""
        query = f"SELECT cable FROM tags WHERE cable IN ({marks(cable_ids)}) AND code IN ({marks(codes)})"
        return set(self._column(query, [*cable_ids, *codes]))

    def cited_by(self, cable_id: str) -> list[str]:
        """Ids of the cables that refer to this one."""
        query = "SELECT cable FROM links JOIN cables ON id = cable WHERE target = ? ORDER BY day"
        return self._column(query, (cable_id,))

    def contains(self, cable_ids: Sequence[str]) -> set[str]:
        """Those of the ids that are in the archive and may be seen."""
        query = f"SELECT id FROM cables WHERE id IN ({marks(cable_ids)})"
        return set(self._column(query, cable_ids))

    def count(self) -> tuple[int, int]:
        """(cables, paragraphs) that may be seen."""
        query = "SELECT (SELECT count(*) FROM cables), (SELECT count(*) FROM paragraphs)"
        cables, paragraphs = self._counted(query)[0]
        return cables, paragraphs

    def store_counts(self) -> tuple[int, int, int]:
        """(cables, paragraphs, vectors) that the stores should hold; for a view of everything."""
        return store_counts(self._db)

    def unfinished(self) -> bool:
        """Whether a run is writing to the stores, or was cut off while it did; for a view of everything."""
        return self._db.execute("SELECT 1 FROM writing LIMIT 1").fetchone() is not None

    def posts(self) -> list[tuple[str, int]]:
        """Posts with the number of their cables, most first."""
        return self.tally("post", Filters())

    def span(self) -> tuple[int, int] | None:
        """The first and the last day that the archive covers."""
        row = self._counted("SELECT min(day), max(day) FROM cables")[0]
        return row if row and row[0] else None

    # Counts and lists for the pages

    def tally(self, what: str, filters: Filters) -> list[tuple[Any, int]]:
        """Values of `post`, `level`, `year`, `month` (200804) or `tag`, with how many cables pass the filters."""
        column, source = {
            "post": ("c.post", "cables c"),
            "level": ("c.level", "cables c"),
            "year": ("c.day / 10000", "cables c"),
            "month": ("c.day / 100", "cables c"),
            # Of each cable its codes: the other way round every code would look its cables up, far apart.
            "tag": ("t.code", "cables c CROSS JOIN tags t ON t.cable = c.id" if filters else "tags t"),
        }[what]
        condition, values = cable_filter(filters)
        query = (
            f"SELECT {column} AS value, count(*) AS n FROM {source} "
            f"WHERE {condition} AND value IS NOT NULL GROUP BY value ORDER BY n DESC, value"
        )
        return self._counted(query, values)

    def roles(self, filters: Filters) -> list[tuple[Role, int]]:
        """Roles with the number of paragraphs that pass the filters."""
        condition, values = paragraph_filter(filters)
        source = "paragraphs p JOIN cables c ON c.id = p.cable" if filters else "paragraphs p"
        query = f"SELECT p.role, count(*) FROM {source} WHERE {condition} GROUP BY p.role ORDER BY 2 DESC"
        return [(Role(role), n) for role, n in self._counted(query, values)]

    def listed(
        self,
        filters: Filters,
        words: str = "",
        *,
        order: str = "day",
        down: bool = True,
        start: int = 0,
        limit: int = 50,
    ) -> tuple[list[CableSummary], int]:
        """One page of cables and how many there are in all; `order` is a field of CableSummary but `paragraphs`.

        `words` must all stand in the id, the subject or the post.
        """
        condition, values = cable_filter(filters)
        for word in words.split():
            condition += " AND (instr(upper(c.subject), ?) OR instr(c.id, ?) OR instr(upper(c.post), ?))"
            values += [word.upper()] * 3
        column = {name: f"c.{name}" for name in ("id", "day", "post", "level", "subject")}[order]
        direction = "DESC" if down else "ASC"
        where = f"FROM cables c WHERE {condition}"
        query = (  # paragraphs are counted of the page's cables only, not of all that are sorted
            "SELECT id, day, post, subject, level, (SELECT count(*) FROM paragraphs p WHERE p.cable = page.id) "
            f"FROM (SELECT c.id, c.day, c.post, c.subject, c.level {where} "
            f"ORDER BY {column} {direction}, c.id LIMIT ? OFFSET ?) page ORDER BY {order} {direction}, id"
        )
        rows = self._db.execute(query, [*values, limit, start])
        found = [
            CableSummary(id, day, post, subject, Level(level), count)
            for id, day, post, subject, level, count in rows
        ]
        return found, self._counted(f"SELECT count(*) {where}", values)[0][0]

    def text_hits(
        self, filters: Filters, *, by_relevance: bool = False, start: int = 0, limit: int = 20
    ) -> tuple[list[TextHit], int, int]:
        """Paragraphs that hold `filters.text` and pass the other filters, with how many paragraphs and cables do.

        Latest first, or `by_relevance`: by BM25, whose word statistics are of the whole archive; so a reader from
        whom something is kept always gets the latest first.
        """
        condition, values = paragraph_filter(replace(filters, text=TextQuery()))
        source = (
            "FROM paragraph_text JOIN paragraphs p ON p.row = paragraph_text.rowid JOIN cables c ON c.id = p.cable "
            f"WHERE paragraph_text MATCH ? AND {condition}"
        )
        values = [full_text.match_expression(filters.text), *values]
        paragraphs, cables = self._counted(f"SELECT count(*), count(DISTINCT p.cable) {source}", values)[0]
        order = "bm25(paragraph_text)" if by_relevance and self.clearance.whole else "c.day DESC"
        rows = self._db.execute(
            f"SELECT p.row, {full_text.SNIPPET_SQL} {source} ORDER BY {order}, c.id, p.position LIMIT ? OFFSET ?",
            [*full_text.snippet_values(filters.text), *values, limit, start],
        ).fetchall()
        found = self.find(row for row, _ in rows)
        return [TextHit(found[row], text) for row, text in rows], paragraphs, cables

    def runs(self, limit: int = 20) -> list[Run]:
        """The latest indexing runs; none are shown where something is kept back, for they name all cables."""
        query = "SELECT id, started, seconds, report FROM runs ORDER BY id DESC LIMIT ?"
        return [Run.read(*row) for row in self._db.execute(query, (limit,))]

    def arrivals(self, since: int = 0, limit: int = 1) -> list[Arrival]:
        """The latest cables that came into the archive after arrival number `since`, the last one first."""
        return read_arrivals(self._db, since, limit)

    def names_sounding(self, sounds: Sequence[str]) -> list[tuple[str, int]]:
        """Full names whose last word sounds like one of these (`sound`), with the number of cables, most first."""
        return names_sounding(self._db, sounds)

    def names_beside(self, filters: Filters, limit: int) -> list[tuple[str, int]]:
        """Full names in the paragraphs that pass the filters, with the number of their cables, most first."""
        return names_beside(self._db, *paragraph_filter(filters), limit)

    def vocabulary(self) -> list[tuple[str, int]]:
        """Every word of the archive's paragraphs, lower case without accents, with how many hold it.

        It is of the whole archive: a word may be shown to a reader only where a paragraph that they may see holds it.
        """
        self._db.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, paragraph_text, row)"
        )
        return self._db.execute("SELECT term, doc FROM temp.vocabulary").fetchall()

    def close(self) -> None:
        """Release the file."""
        self._db.close()
