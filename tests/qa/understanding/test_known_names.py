"""Names of a question beside those of the archive."""

import pytest
from archives import cable_text, open_hashed

from qa.understanding.known_names import KnownNames
from vectorstore.access import EVERYTHING
from vectorstore.indexing.indexer import Indexer
from vectorstore.storage.catalog_view import CatalogView

TEXTS = (
    "Omar Soliman received the delegation.",
    "Omar Soliman and Soliman's deputy spoke of Gaza.",
    "Jorge Salgado owns the hotel; Salgado is rich.",
    "Jorge Salgado bought a bank. EGIS Chief Salgado and Egypt Salgado are no names.",
    "Chancellor Brandt spoke.",
    "Brandt and her party won.",
    "Hanna Brandt, no relation, sang.",
    "Brandt travels.",
)
"""A cable each."""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> KnownNames:
    """The names of a few cables."""
    folder = tmp_path_factory.mktemp("names")
    for n, text in enumerate(TEXTS, 1):
        cable_id = f"07LISBON9100{n}"
        (folder / f"{cable_id}.txt").write_text(cable_text(cable_id, [text]))
    Indexer(open_hashed(folder / "data")).run([folder])
    return KnownNames(CatalogView(folder / "data" / "catalog.sqlite", EVERYTHING))


def test_a_name_that_stands_nowhere_is_read_as_the_one_that_sounds_the_same(known: KnownNames) -> None:
    assert known.corrections("Who is Omar Suleiman?") == (("Omar Suleiman", "Omar Soliman"),)
    assert known.corrections("Who is Omar Soliman?") == ()


def test_a_namesake_is_nobody_to_put_in_the_place_of_a_name(known: KnownNames) -> None:
    assert known.corrections("Who is Vasco Salgado?") == ()
    assert known.others("Vasco Salgado") == ("Jorge Salgado",)


def test_a_surname_that_mostly_stands_alone_may_be_the_names(known: KnownNames) -> None:
    assert known.others("Willy Brandt") == ()


def test_a_name_that_is_there_has_no_others(known: KnownNames) -> None:
    assert known.others("Jorge Salgado") == ()
