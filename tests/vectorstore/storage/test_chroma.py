"""The vectors: what is written is found, replaced whole, dropped, and seen by other processes."""

import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest

from vectorstore.errors import VectorsDamaged
from vectorstore.interfaces import EmbeddedParagraph
from vectorstore.keys import key_of, window_id
from vectorstore.storage import chroma_collection
from vectorstore.storage.chroma import ChromaVectors

pytestmark = pytest.mark.usefixtures("small_shards")

AXES = np.eye(4, dtype=np.float32)
DETAILS = {
    "cable": "07LISBON1",
    "key": "07LISBON1.1",
    "section": "THE PIER",
    "tags": ["PREL", "PO"],
    "level": 2,
}


@pytest.fixture
def vectors(tmp_path: Path) -> ChromaVectors:
    vectors = ChromaVectors(tmp_path / "vectors")
    vectors.write(
        [
            EmbeddedParagraph("07LISBON1.1", AXES[:1], DETAILS),
            EmbeddedParagraph("07LISBON1.2", AXES[1:3], {"cable": "07LISBON1"}),
        ]
    )
    return vectors


def test_the_nearest_paragraph_comes_first_with_its_cosine(vectors: ChromaVectors) -> None:
    key, cosine = vectors.search(AXES[0], 2)[0]
    assert (key, round(cosine, 5)) == ("07LISBON1.1", 1.0)


def test_among_named_vectors_each_is_found_however_many_are_the_same(vectors: ChromaVectors) -> None:
    keys = [f"07LISBON{serial}.1" for serial in range(100, 1600)]
    vectors.write([EmbeddedParagraph(key, AXES[:1], {"cable": key[:-2]}) for key in keys])
    some = keys[::25]
    assert [vectors.search(AXES[0], 5, only=[key]) for key in some] == [[(key, 1.0)] for key in some]


def test_a_paragraph_of_several_windows_is_found_by_each_and_named_once(vectors: ChromaVectors) -> None:
    assert [vectors.search(AXES[n], 3)[0][0] for n in (1, 2)] == ["07LISBON1.2"] * 2
    assert len(vectors.search(AXES[1], 3)) == 2


def test_metadata_is_kept_with_lists_and_numbers(vectors: ChromaVectors) -> None:
    assert dict(vectors.metadata())["07LISBON1.1"] == DETAILS


def test_metadata_written_again_loses_what_the_paragraph_lost(vectors: ChromaVectors) -> None:
    vectors.write_details({"07LISBON1.1": {"cable": "07LISBON1"}}, {"07LISBON1.1": 1})
    assert dict(vectors.metadata())["07LISBON1.1"] == {"cable": "07LISBON1"}


def test_a_vector_written_again_takes_the_place_of_the_first(vectors: ChromaVectors) -> None:
    vectors.write([EmbeddedParagraph("07LISBON1.1", AXES[3:], {"cable": "07LISBON1"})])
    assert (vectors.count(), vectors.search(AXES[3], 1)[0][0]) == (3, "07LISBON1.1")


@pytest.fixture
def two_shards(vectors: ChromaVectors, tmp_path: Path) -> ChromaVectors:
    """The vectors of two cables, each on a shard of its own, opened afresh."""
    vectors.write([EmbeddedParagraph("08LISBON2.1", AXES[3:], {"cable": "08LISBON2", "key": "08LISBON2.1"})])
    vectors = ChromaVectors(tmp_path / "vectors")
    assert [shard.count() for shard in vectors.shards] == [3, 1]
    return vectors


def test_a_full_shard_is_followed_by_another_and_both_are_searched(two_shards: ChromaVectors) -> None:
    assert two_shards.count() == 4
    assert [two_shards.search(AXES[n], 1)[0][0] for n in (0, 3)] == ["07LISBON1.1", "08LISBON2.1"]
    assert [id for id, _ in two_shards.metadata()] == [
        "07LISBON1.1",
        "07LISBON1.2",
        "07LISBON1.2#1",
        "08LISBON2.1",
    ]
    assert [id for id, _ in two_shards.metadata(["08LISBON2"])] == ["08LISBON2.1"]


def test_the_graph_of_a_full_shard_is_let_go_when_another_begins(vectors: ChromaVectors) -> None:
    held = weakref.ref(vectors._chroma)
    vectors.write([EmbeddedParagraph("08LISBON2.1", AXES[3:], {"cable": "08LISBON2"})])
    assert (len(vectors.shards), held()) == (2, None)


