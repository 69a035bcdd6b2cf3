"""A run in which nothing is new opens no store, as long as they lie as the last run left them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from archives import HARBOR, TIDES, open_hashed, write_cable

from vectorstore.archive import Archive
from vectorstore.indexing import checkpoint
from vectorstore.indexing.indexer import Indexer


@pytest.fixture
def archive(tmp_path: Path, folder: Path) -> Archive:
    """An archive that two runs have left, opened afresh."""
    for _ in range(2):
        Indexer(open_hashed(tmp_path / "data")).run([folder])
    return open_hashed(tmp_path / "data")


def database(archive: Archive) -> Path:
    return archive.folders["vectors"] / "chroma.sqlite3"


def test_a_run_with_nothing_new_opens_no_store(archive: Archive, folder: Path) -> None:
    report = Indexer(archive).run([folder])
    assert report.unchanged == 2
    assert not archive.stores.opened


@pytest.mark.parametrize("paragraphs", [2, 1100], ids=["without a graph", "with a graph"])
def test_a_store_that_was_only_opened_lies_as_it_was_left(tmp_path: Path, paragraphs: int) -> None:
    write_cable(tmp_path / "long.txt", HARBOR, [f"The pier sank {n} times." for n in range(paragraphs)])
    Indexer(open_hashed(tmp_path / "data")).run([tmp_path / "long.txt"])
    archive = open_hashed(tmp_path / "data")
    before = database(archive).stat().st_mtime_ns
    archive.vectors.probe()
    assert database(archive).stat().st_mtime_ns > before
    assert checkpoint.holds(open_hashed(archive.data))


def lose_a_vector(archive: Archive) -> None:
    archive.vectors.drop([f"{HARBOR}.2"])


def describe_a_vector_otherwise(archive: Archive) -> None:
    archive.vectors.write_details({f"{HARBOR}.2": {"subject": "ANOTHER"}}, {f"{HARBOR}.2": 1})


def spoil_a_page(archive: Archive) -> None:
    content = bytearray(database(archive).read_bytes())
    content[4096 * 5 : 4096 * 6] = os.urandom(4096)
    database(archive).write_bytes(content)


def lose_the_words(archive: Archive) -> None:
    next(archive.folders["paragraph_words"].glob("*.idx")).unlink()


def add_a_file(archive: Archive) -> None:
    (archive.folders["cable_words"] / "more").write_text("?")


@pytest.mark.parametrize(
    "change",
    [
        lose_a_vector,
        describe_a_vector_otherwise,
        spoil_a_page,
        lose_the_words,
        add_a_file,
    ],
    ids=lambda change: change.__name__,
)
def test_a_change_from_outside_is_seen(archive: Archive, change: Callable[[Archive], None]) -> None:
    change(archive)
    archive.release()
    assert not checkpoint.holds(archive)


def test_an_archive_without_a_checkpoint_is_looked_at(archive: Archive) -> None:
    with archive.catalog.transaction():
        archive.catalog.remember(checkpoint.FACT, "null")
    assert not checkpoint.holds(archive)


def test_what_writes_without_looking_at_all_of_the_stores_leaves_no_checkpoint(
    archive: Archive, folder: Path
) -> None:
    lose_a_vector(archive)
    Indexer(archive).withdraw([TIDES])
    assert not checkpoint.holds(open_hashed(archive.data))
    assert Indexer(open_hashed(archive.data)).run([folder / "harbor.txt"]).mended
