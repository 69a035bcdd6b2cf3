"""Full text: which paragraphs and cables hold given words, exactly (SQLite FTS5, in the catalog's file).

Ranking by meaning and words is the retriever's. This index answers what must be exact: how many, which, where.
It holds the text of every paragraph and the subject of every cable, word by word, without case and accents.
Whatever is read from it is joined with `paragraphs` and `cables`, which on a reader's connection are views that
show what the clearance allows (`vectorstore.storage.row_level_security`).
"""

import re
from collections.abc import Sequence
from typing import Any

from vectorstore.query import Phrase, TextQuery
from vectorstore.storage.catalog_rows import MATCH_END, MATCH_START

FULL_TEXT_SCHEMA = """
CREATE VIRTUAL TABLE IF NOT EXISTS paragraph_text USING fts5(
    text, content='paragraphs', content_rowid='row', tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE IF NOT EXISTS subject_text USING fts5(
    subject, content='cables', tokenize='unicode61 remove_diacritics 2');
CREATE TRIGGER IF NOT EXISTS paragraph_text_added AFTER INSERT ON paragraphs BEGIN
    INSERT INTO paragraph_text (rowid, text) VALUES (new.row, new.text); END;
CREATE TRIGGER IF NOT EXISTS paragraph_text_removed AFTER DELETE ON paragraphs BEGIN
    INSERT INTO paragraph_text (paragraph_text, rowid, text) VALUES ('delete', old.row, old.text); END;
CREATE TRIGGER IF NOT EXISTS subject_text_added AFTER INSERT ON cables BEGIN
    INSERT INTO subject_text (rowid, subject) VALUES (new.rowid, new.subject); END;
CREATE TRIGGER IF NOT EXISTS subject_text_removed AFTER DELETE ON cables BEGIN
    INSERT INTO subject_text (subject_text, rowid, subject) VALUES ('delete', old.rowid, old.subject); END;
"""
REBUILD_SQL = """
INSERT INTO paragraph_text (paragraph_text) VALUES ('rebuild');
INSERT INTO subject_text (subject_text) VALUES ('rebuild');
"""
"""For a catalog that was filled before there was an index of its text."""


MAX_SNIPPET_CHARS = 20_000
"""Up to here FTS5 looks for the best snippet of a paragraph; it takes time with the square of the matches."""
SNIPPET_SQL = f"""CASE WHEN length(p.text) <= {MAX_SNIPPET_CHARS}
    THEN snippet(paragraph_text, 0, '{MATCH_START}', '{MATCH_END}', '…', 32)
    ELSE '…' || substr(p.text, max(1, instr(lower(p.text), ?) - 60), 200) || '…' END"""
"""Of a longer paragraph what stands around the first word that was looked for, `snippet_values`, unmarked."""


def snippet_values(query: TextQuery) -> list[str]:
    """The values of SNIPPET_SQL."""
    return [_words(query.all_of[0][0]).lower()]


def paragraph_condition(query: TextQuery) -> tuple[str, list[Any]]:
    """SQL over `p` with its values: paragraphs whose text holds the query."""
    return (
        "p.row IN (SELECT rowid FROM paragraph_text WHERE paragraph_text MATCH ?)",
        [match_expression(query)],
    )


def cable_condition(query: TextQuery) -> tuple[str, list[Any]]:
    """SQL over `c` with its values: cables whose subject or paragraphs hold every group, each anywhere."""
    parts = [("IN", group) for group in query.all_of] + [("NOT IN", (phrase,)) for phrase in query.none_of]
    sql = " AND ".join(
        f"c.id {operator} (SELECT p.cable FROM paragraph_text JOIN paragraphs p ON p.row = paragraph_text.rowid"
        " WHERE paragraph_text MATCH ? UNION SELECT m.id FROM subject_text"
        " JOIN main.cables m ON m.rowid = subject_text.rowid WHERE subject_text MATCH ?)"
        for operator, _ in parts
    )
    return sql, [expression for _, group in parts for expression in [_any_of(group)] * 2]


def match_expression(query: TextQuery) -> str:
    """The query in FTS5's language, every word in quotation marks, so that none is taken for an operator."""
    expression = " AND ".join(f"({_any_of(group)})" for group in query.all_of)
    return f"({expression}) NOT ({_any_of(query.none_of)})" if query.none_of else expression


def _any_of(phrases: Sequence[Phrase]) -> str:
    return " OR ".join(f'"{_words(phrase)}"{"*" if phrase.prefix else ""}' for phrase in phrases)


def _words(phrase: Phrase) -> str:
    return " ".join(re.findall(r"\w+", phrase.words))
