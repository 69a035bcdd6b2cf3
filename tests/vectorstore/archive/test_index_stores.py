"""The stores of an index while another process writes them."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from archives import cables_in, disagreements, open_hashed, stored_vectors, write_cable

from vectorstore.indexing.indexer import Indexer
from vectorstore.maintenance import doctor

CABLES, PARAGRAPHS = 130, 30
"""Enough for several batches of an indexer, each of which makes Chroma save its graph."""

ASK = """
import sys
from pathlib import Path
from archives import open_hashed
archive = open_hashed(Path(sys.argv[1]))
vector = archive.embedder.encode(["What is said of the harbor?"])[0]
print("ready", flush=True)
while True:
    archive.stores.reopen_vectors()
    archive.vectors.search(vector, 20)
"""


def test_readers_that_open_the_vectors_while_they_are_written_leave_them_whole(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "cables"
    folder.mkdir()
    for number in range(CABLES):
        texts = [f"Report {n} on the harbor. word{number}x{n}" for n in range(PARAGRAPHS)]
        write_cable(folder / f"{number}.txt", f"07LISBON{91000 + number}", texts)
    Indexer(open_hashed(data)).run([folder / "0.txt"])
    roots = [str(Path(__file__).parents[3]), str(Path(__file__).parents[1])]
    asking = subprocess.Popen(
        [sys.executable, "-c", ASK, str(data)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(roots)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with asking:
        assert asking.stdout is not None
        assert asking.stdout.readline() == "ready\n"
        Indexer(open_hashed(data)).run([folder])
        still_asking = asking.poll() is None
        asking.kill()
    assert still_asking
    assert doctor.check(open_hashed(data)) == []
    assert disagreements(data, cables_in(folder)) == []
    archive = open_hashed(data)
    stored = stored_vectors(archive.vectors, [id for id, _ in archive.vectors.metadata()])
    unfound = [id for id, (vector, _) in stored.items() if archive.vectors.search(vector, 1)[0][1] < 0.999]
    assert len(stored) == CABLES * PARAGRAPHS
    assert len(unfound) < len(stored) / 100


def overwrite(graph: Path) -> None:
    """Put nonsense in place of the graph, over which Chroma's core crashes."""
    vectors = graph / "data_level0.bin"
    vectors.write_bytes(b"\x10\x7f" * (vectors.stat().st_size // 2))


def lose_log(graph: Path) -> None:
    """Delete the records that Chroma has not yet taken into the graph; its tables have them all the same."""
    with closing(sqlite3.connect(graph.parent / "chroma.sqlite3")) as db, db:
        db.execute("DELETE FROM embeddings_queue")


@pytest.mark.parametrize("damage", [overwrite, lose_log])
def test_a_graph_that_crashes_or_lacks_vectors_is_reported_and_made_again(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    data, folder = tmp_path / "data", tmp_path / "cables"
    folder.mkdir()
    for number in range(40):
        texts = [f"Report {n} on the harbor. word{number}x{n}" for n in range(PARAGRAPHS)]
        write_cable(folder / f"{number}.txt", f"07LISBON{91000 + number}", texts)
    Indexer(open_hashed(data)).run([folder])
    for file in (data / "vectors").rglob("data_level0.bin"):
        damage(file.parent)
    (finding,) = doctor.check(open_hashed(data))
    assert "is damaged" in str(finding)
    doctor.heal(open_hashed(data))
    assert doctor.check(open_hashed(data)) == []
    assert disagreements(data, cables_in(folder)) == []
