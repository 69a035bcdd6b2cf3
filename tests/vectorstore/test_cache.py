"""The vector cache keeps vectors by text and model, and never mixes models."""

from pathlib import Path

import numpy as np

from vectorstore.cache import ASK, VectorCache

VECTOR = np.arange(4, dtype=np.float32)


def test_a_vector_comes_back_as_it_was_put(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "cache.sqlite")
    cache.put("model", {"a text": VECTOR})
    assert np.array_equal(cache.get("model", ["a text", "another"])["a text"], VECTOR)


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
    texts = {f"text {n}": VECTOR + n for n in range(2 * ASK + 1)}
    cache.put("model", texts)
    assert len(cache.get("model", list(texts))) == len(texts)
