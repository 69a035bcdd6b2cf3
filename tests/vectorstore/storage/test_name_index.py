"""The names of the archive: in step with its paragraphs, and nobody's whom the reader may not see."""

import sqlite3
from pathlib import Path

import pytest
from archives import cable_text, open_hashed

from cables import Level
from cables.glossary.name_words import full_names, sound
from vectorstore.access import EVERYTHING, Clearance
from vectorstore.indexing.indexer import Indexer
from vectorstore.query import Filters, Phrase, TextQuery
from vectorstore.storage.catalog import SqliteCatalog
from vectorstore.storage.catalog_view import CatalogView

FIRST, SECOND, CLOSED = "07LISBON91001", "07LISBON91002", "07LISBON91003"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two open cables and a closed one; Joana Salgado stands in all of them."""
    texts = {
        FIRST: cable_text(FIRST, ["Minister Joana Salgado met Rui Pinto of the port."]),
        SECOND: cable_text(SECOND, ["Joana Salgado and Rui Pinto left.", "Ana Lobo stayed."]),
        CLOSED: cable_text(CLOSED, ["(S) Joana Salgado paid Vasco Moreno."], classification="S E C R E T"),
    }
    for cable_id, text in texts.items():
        (tmp_path / f"{cable_id}.txt").write_text(text)
    Indexer(open_hashed(tmp_path / "data")).run([tmp_path])
    return tmp_path / "data"


def _sounding(data: Path, surname: str, clearance: Clearance = EVERYTHING) -> list[tuple[str, int]]:
    return CatalogView(data / "catalog.sqlite", clearance).names_sounding([sound(surname)])


def test_titles_headings_and_redactions_are_no_part_of_a_name() -> None:
    text = "Foreign Minister Joana Salgado told A/S Welch. End Summary. Rui XXXXXXXXXXXX left with General Pinto."
    assert full_names(text) == ["Joana Salgado", "General Pinto"]


def test_a_name_is_found_by_how_its_surname_sounds(data: Path) -> None:
    assert _sounding(data, "salgadou") == [("Joana Salgado", 3)]


def test_names_stand_beside_what_is_searched_with_their_cables(data: Path) -> None:
    view = CatalogView(data / "catalog.sqlite", EVERYTHING)
    filters = Filters(text=TextQuery(((Phrase("Salgado"),),)))
    assert view.names_beside(filters, 5) == [("Joana Salgado", 3), ("Rui Pinto", 2)]


def test_a_name_goes_with_the_last_paragraph_that_held_it(data: Path) -> None:
    (data.parent / f"{SECOND}.txt").write_text(cable_text(SECOND, ["Nobody stayed."]))
    Indexer(open_hashed(data)).run([data.parent])
    assert _sounding(data, "lobo") == []
    assert _sounding(data, "salgado") == [("Joana Salgado", 2)]


def test_names_of_what_is_kept_back_are_not_there(data: Path) -> None:
    low = Clearance(Level.CONFIDENTIAL)
    assert _sounding(data, "moreno") == [("Vasco Moreno", 1)]
    assert _sounding(data, "moreno", low) == []
    assert _sounding(data, "salgado", low) == [("Joana Salgado", 2)]


def test_a_catalog_of_before_gets_its_names_when_it_is_next_written_to(data: Path) -> None:
    expected = _sounding(data, "pinto")
    db = sqlite3.connect(data / "catalog.sqlite")
    db.executescript("DROP TRIGGER name_rows_removed; DROP TABLE name_rows; DROP TABLE names;")
    db.close()
    assert _sounding(data, "pinto") == []
    assert _sounding(data, "pinto", Clearance(Level.CONFIDENTIAL)) == []
    SqliteCatalog(data / "catalog.sqlite").close()
    assert _sounding(data, "pinto") == expected == [("Rui Pinto", 2)]
