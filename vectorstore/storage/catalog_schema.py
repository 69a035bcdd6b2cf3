"""The catalog's tables; those of full text, of row-level security and of arrivals stand with their code."""

from vectorstore.storage import full_text, row_level_security
from vectorstore.storage.arrivals import ARRIVALS_SCHEMA
from vectorstore.storage.name_index import NAMES_SCHEMA
from vectorstore.storage.versions import VERSIONS_SCHEMA

CATALOG_TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, size INTEGER, modified INTEGER, changed INTEGER, hash TEXT, parser TEXT)
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS places (file TEXT, cable TEXT, PRIMARY KEY (file, cable)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS places_by_cable ON places (cable);
CREATE TABLE IF NOT EXISTS cables (
    id TEXT PRIMARY KEY, file TEXT, place TEXT, hash TEXT, level INTEGER, post TEXT, day INTEGER,
    subject TEXT, corrected INTEGER, record TEXT, original TEXT);
CREATE INDEX IF NOT EXISTS cables_by_file ON cables (file);
CREATE INDEX IF NOT EXISTS cables_listed ON cables (day, post, level, id, subject);
CREATE TABLE IF NOT EXISTS paragraphs (
    row INTEGER PRIMARY KEY, key TEXT UNIQUE, cable TEXT, position INTEGER, number INTEGER, level INTEGER,
    marking INTEGER, caveats TEXT, section TEXT, role TEXT, text TEXT, first INTEGER, last INTEGER,
    passages TEXT, windows INTEGER, details TEXT);
CREATE INDEX IF NOT EXISTS paragraphs_by_cable ON paragraphs (cable, position);
CREATE TABLE IF NOT EXISTS tags (cable TEXT, code TEXT, PRIMARY KEY (cable, code)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tags_by_code ON tags (code);
CREATE TABLE IF NOT EXISTS links (cable TEXT, target TEXT, PRIMARY KEY (cable, target)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS links_by_target ON links (target);
CREATE TABLE IF NOT EXISTS aliases (alias TEXT, cable TEXT, PRIMARY KEY (alias, cable)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS writing (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rebuilt (
    key TEXT PRIMARY KEY, passages TEXT, windows INTEGER, details TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (id INTEGER PRIMARY KEY, started TEXT, seconds REAL, report TEXT);
"""

CATALOG_SCHEMA = (
    CATALOG_TABLES
    + VERSIONS_SCHEMA
    + row_level_security.ACCESS_SCHEMA
    + full_text.FULL_TEXT_SCHEMA
    + ARRIVALS_SCHEMA
    + NAMES_SCHEMA
)
