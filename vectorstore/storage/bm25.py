"""The word index: BM25 over paragraphs and over whole cables (tantivy).

A paragraph is searched by its text and, in a field of its own, by the header above it. Whole cables are a
second index: a paragraph of a cable that speaks of all that was asked is better evidence.
"""

import math
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cables.glossary.spellings import spellings
from cables.text import content_words
from vectorstore.database import ReadableFolder, disk_errors, is_panic
from vectorstore.errors import BM25Damaged
from vectorstore.interfaces import IndexEntry

if TYPE_CHECKING:
    import tantivy

ANALYSIS_VERSION = "1"
"""Raised when fields or analysis change: archives built with another version index their words again."""

ANALYZER_NAME = "english"
SPELLING_WEIGHT = 0.6
"""Weight of another spelling of a word, against 1 for the word itself."""
FUZZY_SCORE = 3.0
"""Score of a word that differs by one letter from one that no text holds: about that of a fairly common word."""
MIN_FUZZY_CHARS = 5
"""Letters that a word needs for its misspellings to be looked for."""
PROBE_TEXT = "The government said that the embassy would report."
"""Common words, with which a search reads what it needs."""
WRITER_HEAP_BYTES = 128_000_000
"""Bytes that a writer may hold before it flushes."""


def damage(folder: Path | None) -> BM25Damaged:
    """The error for a folder that cannot be read."""
    return BM25Damaged(f"{folder} is damaged: `reftel doctor --heal` makes it again")


class TextAnalysis:
    """How a text becomes the words that are indexed and searched for; the same wherever they are kept."""

    def __init__(self) -> None:
        self._analyzer = analyzer()

    def terms(self, text: str) -> list[str]:
        """The words of a text as they are indexed: lower case, without accents, stemmed, each once."""
        return list(dict.fromkeys(self._analyzer.analyze(text)))

    def weighted(self, text: str) -> dict[str, float]:
        """The terms to search for: those of the text, and at less weight other spellings of its words."""
        weights = dict.fromkeys(self.terms(text), 1.0)
        for word in content_words(text):
            for term in (term for other in spellings(word) for term in self.terms(other) if len(term) > 2):
                weights.setdefault(term, SPELLING_WEIGHT)
        return weights

    def stems(self, text: str) -> list[str]:
        """The words of a text as they are indexed, in their order."""
        return list(self._analyzer.analyze(text))