def test_the_nearest_of_all_shards_comes_first(two_shards: ChromaVectors) -> None:
    between = (0.6 * AXES[0] + 0.8 * AXES[3]).astype(np.float32)
    assert [key for key, _ in two_shards.search(between, 2)] == ["08LISBON2.1", "07LISBON1.1"]
    assert [key for key, _ in two_shards.search(between, 1)] == ["08LISBON2.1"]
    assert set(two_shards.cosines(between, ["07LISBON1.1", "08LISBON2.1"])) == {
        "07LISBON1.1",
        "08LISBON2.1",
    }


def test_what_stands_on_an_older_shard_is_changed_and_dropped_there(two_shards: ChromaVectors) -> None:
    two_shards.write([EmbeddedParagraph("07LISBON1.1", AXES[2:3], {"cable": "of another"})])
    two_shards.write_details({"07LISBON1.2": {"cable": "changed"}}, {"07LISBON1.2": 2})
    assert (two_shards.count(), len(two_shards.shards)) == (4, 2)
    assert dict(two_shards.metadata()) == {
        "07LISBON1.1": {"cable": "of another"},
        "07LISBON1.2": {"cable": "changed"},
        "07LISBON1.2#1": {"cable": "changed"},
        "08LISBON2.1": {"cable": "08LISBON2", "key": "08LISBON2.1"},
    }
    two_shards.drop(["07LISBON1.1", "07LISBON1.2", "07LISBON1.2#1"])
    assert [key for key, _ in two_shards.search(AXES[0], 5)] == ["08LISBON2.1"]


def test_among_many_named_vectors_those_of_every_shard_are_found(
    two_shards: ChromaVectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma_collection, "MAX_EXACT_VECTORS", 0)
    named = ["07LISBON1.1", "08LISBON2.1", "99LISBON9.9"]
    assert [key for key, _ in two_shards.search(AXES[3], 5, only=named)] == ["08LISBON2.1", "07LISBON1.1"]


def test_a_dropped_vector_is_not_found(vectors: ChromaVectors) -> None:
    vectors.drop(["07LISBON1.1", "never there"])
    assert [key for key, _ in vectors.search(AXES[0], 5)] == ["07LISBON1.2"]


def test_only_the_given_paragraphs_are_searched(vectors: ChromaVectors) -> None:
    assert [key for key, _ in vectors.search(AXES[1], 5, only=["07LISBON1.1"])] == ["07LISBON1.1"]


def test_of_the_given_paragraphs_one_that_is_not_there_is_passed_over(vectors: ChromaVectors) -> None:
    assert [key for key, _ in vectors.search(AXES[1], 5, only=["07LISBON1.1", "07LISBON9.9"])] == [
        "07LISBON1.1"
    ]
    assert vectors.search(AXES[1], 5, only=["07LISBON9.9"]) == []


def test_no_paragraphs_given_finds_nothing(vectors: ChromaVectors) -> None:
    assert vectors.search(AXES[1], 5, only=[]) == []


def test_an_empty_collection_finds_nothing(tmp_path: Path) -> None:
    assert ChromaVectors(tmp_path / "empty").search(AXES[0], 5) == []


def test_metadata_lists_every_vector_of_the_asked_cables(vectors: ChromaVectors) -> None:
    vectors.write([EmbeddedParagraph("07LISBON2.1", AXES[3:], {"cable": "07LISBON2"})])
    assert {id for id, _ in vectors.metadata(["07LISBON1"])} == {
        "07LISBON1.1",
        "07LISBON1.2",
        "07LISBON1.2#1",
    }
    assert len(list(vectors.metadata())) == 4


def test_opened_again_the_vectors_of_another_process_are_found(
    vectors: ChromaVectors, tmp_path: Path
) -> None:
    vectors.search(AXES[0], 1)
    code = (
        "import numpy as np, sys; from pathlib import Path; from vectorstore.storage.chroma import *;"
        "from vectorstore.interfaces import EmbeddedParagraph;"
        "ChromaVectors(Path(sys.argv[1])).write("
        "[EmbeddedParagraph('08LISBON9.1', -np.ones((1, 4), np.float32) / 2, {'cable': '08LISBON9'})])"
    )
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "vectors")], check=True, cwd=root)
    again = ChromaVectors(tmp_path / "vectors")
    assert again.search(-np.ones(4, np.float32) / 2, 1)[0][0] == "08LISBON9.1"


def test_a_torn_database_says_what_to_do(vectors: ChromaVectors, tmp_path: Path) -> None:
    file = tmp_path / "vectors" / "chroma.sqlite3"
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(VectorsDamaged, match="reftel doctor --heal"):
        ChromaVectors(tmp_path / "vectors")


@pytest.mark.parametrize("window", [0, 1, 12])
def test_a_vectors_id_leads_back_to_its_paragraph(window: int) -> None:
    assert key_of(window_id("08BEIJING90014.4-2", window)) == "08BEIJING90014.4-2"
