"""Token vectors: packed, kept beside the vectors, and saying in which sentence a token stands."""

from pathlib import Path

import numpy as np
import pytest

from cables.text import sentences
from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive
from vectorstore.embedding.chunking import WINDOW_WORDS, sentence_of_words
from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.embedding.tokens import TOKEN_DIMENSION, TOKEN_SCALE, Tokens, quantized
from vectorstore.storage.token_vectors import SqliteTokenStore

TEXT = "The minister refused the bid. He named two reasons: public opinion, and the history of the war."


def made_up(count: int) -> Tokens:
    draw = np.random.default_rng(count)
    vectors = draw.normal(size=(count, TOKEN_DIMENSION))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return Tokens(quantized(unit), np.arange(count, dtype=np.uint16)[::-1].copy())


@pytest.mark.parametrize("count", [0, 1, 2, 3, 200])
@pytest.mark.parametrize("padding", [0, 2])
def test_packed_tokens_come_back_the_same_also_with_bytes_behind_them(count: int, padding: int) -> None:
    tokens = made_up(count)
    back = Tokens.unpack(tokens.pack() + bytes(padding))
    assert np.array_equal(back.vectors, tokens.vectors)
    assert np.array_equal(back.words, tokens.words)


def test_a_store_gives_what_was_written_last_and_nothing_that_was_dropped(tmp_path: Path) -> None:
    store = SqliteTokenStore(tmp_path / "tokens.sqlite")
    store.write({"a.1": made_up(3).pack(), "a.2": made_up(4).pack()})
    store.write({"a.1": made_up(5).pack()})
    store.drop(["a.2", "never there"])
    assert {id: len(tokens.words) for id, tokens in store.get(["a.1", "a.2"]).items()} == {"a.1": 5}
    assert (store.known(["a.1", "a.2"]), list(store.ids()), store.count()) == ({"a.1"}, ["a.1"], 1)


def test_every_token_of_a_passage_stands_in_the_sentence_of_its_word(embedder: SentenceEmbedder) -> None:
    _, (packed,) = embedder.encode_passages([f"Talks on UN reform (Embassy Beijing, April 2008): {TEXT}"])
    pieces = sentences(TEXT)
    ends = np.cumsum([len(piece.text.split()) for piece in pieces])
    found = sentence_of_words(TEXT, 0, Tokens.unpack(packed).words, ends)
    assert list(found) == sorted(found)
    assert set(found) == {-1, 0, 1}
    assert list(found).count(0) == 3  # minister, refused, bid


def test_words_of_a_second_window_are_counted_on_from_the_first() -> None:
    text = " ".join(f"word{n}." for n in range(WINDOW_WORDS + 20))
    ends = np.arange(1, WINDOW_WORDS + 21)
    last, first_of_window, header = sentence_of_words(text, 1, np.array([0, 49, 50]), ends)
    assert (last, first_of_window, header) == (WINDOW_WORDS + 19, WINDOW_WORDS - 30, -1)


def test_tokens_are_unit_vectors_within_what_a_byte_holds(embedder: SentenceEmbedder) -> None:
    _, (packed,) = embedder.encode_passages([f"Talks: {TEXT}"])
    lengths = np.linalg.norm(Tokens.unpack(packed).vectors.astype(float) / TOKEN_SCALE, axis=1)
    assert np.allclose(lengths, 1, atol=0.05)


def test_every_vector_of_an_archive_has_its_tokens(archive: Archive) -> None:
    view = archive.view(EVERYTHING)
    ids = view.vector_ids([row for cable in archive.catalog.cable_ids() for row in view.rows_of_cable(cable)])
    assert archive.vectors.tokens is not None
    assert archive.vectors.tokens.known(ids) == set(ids)
    assert archive.vectors.tokens.count() == len(ids)
