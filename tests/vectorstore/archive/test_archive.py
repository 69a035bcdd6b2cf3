"""A store that is gone is reported when the archive is opened, with what is missing and what to do."""

import shutil
from pathlib import Path

import pytest
from archives import open_hashed

from vectorstore.access import EVERYTHING
from vectorstore.archive.index_stores import Store
from vectorstore.errors import StateDamaged, StoreIncomplete
from vectorstore.indexing.indexer import Indexer
from vectorstore.maintenance import doctor
from vectorstore.query import Query
from vectorstore.retrieval.retriever import Retriever


@pytest.fixture
def data(tmp_path: Path, folder: Path) -> Path:
    """An archive of two cables, of three paragraphs."""
    Indexer(open_hashed(tmp_path / "data")).run([folder])
    return tmp_path / "data"


def test_a_whole_archive_is_complete(data: Path) -> None:
    open_hashed(data).check_complete()


@pytest.mark.parametrize(
    ("store", "named"),
    [
        (Store.VECTORS, "0 of 3 vectors"),
        (Store.PARAGRAPH_WORDS, "0 of 3 paragraphs in the word index"),
        (Store.CABLE_WORDS, "0 of 2 cables in the word index"),
    ],
)
def test_a_store_that_is_gone_is_named_and_made_again(data: Path, store: Store, named: str) -> None:
    shutil.rmtree(open_hashed(data).folders[store])
    with pytest.raises(StoreIncomplete, match=f"{named}.*doctor --heal"):
        open_hashed(data).check_complete()
    doctor.heal(open_hashed(data))
    healed = open_hashed(data)
    healed.check_complete()
    assert Retriever(archive=healed, view=healed.view(EVERYTHING)).search(Query("Who wept at the pier?"))


@pytest.mark.parametrize("file", ["chroma.sqlite3", "tokens.sqlite"])
def test_a_file_of_the_vectors_that_is_gone_is_told(data: Path, file: str) -> None:
    (open_hashed(data).folders[Store.VECTORS] / file).unlink()
    with pytest.raises(StoreIncomplete, match="0 of 3"):
        open_hashed(data).check_complete()


def test_what_a_run_that_was_cut_off_left_behind_does_not_close_the_archive(data: Path) -> None:
    archive = open_hashed(data)
    key = archive.catalog.cable_ids()[0]
    archive.paragraph_words.write([], gone=list(archive.paragraph_words.rows())[:1])
    archive.release()
    with pytest.raises(StoreIncomplete, match="2 of 3 paragraphs"):
        open_hashed(data).check_complete()
    archive.catalog.begin_writing([key])
    open_hashed(data).check_complete()


@pytest.mark.parametrize(("fact", "value"), [("generation", "soon"), ("folders", "one")])
def test_what_the_catalog_remembers_of_its_index_is_told_where_it_is_damaged(
    data: Path, fact: str, value: str
) -> None:
    open_hashed(data).catalog.remember(fact, value)
    with pytest.raises(StateDamaged, match="reftel restore FILE"):
        open_hashed(data).check_complete()
