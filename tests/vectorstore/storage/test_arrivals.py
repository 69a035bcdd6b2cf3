"""What came into the archive, and when: by the numbers that a watch remembers."""

import sqlite3
from pathlib import Path

import pytest
from archives import cable_text

from cables import Level, parse_telegram
from tests.vectorstore.storage.test_catalog import put
from vectorstore.access import EVERYTHING, Clearance
from vectorstore.storage.catalog import SqliteCatalog
from vectorstore.storage.catalog_view import CatalogView

FERRY, HARBOR, SECRET = "07LISBON91001", "07LISBON91002", "07LISBON91003"


@pytest.fixture
def catalog(tmp_path: Path) -> SqliteCatalog:
    return SqliteCatalog(tmp_path / "catalog.sqlite")


def add(catalog: SqliteCatalog, cable_id: str, text: str = "(U) It rained.") -> None:
    put(catalog, parse_telegram(cable_text(cable_id, [text]), id=cable_id))


def arrived(catalog: SqliteCatalog, since: int = 0, clearance: Clearance = EVERYTHING) -> list[str]:
    return [a.cable_id for a in CatalogView(catalog.path, clearance).arrivals(since, 10)]


def test_the_latest_comes_first_and_only_what_came_after_a_number(catalog: SqliteCatalog) -> None:
    add(catalog, FERRY)
    (first,) = CatalogView(catalog.path, EVERYTHING).arrivals()
    add(catalog, HARBOR)
    assert arrived(catalog) == [HARBOR, FERRY]
    assert arrived(catalog, first.number) == [HARBOR]
    assert first.at.tzinfo is not None


def test_a_cable_that_changes_or_comes_back_is_not_new(catalog: SqliteCatalog) -> None:
    add(catalog, FERRY)
    add(catalog, HARBOR)
    add(catalog, FERRY, "(U) It snowed.")
    assert arrived(catalog) == [HARBOR, FERRY]
    with catalog.transaction():
        catalog.drop_cable(HARBOR)
    assert arrived(catalog) == [FERRY]
    add(catalog, HARBOR)
    assert arrived(catalog) == [HARBOR, FERRY]


def test_what_was_there_before_arrivals_were_kept_is_not_new_after_the_next_run(
    catalog: SqliteCatalog,
) -> None:
    add(catalog, FERRY)
    with sqlite3.connect(catalog.path) as db:
        db.executescript("DROP TRIGGER cable_arrived; DROP TABLE arrivals")
    assert arrived(catalog) == []
    again = SqliteCatalog(catalog.path)
    seen = CatalogView(catalog.path, EVERYTHING).arrivals()[0].number
    add(again, FERRY, "(U) It snowed.")
    add(again, HARBOR)
    assert arrived(again, seen) == [HARBOR]


def test_nobody_learns_of_a_cable_above_their_clearance(catalog: SqliteCatalog) -> None:
    add(catalog, FERRY)
    header = cable_text(SECRET, ["(S) It sank."])
    cable = parse_telegram(header, id=SECRET)
    put(catalog, cable)
    lower = Clearance(Level.UNCLASSIFIED)
    visible = CatalogView(catalog.path, lower).contains([FERRY, SECRET])
    assert set(arrived(catalog, clearance=lower)) == visible
    assert set(arrived(catalog)) == {FERRY, SECRET}
