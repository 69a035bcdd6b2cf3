"""The checker finds every way in which catalog, vectors and words can disagree, and mends it."""

import gc
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from archives import HARBOR, TIDES, HashEmbedder, cables_in, disagreements, open_hashed, stored_vectors

from vectorstore.archive import Archive
from vectorstore.indexing.indexer import Indexer
from vectorstore.indexing.reconcile import CatalogEmpty
from vectorstore.interfaces import EmbeddedParagraph, IndexEntry
from vectorstore.keys import row_of
from vectorstore.maintenance import doctor
from vectorstore.storage.catalog import CatalogDamaged


@pytest.fixture
def archive(tmp_path: Path, folder: Path) -> Archive:
    """An indexed archive, opened afresh."""
    Indexer(open_hashed(tmp_path / "data")).run([folder])
    return open_hashed(tmp_path / "data")


def lose_a_vector(archive: Archive) -> None:
    archive.vectors.drop([f"{HARBOR}.2"])


def add_a_vector(archive: Archive) -> None:
    vector = archive.embedder.encode(["nothing"])
    archive.vectors.write(
        [EmbeddedParagraph("99LISBON1.1", vector, {"cable": "99LISBON1", "key": "99LISBON1.1"})]
    )


def change_a_vector(archive: Archive) -> None:
    (vector, details) = stored_vectors(archive.vectors, [f"{TIDES}.1"])[f"{TIDES}.1"]
    archive.vectors.write(
        [EmbeddedParagraph(f"{TIDES}.1", vector[None], {**details, "passages": "of another text"})]
    )


def change_metadata(archive: Archive) -> None:
    archive.vectors.write_details({f"{TIDES}.1": {"subject": "ANOTHER"}}, {f"{TIDES}.1": 1})


def lose_a_word_row(archive: Archive) -> None:
    archive.paragraph_words.write([], gone=[row_of(f"{TIDES}.1")])
    archive.release()


def add_a_word_row(archive: Archive) -> None:
    archive.paragraph_words.write([IndexEntry(7, "header", "text")])
    archive.release()


def lose_a_cable_row(archive: Archive) -> None:
    archive.cable_words.write([], gone=[row_of(TIDES)])
    archive.release()


def lose_every_vector(archive: Archive) -> None:
    shutil.rmtree(archive.folders["vectors"])
    archive.reopen()


def tear_the_vectors(archive: Archive) -> None:
    file = archive.folders["vectors"] / "chroma.sqlite3"
    file.write_bytes(file.read_bytes()[:5000])
    archive.reopen()


def lose_every_word(archive: Archive) -> None:
    shutil.rmtree(archive.data / "words")
    archive.reopen()


def tear_the_words(archive: Archive) -> None:
    (archive.folders["paragraph_words"] / "meta.json").write_text("{")
    archive.reopen()


def forget_how_it_ended(archive: Archive) -> None:
    with archive.catalog.transaction():
        archive.catalog.begin_writing([HARBOR, f"{HARBOR}.1"])


FAULTS = [
    lose_a_vector,
    add_a_vector,
    change_a_vector,
    change_metadata,
    lose_a_word_row,
    add_a_word_row,
    lose_a_cable_row,
    lose_every_vector,
    tear_the_vectors,
    lose_every_word,
    tear_the_words,
    forget_how_it_ended,
]


def test_an_archive_that_was_just_indexed_agrees(archive: Archive) -> None:
    assert doctor.check(archive) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_is_found_and_healed(
    archive: Archive, folder: Path, fault: Callable[[Archive], None]
) -> None:
    fault(archive)
    found = doctor.check(archive)
    doctor.heal(archive)
    assert found != []
    assert doctor.check(archive) == []
    assert disagreements(archive.data, cables_in(folder)) == []


@pytest.mark.parametrize(
    "fault",
    [lose_a_vector, add_a_word_row, lose_every_vector, tear_the_vectors, lose_every_word, tear_the_words],
)
def test_the_next_index_heals_what_is_plainly_lost(
    archive: Archive, folder: Path, fault: Callable[[Archive], None]
) -> None:
    fault(archive)
    Indexer(archive).run([folder])
    assert disagreements(archive.data, cables_in(folder)) == []


def test_healing_embeds_only_what_is_missing(archive: Archive) -> None:
    lose_a_vector(archive)
    doctor.heal(archive)
    assert isinstance(archive.embedder, HashEmbedder)
    assert archive.embedder.encoded == 1


def test_lost_words_are_written_again_without_embedding(archive: Archive) -> None:
    lose_every_word(archive)
    doctor.heal(archive)
    assert isinstance(archive.embedder, HashEmbedder)
    assert archive.embedder.encoded == 0


def test_a_finding_counts_and_names_the_first_items() -> None:
    finding = doctor.Finding("paragraphs without vectors", ("A.1", "A.2", "A.3", "A.4"))
    assert str(finding) == "paragraphs without vectors (4): A.1, A.2, A.3, ..."


def test_a_stored_original_that_was_altered_is_found(archive: Archive) -> None:
    with sqlite3.connect(archive.catalog_path) as db:
        db.execute("UPDATE cables SET original = original || '!' WHERE id = ?", (TIDES,))
    assert any("altered" in str(finding) and TIDES in str(finding) for finding in doctor.check(archive))


def test_a_broken_catalog_says_what_to_do(archive: Archive, folder: Path) -> None:
    Indexer(archive).run([folder])
    archive.catalog.close()
    gc.collect()  # what else has it open would write its own pages back
    for beside in ("-wal", "-shm"):
        archive.catalog_path.with_name(archive.catalog_path.name + beside).unlink(missing_ok=True)
    archive.catalog_path.write_bytes(b"no database at all " * 1000)
    with pytest.raises(CatalogDamaged, match="reftel restore FILE"):
        doctor.check(open_hashed(archive.data))


def test_an_archive_of_another_embedder_is_told_apart_from_a_damaged_one(archive: Archive) -> None:
    found = doctor.check(open_hashed(archive.data, "other"))
    assert "reftel index" in str(found[0])


def test_healing_an_empty_catalog_discards_nothing(archive: Archive) -> None:
    with archive.catalog.transaction():
        for cable_id in (HARBOR, TIDES):
            archive.catalog.drop_cable(cable_id)
    with pytest.raises(CatalogEmpty, match="3 vectors"):
        doctor.heal(archive)
    assert (archive.vectors.count(), archive.paragraph_words.count()) == (3, 3)
