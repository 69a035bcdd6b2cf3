"""Reading and embedding on a real Ray cluster of two workers, of which one is killed."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from archives import HashEmbedder, cable_text, cables_in, disagreements, open_hashed, write_cable

from vectorstore.indexing.indexer import Indexer
from vectorstore.indexing.ray import RayBatchReader, RayPipeline, RayUnavailable
from vectorstore.maintenance import doctor

HERE = [str(Path(__file__).parents[3]), str(Path(__file__).parents[1])]


def load() -> HashEmbedder:
    """What a worker loads."""
    return HashEmbedder()


def load_and_die_once(marker: str) -> HashEmbedder:
    """An embedder whose first worker dies at its third chunk, as one that is killed does."""

    class Dying(HashEmbedder):
        chunks = 0

        def encode_passages(self, *args: Any) -> tuple[np.ndarray, list[bytes]]:
            self.chunks += 1
            if self.chunks == 3:
                try:
                    os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
                except FileExistsError:
                    pass  # another has died already
                else:
                    os.kill(os.getpid(), 9)
            return super().encode_passages(*args)

    return Dying()


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """A head that works at nothing and two workers of one processor each, in processes of their own."""
    ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'reftel[ray]'")
    utilities = pytest.importorskip("ray.cluster_utils")
    os.environ["PYTHONPATH"] = os.pathsep.join([*HERE, os.environ.get("PYTHONPATH", "")])
    made = utilities.Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    for _ in range(2):
        made.add_node(num_cpus=1)
    yield made.address
    ray.shutdown()
    made.shutdown()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "cables"
    folder.mkdir()
    for n in range(12):
        texts = [f"Report {p} on the harbor. w{n}x{p}" for p in range(5)]
        write_cable(folder / f"{n}.txt", f"07LISBON{92000 + n}", texts)
    (folder / "broken.txt").write_bytes(b"\0\1\2" * 100)
    return folder


def test_a_cluster_makes_the_same_archive(tmp_path: Path, folder: Path, cluster: str) -> None:
    archive = open_hashed(tmp_path / "data")
    own = archive.embedder
    report = Indexer(archive, cluster=RayPipeline(cluster, archive, load)).run([folder])
    assert (len(report.new), report.embedded, len(report.failed)) == (12, 60, 1)
    assert isinstance(own, HashEmbedder)
    assert own.encoded == 0  # every vector came from the workers
    assert disagreements(tmp_path / "data", cables_in(folder)) == []


def test_a_worker_that_is_killed_in_the_middle_costs_nothing(
    tmp_path: Path, folder: Path, cluster: str
) -> None:
    from functools import partial

    archive, marker = open_hashed(tmp_path / "data"), tmp_path / "died"
    reader = RayPipeline(cluster, archive, partial(load_and_die_once, str(marker)))
    report = Indexer(archive, cluster=reader).run([folder])
    assert marker.exists()
    assert len(report.new) == 12
    assert doctor.check(open_hashed(tmp_path / "data")) == []
    assert disagreements(tmp_path / "data", cables_in(folder)) == []


def test_a_second_run_sends_only_what_changed(tmp_path: Path, folder: Path, cluster: str) -> None:
    for _ in range(2):
        archive = open_hashed(tmp_path / "data")
        report = Indexer(archive, cluster=RayPipeline(cluster, archive, load)).run([folder])
    assert (report.unchanged, report.new, report.embedded) == (12, [], 0)
    (folder / "3.txt").write_text(cable_text("07LISBON92003", ["The pier rose. changed"]))
    archive = open_hashed(tmp_path / "data")
    assert Indexer(archive, cluster=RayPipeline(cluster, archive, load)).run([folder]).changed == [
        "07LISBON92003"
    ]
    assert disagreements(tmp_path / "data", cables_in(folder)) == []


def test_without_ray_the_user_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(RayUnavailable, match="pip install 'reftel\\[ray\\]'"):
        RayPipeline("local", open_hashed(tmp_path / "data"), load)


def test_vectors_that_no_worker_delivered_are_embedded_here() -> None:
    own = HashEmbedder()
    delivered = RayBatchReader(own)
    delivered.take(["one"], np.ones((1, 8), np.float32), [b"tokens"])
    vectors, tokens = delivered.encode_passages(["one", "two", "one"])
    assert (own.encoded, tokens[0], tokens[2], len(tokens)) == (1, b"tokens", b"tokens", 3)
    assert np.array_equal(vectors[0], vectors[2])
    assert np.array_equal(vectors[1], own.encode(["two"])[0])
