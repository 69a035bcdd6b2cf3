"""A graph whose files do not belong together, or are damaged, is an error before Chroma's core loads it and crashes."""

import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from vectorstore.errors import VectorsDamaged
from vectorstore.interfaces import EmbeddedParagraph
from vectorstore.storage.chroma import ChromaVectors
from vectorstore.storage.hnsw_compat import graph_fault

DIMENSION = 8
SAVED_VECTORS = 1_100
"""Chroma saves a graph with the thousandth vector."""
LEVEL0_ROW_BYTES = 4 * (1 + 32) + 4 * DIMENSION + 8


def write(folder: Path, count: int) -> None:
    """An archive's vectors, with a graph."""
    vectors = np.random.default_rng(1).normal(size=(count, DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    keys = [f"08PARIS{n}.1" for n in range(count)]
    store = ChromaVectors(folder)
    store.write(
        EmbeddedParagraph(key, vectors[n : n + 1], {"key": key, "cable": key[:-2]})
        for n, key in enumerate(keys)
    )
    store.probe()


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved")
    write(folder / "one", SAVED_VECTORS)
    write(folder / "other", SAVED_VECTORS + 100)
    return folder


@pytest.fixture
def vectors(saved: Path, tmp_path: Path) -> Path:
    shutil.copytree(saved / "one", tmp_path / "vectors")
    return tmp_path / "vectors"


def graph(vectors: Path) -> Path:
    return next(vectors.glob("*/header.bin")).parent


def upper_links_of_another_time(folder: Path, saved: Path) -> None:
    shutil.copyfile(graph(saved / "other") / "link_lists.bin", folder / "link_lists.bin")


def nodes_cut_off(folder: Path, _: Path) -> None:
    path = folder / "data_level0.bin"
    path.write_bytes(path.read_bytes()[:-LEVEL0_ROW_BYTES])


def link_to_nowhere(folder: Path, _: Path) -> None:
    path = folder / "data_level0.bin"
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, 5 * LEVEL0_ROW_BYTES + 4, 2**31)
    path.write_bytes(content)


def more_links_than_room(folder: Path, _: Path) -> None:
    path = folder / "data_level0.bin"
    content = bytearray(path.read_bytes())
    struct.pack_into("<H", content, 5 * LEVEL0_ROW_BYTES, 40_000)
    path.write_bytes(content)


def entry_that_is_missing(folder: Path, _: Path) -> None:
    path = folder / "header.bin"
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, struct.calcsize("<IQQQQQQi"), SAVED_VECTORS + 1)
    path.write_bytes(content)


def header_cut_off(folder: Path, _: Path) -> None:
    (folder / "header.bin").write_bytes((folder / "header.bin").read_bytes()[:50])


def upper_links_gone(folder: Path, _: Path) -> None:
    (folder / "link_lists.bin").unlink()


def test_a_graph_that_chroma_saved_has_no_fault_and_is_found_where_chroma_keeps_it(vectors: Path) -> None:
    assert graph_fault(graph(vectors)) is None
    assert ChromaVectors(vectors).count() == SAVED_VECTORS


def test_where_no_graph_was_saved_nothing_is_wrong(tmp_path: Path) -> None:
    assert graph_fault(tmp_path) is None


@pytest.mark.parametrize(
    "damage",
    [
        upper_links_of_another_time,
        nodes_cut_off,
        link_to_nowhere,
        more_links_than_room,
        entry_that_is_missing,
        header_cut_off,
        upper_links_gone,
    ],
    ids=lambda damage: damage.__name__,
)
def test_a_damaged_graph_is_an_error_that_says_what_to_do(
    vectors: Path, saved: Path, damage: Callable[[Path, Path], None]
) -> None:
    damage(graph(vectors), saved)
    with pytest.raises(VectorsDamaged, match="doctor --heal"):
        ChromaVectors(vectors)
