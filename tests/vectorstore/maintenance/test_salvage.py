"""A damaged catalog: what can be read of it is saved, what cannot is named, and indexing brings it back."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from archives import cables_in, disagreements, open_hashed, write_cable

from vectorstore.indexing.indexer import Indexer
from vectorstore.maintenance import doctor
from vectorstore.storage.catalog import CatalogDamaged

PAGE = 4096
CABLES = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "cables"
    folder.mkdir()
    for n in range(CABLES):
        texts = [f"Report {p} on the harbor of the town. w{n}x{p}" for p in range(8)]
        write_cable(folder / f"{n}.txt", f"07LISBON{92000 + n}", texts)
    return folder


@pytest.fixture
def data(tmp_path: Path, folder: Path) -> Path:
    archive = open_hashed(tmp_path / "data")
    Indexer(archive).run([folder])
    archive.catalog.close()
    with closing(sqlite3.connect(tmp_path / "data" / "catalog.sqlite")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return tmp_path / "data"


def pages_of(data: Path, table: str) -> list[int]:
    """The leaf pages of a table or index, counted from 1."""
    with closing(sqlite3.connect(data / "catalog.sqlite")) as db:
        query = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf'"
        return [row[0] for row in db.execute(query, (table,))]


def ruin(data: Path, pages: list[int]) -> None:
    with (data / "catalog.sqlite").open("rb+") as file:
        for page in pages:
            file.seek((page - 1) * PAGE)
            file.write(random.Random(page).randbytes(PAGE))


@pytest.mark.parametrize("table", ["cables", "paragraphs", "places", "tags", "paragraphs_by_cable"])
def test_a_corrupted_page_is_found_and_what_it_hid_comes_back(data: Path, folder: Path, table: str) -> None:
    pages = pages_of(data, table)
    ruin(data, pages[len(pages) // 2 :][:1])
    with pytest.raises(CatalogDamaged, match="doctor --heal"):
        doctor.check(open_hashed(data))
    found = doctor.heal(open_hashed(data))
    assert "of which" in str(found[0])
    assert doctor.check(open_hashed(data)) == []
    Indexer(open_hashed(data)).run([folder], prune=True)
    assert doctor.check(open_hashed(data)) == []
    assert disagreements(data, cables_in(folder)) == []


def test_what_could_not_be_saved_is_named(data: Path) -> None:
    pages = pages_of(data, "cables")
    ruin(data, pages[1:2])
    found = doctor.heal(open_hashed(data))
    lost = next(finding for finding in found if "could not be saved" in finding.what)
    saved = open_hashed(data).catalog.cable_ids()
    assert lost.items
    assert len(lost.items) + len(saved) == CABLES
    assert not set(lost.items) & set(saved)


def test_the_damaged_catalog_is_kept(data: Path) -> None:
    ruin(data, pages_of(data, "cables")[:1])
    before = (data / "catalog.sqlite").read_bytes()
    doctor.heal(open_hashed(data))
    assert (data / "catalog.damaged").read_bytes() == before


def test_indexing_into_a_damaged_catalog_says_what_to_do(data: Path, folder: Path) -> None:
    ruin(data, pages_of(data, "files"))
    with pytest.raises(CatalogDamaged, match="doctor --heal"):
        Indexer(open_hashed(data)).run([folder])


def test_a_catalog_of_which_nothing_can_be_read_is_left_alone(data: Path) -> None:
    (data / "catalog.sqlite").write_bytes(b"no database at all " * 1000)
    before = (data / "catalog.sqlite").read_bytes()
    with pytest.raises(CatalogDamaged, match="reftel restore FILE"):
        doctor.heal(open_hashed(data))
    assert (data / "catalog.sqlite").read_bytes() == before


def test_a_paragraph_that_was_altered_in_the_catalog_is_read_again_from_the_original(
    data: Path, folder: Path
) -> None:
    with closing(sqlite3.connect(data / "catalog.sqlite")) as db, db:
        db.execute("UPDATE paragraphs SET text = 'Quite another. text' WHERE key = '07LISBON92007.3'")
    assert doctor.check(open_hashed(data)) != []
    doctor.heal(open_hashed(data))
    assert doctor.check(open_hashed(data)) == []
    assert disagreements(data, cables_in(folder)) == []
