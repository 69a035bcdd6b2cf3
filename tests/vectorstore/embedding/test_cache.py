"""The vector cache keeps vectors by text and model, and never mixes models."""

from pathlib import Path

import pytest

from vectorstore.archive import ArchiveConfig, open_archive, open_to_ask
from vectorstore.database import MAX_VARIABLES
from vectorstore.embedding.cache import VectorCache, cache_home

VECTOR = bytes(range(16))


def test_a_vector_comes_back_as_it_was_put(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "cache.sqlite")
    cache.put("model", {"a text": VECTOR})
    assert cache.get("model", ["a text", "another"]) == {"a text": VECTOR}


def test_an_unknown_text_is_not_in_the_answer(tmp_path: Path) -> None:
    assert VectorCache(tmp_path / "cache.sqlite").get("model", ["a text"]) == {}


def test_another_models_vector_is_not_found(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "cache.sqlite")
    cache.put("model", {"a text": VECTOR})
    assert cache.get("other", ["a text"]) == {}


def test_vectors_outlive_the_process(tmp_path: Path) -> None:
    VectorCache(tmp_path / "cache.sqlite").put("model", {"a text": VECTOR})
    assert "a text" in VectorCache(tmp_path / "cache.sqlite").get("model", ["a text"])


def test_more_texts_than_sqlite_takes_at_once_are_all_found(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "cache.sqlite")
    texts = {f"text {n}": VECTOR for n in range(2 * MAX_VARIABLES + 1)}
    cache.put("model", texts)
    assert len(cache.get("model", list(texts))) == len(texts)


def test_the_file_stays_within_its_limit_and_keeps_much_of_what_it_can_hold(tmp_path: Path) -> None:
    limit = 1 << 20
    cache = VectorCache(tmp_path / "cache.sqlite", limit)
    vector = bytes(1536)
    texts = [f"text {n}" for n in range(2000)]  # three times what fits
    for start in range(0, len(texts), 50):
        cache.put("model", dict.fromkeys(texts[start : start + 50], vector))
        assert (tmp_path / "cache.sqlite").stat().st_size <= limit
    assert len(cache.get("model", texts)) * len(vector) > limit / 8


def test_a_damaged_file_costs_the_cache_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "cache.sqlite"
    path.write_bytes(b"no database" * 1000)
    cache = VectorCache(path)
    cache.put("model", {"a text": VECTOR})
    assert cache.get("model", ["a text"]) == {}
    assert "delete it" in caplog.text


def test_a_folder_that_cannot_be_made_costs_the_cache_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = VectorCache(tmp_path / "file" / "cache.sqlite")
    cache.put("model", {"a text": VECTOR})
    assert cache.get("model", ["a text"]) == {}


def test_the_cache_lies_where_the_system_keeps_caches(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_home() == tmp_path / "reftel"


def test_an_archive_remembers_what_it_indexes_and_not_what_it_is_asked(tmp_path: Path) -> None:
    keeping = open_archive(ArchiveConfig(tmp_path / "data", vector_cache=tmp_path / "cache.sqlite"))
    assert keeping.embedder.cache is not None
    assert open_archive(ArchiveConfig(tmp_path / "data", vector_cache_gb=0)).embedder.cache is None
    assert open_to_ask(ArchiveConfig(tmp_path / "data")).embedder.cache is None
