"""A model in torch: a GPU's batches are as exact as any."""

from typing import Any

import numpy as np
import pytest

from vectorstore.embedding.backends import torch
from vectorstore.embedding.backends.base import agree
from vectorstore.embedding.backends.torch import GpuBackend
from vectorstore.embedding.embedder import SentenceEmbedder, _sentence_transformer
from vectorstore.embedding.tokens import Tokens

TEXTS = ["China refused Japan's bid.", "word " * 300, "", "The harbor is long and old. " * 9, "No."]


@pytest.fixture(scope="module")
def batches(embedder: SentenceEmbedder) -> GpuBackend:
    """The GPU's runtime on a processor, where it must give the same vectors."""
    return GpuBackend(_sentence_transformer(embedder.name, embedder.folder), embedder.late_interaction)


def test_batches_for_a_gpu_give_the_vectors_of_the_processors_runtime(
    batches: GpuBackend, embedder: SentenceEmbedder
) -> None:
    assert agree(batches.encode(TEXTS, lambda n: None), embedder.encode(TEXTS))


def test_batches_for_a_gpu_keep_the_tokens_that_the_processors_runtime_keeps(
    batches: GpuBackend, embedder: SentenceEmbedder
) -> None:
    vectors, kept = batches.encode_with_tokens(TEXTS, lambda n: None)
    expected_vectors, expected = embedder.backend.encode_with_tokens(TEXTS, lambda n: None)
    assert agree(vectors, expected_vectors)
    for one, other in zip(map(Tokens.unpack, kept), map(Tokens.unpack, expected), strict=True):
        assert list(one.words) == list(other.words)
        assert np.abs(one.vectors.astype(int) - other.vectors).max(initial=0) <= 2


def test_parts_come_back_in_the_order_of_the_texts(
    batches: GpuBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = batches.encode(TEXTS, lambda n: None)
    monkeypatch.setattr(torch, "PART_TEXTS", 2)
    advanced: list[int] = []
    assert np.allclose(batches.encode(TEXTS, advanced.append), whole, atol=1e-5)
    assert advanced == [2, 2, 1]


def test_no_batch_is_larger_than_the_memory_allows(
    batches: GpuBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_budget", 100)
    lengths = [3, 90, 40, 60, 200, 20, 5]
    found = list(batches._batches(lengths))
    assert sorted(row for rows in found for row in rows) == list(range(len(lengths)))
    assert all(len(rows) == 1 or len(rows) * max(lengths[row] for row in rows) <= 100 for rows in found)


def test_when_the_memory_does_not_suffice_smaller_batches_are_tried(
    batches: GpuBackend, embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    forward, sizes = batches._forward, []

    def short_of_memory(ids: np.ndarray, mask: np.ndarray, **options: bool) -> Any:
        sizes.append(ids.size)
        if ids.size > 300:
            raise batches._torch.OutOfMemoryError
        return forward(ids, mask, **options)

    monkeypatch.setattr(batches, "_budget", 2048)
    monkeypatch.setattr(batches, "_forward", short_of_memory)
    assert agree(batches.encode(TEXTS, lambda n: None), embedder.encode(TEXTS))
    assert max(sizes) > 300
    whole = batches.encode_with_tokens(TEXTS, lambda n: None)[1]
    monkeypatch.setattr(batches, "_budget", 2048)
    vectors, kept = batches.encode_with_tokens(TEXTS, lambda n: None)
    assert agree(vectors, embedder.encode(TEXTS))
    assert [len(own) for own in kept] == [len(own) for own in whole]


def test_no_text_gives_no_vector(batches: GpuBackend) -> None:
    assert batches.encode([], lambda n: None).shape == (0, 384)


def test_torch_is_not_asked_for_a_gpu_where_no_driver_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.shutil, "which", lambda name: None)
    monkeypatch.setattr(torch.Path, "exists", lambda path: False)
    monkeypatch.setitem(__import__("sys").modules, "torch", None)  # importing it would fail
    assert not torch.gpu_present()
