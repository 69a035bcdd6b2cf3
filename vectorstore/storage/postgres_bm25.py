"""The word index in a shared PostgreSQL, for archives that several machines ask: BM25 over its text search.

The same analysis as in `bm25` makes the words, so that both indexes know the same ones. A text is a row:
its words as a `tsvector`, header words with weight A and text words with weight D, found through a GIN index.
How many texts hold a word is kept beside, in step within each transaction, and BM25 is computed over the rows
that are found.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from vectorstore.errors import UserError
from vectorstore.interfaces import IndexEntry
from vectorstore.storage.bm25 import FUZZY_SCORE, MIN_FUZZY_CHARS, SPELLING_WEIGHT, TextAnalysis

if TYPE_CHECKING:
    import psycopg

BM25_K1, BM25_B = 1.2, 0.75
"""BM25's constants, as tantivy has them."""
MAX_TSVECTOR_POSITION = 16_383
"""The last position that PostgreSQL keeps."""

SCHEMA_SQL = """
CREATE TABLE IF NOT EXISTS {name} (row bigint PRIMARY KEY, words tsvector NOT NULL,
    text_length int NOT NULL, header_length int NOT NULL);
CREATE INDEX IF NOT EXISTS {name}_words ON {name} USING gin (words) WITH (fastupdate = off);
CREATE TABLE IF NOT EXISTS {name}_terms (term text PRIMARY KEY, text int NOT NULL, header int NOT NULL);
CREATE TABLE IF NOT EXISTS {name}_size (texts bigint, text_length bigint, header_length bigint);
INSERT INTO {name}_size SELECT 0, 0, 0 WHERE NOT EXISTS (SELECT FROM {name}_size);
"""

TALLY_SQL = """SELECT lexeme, count(*) FILTER (WHERE 'D' = ANY(weights)) AS text,
    count(*) FILTER (WHERE 'A' = ANY(weights)) AS header FROM {rows} r, unnest(r.words) GROUP BY lexeme"""

DROP_SQL = """
WITH gone AS (DELETE FROM {name} WHERE row = ANY(%(rows)s) RETURNING words, text_length, header_length),
less AS (UPDATE {name}_terms t SET text = t.text - g.text, header = t.header - g.header
    FROM ({tally}) g WHERE t.term = g.lexeme)
UPDATE {name}_size SET texts = texts - (SELECT count(*) FROM gone),
    text_length = text_length - (SELECT coalesce(sum(g.text_length), 0) FROM gone g),
    header_length = header_length - (SELECT coalesce(sum(g.header_length), 0) FROM gone g)
"""

PUT_SQL = """
WITH new AS (INSERT INTO {name} SELECT r, w::tsvector, t, h FROM
    unnest(%(rows)s::bigint[], %(words)s::text[], %(texts)s::int[], %(headers)s::int[]) AS x(r, w, t, h)
    RETURNING words, text_length, header_length),
more AS (INSERT INTO {name}_terms {tally} ORDER BY lexeme
    ON CONFLICT (term) DO UPDATE SET text = {name}_terms.text + excluded.text,
        header = {name}_terms.header + excluded.header)
UPDATE {name}_size SET texts = texts + (SELECT count(*) FROM new),
    text_length = text_length + (SELECT coalesce(sum(n.text_length), 0) FROM new n),
    header_length = header_length + (SELECT coalesce(sum(n.header_length), 0) FROM new n)
"""

SEARCH_SQL = """
WITH asked AS (SELECT * FROM unnest(%(terms)s::text[], %(text)s::float8[], %(header)s::float8[])
    AS a(term, text, header)),
size AS (SELECT greatest(text_length, 1)::float8 / greatest(texts, 1) AS text,
    greatest(header_length, 1)::float8 / greatest(texts, 1) AS header FROM {name}_size),
held AS (SELECT r.row, r.text_length, r.header_length, a.text, a.header,
    (SELECT count(*) FROM unnest(u.weights) w WHERE w = 'D')::float8 AS in_text,
    (SELECT count(*) FROM unnest(u.weights) w WHERE w = 'A')::float8 AS in_header
    FROM {name} r, unnest(r.words) u JOIN asked a ON a.term = u.lexeme
    WHERE r.words @@ %(query)s::tsquery {only})
SELECT h.row, sum(
    h.text * h.in_text * (1 + %(k1)s) / (h.in_text + %(k1)s * (1 - %(b)s + %(b)s * h.text_length / size.text))
    + h.header * h.in_header * (1 + %(k1)s)
        / (h.in_header + %(k1)s * (1 - %(b)s + %(b)s * h.header_length / size.header))) AS score
FROM held h, size GROUP BY h.row ORDER BY score DESC, h.row LIMIT %(limit)s
"""


class PostgresUnavailable(UserError):
    """The PostgreSQL server cannot be used; the message says what to do."""


