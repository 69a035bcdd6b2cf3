"""Disks that are full or cannot be written: what happens is said, nothing is lost, and it goes on afterwards.

Each test works on a small file system of its own in memory, mounted for it alone.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from archives import cables_in, disagreements, open_hashed, write_cable

from vectorstore.indexing.indexer import Indexer
from vectorstore.maintenance import doctor

ROOT = Path(__file__).parents[3]
MOUNTED = ["unshare", "--map-root-user", "--mount", "sh", "-c"]


def can_mount() -> bool:
    """Whether this user may mount a file system that only its own processes see."""
    try:
        return subprocess.run([*MOUNTED, "mount -t tmpfs none /mnt"], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


pytestmark = pytest.mark.skipif(
    not can_mount(), reason="this system lets no one mount a file system for a test"
)

INDEX = """
import json, sys
from pathlib import Path
from archives import open_hashed
from vectorstore.indexing.indexer import Indexer
try:
    report = Indexer(open_hashed(Path(sys.argv[1]))).run([Path(sys.argv[2])])
    print(json.dumps({"new": len(report.new)}))
except OSError as error:
    print(json.dumps({"error": str(error), "kind": type(error).__name__}))
"""

ASK = """
import json, sys
from pathlib import Path
from archives import open_hashed
from vectorstore.access import EVERYTHING
from vectorstore.retrieval.retriever import Retriever
from vectorstore.query import Query
archive = open_hashed(Path(sys.argv[1]))
found = Retriever(archive=archive, view=archive.view(EVERYTHING)).search(Query("the minister"))
print(json.dumps([one.key for one in found]))
"""


FILL = """
import sys
from pathlib import Path
try:
    with (Path(sys.argv[1]).parent / "fill").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
except OSError:
    pass
"""
READ_VECTORS = """
import json
from chromadb.errors import InternalError
from vectorstore.errors import VectorsDamaged
from vectorstore.storage.chroma_compat import readable
try:
    with readable(Path(sys.argv[1])):
        raise InternalError("error returned from database: (code: 13) database or disk is full")
except (OSError, VectorsDamaged) as error:
    print(json.dumps(str(error)))
"""


def on_a_disk(mount: str, code: str, data: Path, *arguments: Path) -> object:
    """What code prints that works in `data`, which is mounted so and copied back afterwards."""
    disk = data.with_name("disk")
    disk.mkdir(exist_ok=True)
    after = "" if "ro" in mount else f"; rm -rf {data} && cp -a {disk}/data {data}"
    script = (
        f"mount -t tmpfs -o {mount.removesuffix(',ro')} none {disk} && cp -a {data} {disk}/data && "
        + (f"mount -o remount,ro {disk} && " if "ro" in mount else "")
        + '"$0" -c "$1" '
        + " ".join([f"{disk}/data", *map(str, arguments)])
        + after
    )
    paths = os.pathsep.join([str(ROOT), str(Path(__file__).parents[1])])
    done = subprocess.run(
        [*MOUNTED, script, sys.executable, code],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "cables"
    folder.mkdir()
    write_cable(folder / "harbor.txt", "07LISBON91001", ["The pier sank. one", "The minister wept. two"])
    return folder


@pytest.fixture
def data(tmp_path: Path, folder: Path) -> Path:
    archive = open_hashed(tmp_path / "data")
    Indexer(archive).run([folder])
    archive.catalog.close()
    return tmp_path / "data"


@pytest.mark.parametrize("spare", [200, 600, 1500])
def test_a_full_disk_is_told_and_the_next_run_with_room_goes_on(data: Path, folder: Path, spare: int) -> None:
    held = sum(file.stat().st_blocks for file in data.rglob("*")) // 2
    for n in range(60):
        texts = ["And so on. " * 60 + f"Report {p} on the harbor. w{n}x{p}" for p in range(8)]
        write_cable(folder / f"{n}.txt", f"07LISBON{92000 + n}", texts)
    said = on_a_disk(f"size={held + spare}k", INDEX, data, folder)
    assert isinstance(said, dict)
    assert "full" in said["error"] or "No space" in said["error"]
    Indexer(open_hashed(data)).run([folder])
    assert doctor.check(open_hashed(data)) == []
    assert disagreements(data, cables_in(folder)) == []


def test_a_disk_that_cannot_be_written_is_told(data: Path, folder: Path) -> None:
    said = on_a_disk("size=64m,ro", INDEX, data, folder)
    assert isinstance(said, dict)
    assert "Read-only" in said["error"]


def test_an_archive_on_a_disk_that_cannot_be_written_answers(data: Path) -> None:
    assert on_a_disk("size=64m,ro", ASK, data) == ["07LISBON91001.2", "07LISBON91001.1"]


def test_a_full_disk_is_not_taken_for_damage(data: Path) -> None:
    """Who is told of damage heals, and healing begins with throwing away."""
    assert "No space" in str(on_a_disk("size=8m", FILL + READ_VECTORS, data))
