"""The catalog: which cables the archive knows, word for word, and what they were indexed with (SQLite).

The catalog holds the originals and is the judge: vectors and words can be rebuilt from it, and what it does
not list does not exist. `SqliteCatalog` is the indexer's side; everyone else reads through a `CatalogView`, which shows
no paragraph above its clearance.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from cables import Cable
from vectorstore.access import required_caveats
from vectorstore.database import connect, tables_of
from vectorstore.errors import UserError
from vectorstore.interfaces import KnownParagraph
from vectorstore.keys import row_of, text_hash
from vectorstore.storage import arrivals, full_text
from vectorstore.storage.cable_records import (
    cable_row,
    known_paragraphs,
    paragraph_row,
    read_cable,
    store_counts,
)
from vectorstore.storage.catalog_schema import CATALOG_SCHEMA
from vectorstore.storage.group_rules import GroupRules
from vectorstore.storage.name_index import fill_names, put_names
from vectorstore.storage.versions import CableVersions


class CatalogDamaged(UserError):
    """The catalog's file cannot be read; the message says what to do."""


def damaged_at(path: Path, reason: object) -> CatalogDamaged:
    """The error for a catalog that cannot be read."""
    return CatalogDamaged(
        f"{path} is damaged ({reason}). `reftel doctor --heal` saves what can be read of it, "
        f"`reftel restore FILE` brings a backup back; or move {path.parent} away and index again."
    )


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it was when its cables were indexed; when it was `modified` and `changed` in nanoseconds."""

    path: str
    size: int
    modified: int
    changed: int
    hash: str
    parser: str


class SqliteCatalog:
    """The indexer's side of the catalog. One writer at a time (the indexer's lock sees to it)."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = path
        with self.readable():
            self._db = connect(path)
            self.groups = GroupRules(self._db)
            self.versions = CableVersions(self._db)
            tables = tables_of(self._db)
            aware = "needs" in tables
            self._forget_old_files()
            self._db.executescript(CATALOG_SCHEMA)
            if "paragraph_text" not in tables:
                self._db.executescript(full_text.REBUILD_SQL)
            if "arrivals" not in tables:
                self._db.execute(arrivals.FILL_SQL)
            if "name_rows" not in tables:
                with self.transaction():
                    fill_names(self._db)
            if self.meta("archive") is None:
                self._db.execute("INSERT OR IGNORE INTO meta VALUES ('archive', lower(hex(randomblob(8))))")
            if not aware:
                self._note_needs()

    def _forget_old_files(self) -> None:
        """Drop what an earlier version, which kept no time of change, knew of files: they are read again."""
        columns = [column for _, column, *_ in self._db.execute("PRAGMA table_info(files)")]
        if columns and "changed" not in columns:
            self._db.execute("DROP TABLE files")

    @contextmanager
    def readable(self) -> Iterator[None]:
        """Turns SQLite's word for a damaged or unwritable file into CatalogDamaged or OSError."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise OSError(f"{self.path} cannot be used: {error}") from error
        except sqlite3.DatabaseError as error:
            raise damaged_at(self.path, error) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the writes inside, or none."""
        with self.readable(), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def _column(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """The first column of a query's rows."""
        return [row[0] for row in self._db.execute(query, values)]

    # What the archive was built with

    def meta(self, name: str) -> str | None:
        """A remembered fact about the archive, such as the embedder's fingerprint."""
        return next(iter(self._column("SELECT value FROM meta WHERE name = ?", (name,))), None)

    def remember(self, name: str, value: str) -> None:
        """Set a fact about the archive."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    # Files

    def file(self, path: str) -> KnownFile | None:
        """The file as it was last indexed."""
        row = self._db.execute("SELECT * FROM files WHERE path = ?", (path,)).fetchone()
        return KnownFile(*row) if row else None

    def files_under(self, paths: Iterable[Path]) -> Iterator[str]:
        """Files of which the archive has something that are one of `paths` or lie below one."""
        roots = [str(path.resolve()) for path in paths]
        known = (
            "SELECT path FROM files UNION SELECT file FROM places UNION SELECT file FROM cables ORDER BY 1"
        )
        for path in self._column(known):
            if any(path == root or path.startswith(root.rstrip("/") + "/") for root in roots):
                yield path

    def files_of_other_parsers(self, version: str) -> int:
        """How many files were read by another version of the parser."""
        return int(self._column("SELECT count(*) FROM files WHERE parser != ?", (version,))[0])

    def put_file(self, file: KnownFile) -> None:
        """Remember that the file's cables are indexed."""
        self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)", astuple(file))

    def forget_file(self, path: str) -> None:
        """Forget a file that is gone, or that must be read again."""
        self._db.execute("DELETE FROM files WHERE path = ?", (path,))

    def put_places(self, path: str, cable_ids: Iterable[str], *, all_of_them: bool) -> None:
        """Remember which cables stand in a file; `all_of_them`: and no others."""
        if all_of_them:
            self._db.execute("DELETE FROM places WHERE file = ?", (path,))
        self._db.executemany("INSERT OR IGNORE INTO places VALUES (?, ?)", [(path, id) for id in cable_ids])

    def ids_in_file(self, path: str) -> list[str]:
        """Ids of the cables that were read from a file, whether or not the archive still has them."""
        return self._column("SELECT cable FROM places WHERE file = ? ORDER BY cable", (path,))

    def files_with(self, cable_id: str) -> list[str]:
        """The files in which a cable stands; copies of one cable may come in several."""
        return self._column("SELECT file FROM places WHERE cable = ? ORDER BY file", (cable_id,))

    # Cables

    def cable_state(self, cable_id: str) -> tuple[str, str, bool] | None:
        """(hash, file, corrected) of a known cable."""
        row = self._db.execute(
            "SELECT hash, file, corrected FROM cables WHERE id = ?", (cable_id,)
        ).fetchone()
        return (row[0], row[1], bool(row[2])) if row else None

    def origin(self, cable_id: str) -> tuple[str, str]:
        """(file, place in it) from which a known cable's text comes."""
        row = self._db.execute("SELECT file, place FROM cables WHERE id = ?", (cable_id,)).fetchone()
        return row[0], row[1]

    def put_origin(self, cable_id: str, file: str) -> None:
        """The same text now comes from another file."""
        self._db.execute("UPDATE cables SET file = ? WHERE id = ?", (file, cable_id))

    def cables_of_file(self, path: str) -> list[str]:
        """Ids of the cables whose text comes from a file."""
        return self._column("SELECT id FROM cables WHERE file = ? ORDER BY id", (path,))

    def altered(self) -> list[str]:
        """Ids of cables whose original is no longer what was stored."""
        rows = self._db.execute("SELECT id, hash, original FROM cables ORDER BY id")
        return [cable_id for cable_id, known, original in rows if text_hash(original) != known]

    def cable_ids(self, among: Iterable[str] | None = None) -> list[str]:
        """All ids, sorted; or those of `among` that are in the catalog."""
        if among is not None:
            return [id for id in sorted(among) if self.cable_state(id)]
        return self._column("SELECT id FROM cables ORDER BY id")

    def counts(self) -> tuple[int, int, int]:
        """(cables, paragraphs, vectors) that the archive should hold."""
        return store_counts(self._db)

    def cable(self, cable_id: str) -> Cable | None:
        """The cable of exactly this id, regardless of clearance."""
        return read_cable(self._db, cable_id)

    def known_paragraphs(self, cable_id: str) -> dict[str, KnownParagraph]:
        """What the stores hold of a cable, by key."""
        return known_paragraphs(self._db, cable_id)

    def put_cable(self, cable: Cable, known: dict[str, KnownParagraph], *, file: str, place: str) -> None:
        """Store a cable and its paragraphs in place of what was there."""
        self.drop_cable(cable.id)
        values = cable_row(cable, file, place)
        self._db.execute("INSERT INTO cables VALUES (?,?,?,?,?,?,?,?,?,?,?)", values)
        rows = [
            paragraph_row(cable, position, paragraph, known[paragraph.key])
            for position, paragraph in enumerate(cable.paragraphs)
        ]
        self._db.executemany(f"INSERT INTO paragraphs VALUES ({','.join('?' * 16)})", rows)
        put_names(self._db, [(row_of(paragraph.key), paragraph.text) for paragraph in cable.paragraphs])
        self._put_links(cable)

    def _put_links(self, cable: Cable) -> None:
        tags = [(cable.id, tag.code) for tag in cable.tags]
        links = [(cable.id, ref.cable_id) for ref in cable.references if ref.cable_id]
        aliases = [(alias, cable.id) for alias in cable.aliases]
        self._db.executemany("INSERT OR IGNORE INTO tags VALUES (?, ?)", tags)
        self._db.executemany("INSERT OR IGNORE INTO links VALUES (?, ?)", links)
        self._db.executemany("INSERT OR IGNORE INTO aliases VALUES (?, ?)", aliases)
        self._put_needs(cable)

    def _put_needs(self, cable: Cable) -> None:
        rows = [(cable.id, key, caveat) for key, caveat in required_caveats(cable)]
        self._db.executemany("INSERT OR IGNORE INTO needs VALUES (?, ?, ?)", rows)

    def _note_needs(self) -> None:
        """Caveats of what an earlier version has indexed."""
        with self.transaction():
            for cable_id in self.cable_ids():
                cable = self.cable(cable_id)
                if cable is not None:
                    self._put_needs(cable)

    def drop_cable(self, cable_id: str) -> None:
        """Remove a cable with all that hangs on it."""
        for table in ("paragraphs", "tags", "links", "aliases", "needs"):
            self._db.execute(f"DELETE FROM {table} WHERE cable = ?", (cable_id,))
        self._db.execute("DELETE FROM cables WHERE id = ?", (cable_id,))

    # What is being written to the other stores

    def begin_writing(self, keys: Iterable[str]) -> None:
        """Note keys before the stores are touched, so that a killed run can be healed."""
        self._db.executemany("INSERT OR IGNORE INTO writing VALUES (?)", [(key,) for key in keys])

    def written(self, keys: Iterable[str] | None = None) -> None:
        """The stores have confirmed these keys, or everything that was noted."""
        if keys is None:
            self._db.execute("DELETE FROM writing")
        else:
            self._db.executemany("DELETE FROM writing WHERE key = ?", [(key,) for key in keys])

    def unfinished(self) -> list[str]:
        """Keys that a killed run may have left half written."""
        return self._column("SELECT key FROM writing")

    # A build beside the present one

    def begin_rebuild(self, folders: str) -> None:
        """Remember where a build is made; what an earlier attempt noted of its paragraphs is noted again."""
        self._db.execute("DELETE FROM rebuilt")
        self.remember("building", folders)

    def put_rebuilt(self, known: Iterable[KnownParagraph]) -> None:
        """Note what the new build holds of paragraphs."""
        rows = [(one.key, one.passages, one.windows, one.details) for one in known]
        self._db.executemany("INSERT OR REPLACE INTO rebuilt VALUES (?, ?, ?, ?)", rows)

    def swap(self, facts: Mapping[str, str]) -> None:
        """Let the new build, which holds everything, be the present one; inside a transaction."""
        self._db.execute(
            "UPDATE paragraphs SET (passages, windows, details) = "
            "(SELECT passages, windows, details FROM rebuilt WHERE rebuilt.key = paragraphs.key)"
        )
        self._db.execute("DELETE FROM rebuilt")
        self._db.execute("DELETE FROM meta WHERE name = 'building'")
        for name, value in facts.items():
            self.remember(name, value)
        self.written()

    def check_pages(self) -> None:
        """Read every page of the file; raises CatalogDamaged where one is broken."""
        with self.readable():
            found = self._db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise sqlite3.DatabaseError(found)

    # Runs

    def put_run(self, started: str, seconds: float, report: dict[str, Any]) -> None:
        """Keep the report of a run."""
        row = (started, seconds, json.dumps(report))
        self._db.execute("INSERT INTO runs (started, seconds, report) VALUES (?, ?, ?)", row)
