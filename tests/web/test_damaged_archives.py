"""An archive of which a store is gone or damaged: the server says so where it is asked, and is not ready."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from people import Caller
from servers import Servers, wait_until

TOOLS = {
    "ask": ("Why did China refuse Japan's bid?", [], ""),
    "find_paragraphs": ("Security Council", 10, [], 0, 0),
    "list_cables": ("wheat", 0, 50),
    "read_cable": ("08BEIJING90014",),
}


def one(data: Path, pattern: str) -> Path:
    return next(iter(data.glob(pattern)))


def vectors_gone(data: Path) -> None:
    shutil.rmtree(one(data, "vectors/*"))


def tokens_gone(data: Path) -> None:
    one(data, "vectors/*/tokens.sqlite").unlink()


def database_of_the_vectors_gone(data: Path) -> None:
    one(data, "vectors/*/chroma.sqlite3").unlink()


def database_of_the_vectors_damaged(data: Path) -> None:
    path = one(data, "vectors/*/chroma.sqlite3")
    path.write_bytes(path.read_bytes()[:8192] + bytes(path.stat().st_size - 8192))


def words_of_paragraphs_gone(data: Path) -> None:
    shutil.rmtree(one(data, "words/*/paragraphs"))


def words_of_cables_gone(data: Path) -> None:
    shutil.rmtree(one(data, "words/*/cables"))


def words_damaged(data: Path) -> None:
    for path in data.glob("words/*/paragraphs/*"):
        if path.suffix in (".term", ".idx", ".fast", ".store"):
            path.write_bytes(bytes(path.stat().st_size))


def list_of_the_words_damaged(data: Path) -> None:
    one(data, "words/*/paragraphs/meta.json").write_text("{")


def catalog_damaged(data: Path) -> None:
    path = data / "catalog.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path.write_bytes(path.read_bytes()[:4096] + bytes(path.stat().st_size - 4096))


@pytest.mark.parametrize(
    "damage",
    [
        vectors_gone,
        tokens_gone,
        database_of_the_vectors_gone,
        database_of_the_vectors_damaged,
        words_of_paragraphs_gone,
        words_of_cables_gone,
        words_damaged,
        list_of_the_words_damaged,
        catalog_damaged,
    ],
    ids=lambda damage: damage.__name__,
)
def test_a_store_that_is_gone_or_damaged_is_said_to_whom_it_concerns(
    serve: Servers, sample_data: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    data = shutil.copytree(sample_data, tmp_path / "data")
    damage(data)
    address = serve(data)
    caller = Caller(address)
    wait_until(lambda: json.loads(caller("/ready")[1])["archive"] != "opening")
    assert (caller("/ready")[0], json.loads(caller("/ready")[1])["archive"]) == (503, "failed")
    assert caller("/health")[0] == 200
    for tool, arguments in TOOLS.items():
        answered = caller.tool(tool, *arguments)
        assert "event: error" in answered
        assert "reftel doctor --heal" in answered
        assert str(tmp_path) not in answered
    serve.stop(address)