class BM25Index(TextAnalysis):
    """One BM25 index: rows in, ranked rows out. `folder` is its own; None keeps it in memory.

    Raises BM25Damaged.
    """

    def __init__(self, folder: Path | None) -> None:
        import tantivy

        self._tantivy = tantivy
        self._folder = folder
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        super().__init__()
        with self._reading():
            self._readable = ReadableFolder(folder) if folder else None
            self._index = tantivy.Index(_schema(), path=str(self._readable.path) if self._readable else None)
            self._index.register_tokenizer(ANALYZER_NAME, self._analyzer)
            self._index.config_reader("manual")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Turns what says that the index is damaged into BM25Damaged: an error, or a panic of tantivy's core."""
        try:
            yield
        except BaseException as error:
            if isinstance(error, ValueError) or is_panic(error):
                raise damage(self._folder) from error
            raise

    @cached_property
    def _writer(self) -> "tantivy.IndexWriter":
        writer = self._index.writer(WRITER_HEAP_BYTES, 1)
        # A commit that was cut off leaves files, whose names the next one may want again.
        writer.garbage_collect_files()
        return writer

    def write(self, entries: Iterable[IndexEntry], gone: Iterable[int] = ()) -> None:
        """Put entries in place of those of the same row, drop the rows in `gone`, and commit."""
        entries = list(entries)
        size = sum(len(entry.header) + len(entry.text) for entry in entries)
        with disk_errors(self._folder, size, damage(self._folder), ValueError, OSError):
            self._write(entries, gone)

    def _write(self, entries: Sequence[IndexEntry], gone: Iterable[int]) -> None:
        rows = [*gone, *(entry.row for entry in entries)]
        if rows:
            # By query: delete_documents_by_term takes a Python int for a signed number and finds no row.
            self._writer.delete_documents_by_query(self._rows_query(rows))
        for entry in entries:
            fields = {"row": entry.row, "header": entry.header, "text": entry.text}
            self._writer.add_document(self._tantivy.Document.from_dict(fields, self._index.schema))
        self._writer.commit()

    def _rows_query(self, rows: Sequence[int]) -> "tantivy.Query":
        return self._tantivy.Query.term_set_query(self._index.schema, "row", list(rows))

    def close(self) -> None:
        """Finish merging and let the folder go."""
        writer = self.__dict__.pop("_writer", None)
        if writer is not None:
            with suppress(ValueError):  # a merge that failed is made again by the next
                writer.wait_merging_threads()

    def discard(self) -> None:
        """Delete the folder; the index is not to be used after that."""
        self.close()
        if self._folder is not None:
            shutil.rmtree(self._folder)

    def reload(self) -> None:
        """See what has been committed since the last look."""
        with self._reading():
            self._index.reload()

    def probe(self) -> None:
        """Read every row and search for a word: raises BM25Damaged where that cannot be done."""
        self.rows()
        self.search(self.weighted(PROBE_TEXT), 1)

    def idf(self, word: str) -> float:
        """Inverse document frequency of a word: log(1 + paragraphs / (1 + paragraphs that hold it))."""
        with self._reading():
            searcher = self._index.searcher()
            count = searcher.num_docs
            held = max((searcher.doc_freq("text", stem) for stem in self.stems(word)), default=count)
        return math.log(1 + count / (1 + held))

    def knows(self, term: str) -> bool:
        """Whether any paragraph holds the term."""
        with self._reading():
            searcher = self._index.searcher()
            return any(searcher.doc_freq(field, term) for field in ("text", "header"))

    def search(
        self, weights: dict[str, float], limit: int, *, header: float = 1.0, only: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The best `limit` rows, of `only` if given, with their BM25 scores for weighted terms."""
        if not weights:
            return []
        query = self._query(weights, header)
        if only is not None:
            occur, rows = (
                self._tantivy.Occur,
                self._tantivy.Query.const_score_query(self._rows_query(only), 0.0),
            )
            query = self._tantivy.Query.boolean_query([(occur.Must, query), (occur.Must, rows)])
        with self._reading():
            searcher = self._index.searcher()
            hits = searcher.search(query, limit, count=False).hits
            found = searcher.fast_field_values("row", [address for _, address in hits])
        return [(int(row), score) for row, (score, _) in zip(found, hits, strict=True)]

    def _query(self, weights: dict[str, float], header: float) -> "tantivy.Query":
        """Any of the weighted terms, in texts and in headers; near misses of a term that no text holds."""
        make, schema = self._tantivy.Query, self._index.schema
        occur = self._tantivy.Occur
        fields = [(field, boost) for field, boost in (("text", 1.0), ("header", header)) if boost]
        parts = [
            (occur.Should, make.boost_query(make.term_query(schema, field, term, "freq"), weight * boost))
            for term, weight in weights.items()
            for field, boost in fields
        ]
        for term, weight in weights.items():
            # Of other spellings most are in no text, and being near one is no merit.
            if weight > SPELLING_WEIGHT and len(term) >= MIN_FUZZY_CHARS and not self.knows(term):
                near = make.fuzzy_term_query(schema, "text", term, distance=1, transposition_cost_one=True)
                parts.append((occur.Should, make.boost_query(near, FUZZY_SCORE)))
        return make.boolean_query(parts)

    def count(self) -> int:
        """Texts in the index."""
        with self._reading():
            return int(self._index.searcher().num_docs)

    def rows(self, only: Sequence[int] | None = None) -> Counter[int]:
        """Every row, or each of `only` that is there, with how often it stands in the index."""
        if only is not None and not only:
            return Counter()
        query = self._tantivy.Query.all_query() if only is None else self._rows_query(only)
        with self._reading():
            searcher = self._index.searcher()
            hits = searcher.search(query, max(searcher.num_docs, 1), count=False).hits
            return Counter(map(int, searcher.fast_field_values("row", [address for _, address in hits])))


def analyzer() -> "tantivy.TextAnalyzer":
    """Cuts a text into its words: lower case, without accents and stop words, stemmed."""
    import tantivy

    build = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(60),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stopword("english"),
        tantivy.Filter.stemmer("english"),
    ):
        build = build.filter(step)
    return build.build()


def _schema() -> "tantivy.Schema":
    import tantivy

    schema = tantivy.SchemaBuilder()
    schema.add_unsigned_field("row", indexed=True, fast=True)
    for field in ("header", "text"):
        schema.add_text_field(field, tokenizer_name=ANALYZER_NAME, index_option="freq")
    return schema.build()