class PostgresBM25(TextAnalysis):
    """One BM25 index in tables that begin with `name`; a `LexicalIndex`.

    A connection that was lost is opened again for the next call. Raises PostgresUnavailable.
    """

    def __init__(self, url: str, name: str) -> None:
        import psycopg

        if not name.isidentifier():
            raise ValueError(f"{name!r} cannot name a table")
        self._name = name
        super().__init__()
        self._url = url
        self._db: psycopg.Connection[Any] | None = None
        with self._transaction() as db:
            db.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (name,))  # two may come first
            self._run(SCHEMA_SQL)

    @contextmanager
    def _connected(self) -> "Iterator[psycopg.Connection[Any]]":
        import psycopg

        try:
            if self._db is None or self._db.closed:
                self._db = psycopg.connect(self._url, autocommit=True)
            yield self._db
        except psycopg.OperationalError as error:
            raise PostgresUnavailable(
                f"the PostgreSQL server of REFTEL_WORDS_URL does not answer ({str(error).strip()}): start it; "
                "what was cut off is mended by the next `reftel index`"
            ) from error

    @contextmanager
    def _transaction(self) -> "Iterator[psycopg.Connection[Any]]":
        with self._connected() as db, db.transaction():
            yield db

    def _run(self, query: str, values: dict[str, Any] | None = None, **parts: str) -> "psycopg.Cursor[Any]":
        with self._connected() as db:
            return db.execute(query.format(name=self._name, **parts).encode(), values)

    def write(self, entries: Iterable[IndexEntry], gone: Iterable[int] = ()) -> None:
        """Put entries in place of those of the same row and drop the rows in `gone`, in one transaction."""
        latest = {entry.row: entry for entry in entries}
        with self._transaction():
            self._run(DROP_SQL, {"rows": [*gone, *latest]}, tally=TALLY_SQL.format(rows="gone"))
            if latest:
                read = zip(*(self._read(entry) for entry in latest.values()), strict=True)
                values = dict(zip(("rows", "words", "texts", "headers"), map(list, read), strict=True))
                self._run(PUT_SQL, values, tally=TALLY_SQL.format(rows="new"))

    def _read(self, entry: IndexEntry) -> tuple[int, str, int, int]:
        """(row, its tsvector as a literal, words of its text, words of its header)."""
        texts, headers = self.stems(entry.text), self.stems(entry.header)
        places: dict[str, list[str]] = {}
        # The header's places follow the text's: of two in one place PostgreSQL keeps one.
        for n, stem in enumerate(texts + headers, 1):
            weight = "D" if n <= len(texts) else "A"
            places.setdefault(stem, []).append(f"{min(n, MAX_TSVECTOR_POSITION)}{weight}")
        words = " ".join(f"{_quoted(stem)}:{','.join(found)}" for stem, found in places.items())
        return entry.row, words, len(texts), len(headers)

    def close(self) -> None:
        """Nothing is held between writes."""

    def reload(self) -> None:
        """What has been committed is seen at once."""

    def _held(self, terms: Sequence[str]) -> dict[str, tuple[int, int]]:
        """How many texts, and how many headers, hold each term."""
        query = "SELECT term, text, header FROM {name}_terms WHERE term = ANY(%(terms)s)"
        found = self._run(query, {"terms": list(terms)})
        return {term: (text, header) for term, text, header in found}

    def idf(self, word: str) -> float:
        """Inverse document frequency of a word: log(1 + texts / (1 + texts that hold it))."""
        count = self.count()
        stems = self.stems(word)
        held = max((self._held([stem]).get(stem, (0, 0))[0] for stem in stems), default=count)
        return math.log(1 + count / (1 + held))

    def knows(self, term: str) -> bool:
        """Whether any text or header holds the term."""
        return any(self._held([term]).get(term, (0, 0)))

    def search(
        self, weights: dict[str, float], limit: int, *, header: float = 1.0, only: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The best `limit` rows, of `only` if given, with their BM25 scores for weighted terms."""
        count, held = self.count(), self._held(list(weights))
        terms = [term for term in weights if any(held.get(term, (0, 0)))]
        near = self._held(
            _misspelt([term for term in weights.keys() - terms if weights[term] > SPELLING_WEIGHT])
        )
        if not terms and not near:
            return []
        sought = [*terms, *near]
        values = {
            "terms": sought,
            "query": " | ".join(map(_quoted, sought)),
            "k1": BM25_K1,
            "b": BM25_B,
            "limit": limit,
            "text": [weights[term] * _idf(count, held[term][0]) for term in terms]
            + [FUZZY_SCORE] * len(near),
            "header": [weights[term] * header * _idf(count, held[term][1]) for term in terms]
            + [0.0] * len(near),
            "only": list(only or ()),
        }
        found = self._run(SEARCH_SQL, values, only="" if only is None else "AND r.row = ANY(%(only)s)")
        return [(int(row), float(score)) for row, score in found]

    def count(self) -> int:
        """Texts in the index."""
        return int(self._run("SELECT texts FROM {name}_size").fetchone()[0])  # type: ignore[index]

    def rows(self, only: Sequence[int] | None = None) -> Counter[int]:
        """Every row, or each of `only` that is there; once each, for it is the table's key."""
        if only is None:
            return Counter(row[0] for row in self._run("SELECT row FROM {name}"))
        found = self._run("SELECT row FROM {name} WHERE row = ANY(%(only)s)", {"only": list(only)})
        return Counter(row[0] for row in found)

    def probe(self) -> None:
        """Ask the server for a count."""
        self.count()

    def discard(self) -> None:
        """Drop the tables."""
        self._run("DROP TABLE IF EXISTS {name}, {name}_terms, {name}_size")


def _misspelt(terms: Iterable[str]) -> list[str]:
    """What differs by one letter, or by two that changed places, from terms that are long enough."""
    found: set[str] = set()
    for term in (term for term in terms if len(term) >= MIN_FUZZY_CHARS):
        halves = [(term[:n], term[n:]) for n in range(len(term) + 1)]
        found.update(a + b[1:] for a, b in halves if b)
        found.update(a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1)
        found.update(a + letter + b[1:] for a, b in halves if b for letter in ascii_lowercase)
        found.update(a + letter + b for a, b in halves for letter in ascii_lowercase)
    return sorted(found)


def _idf(count: int, held: int) -> float:
    return math.log(1 + (count - held + 0.5) / (held + 0.5))


def _quoted(term: str) -> str:
    doubled = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
