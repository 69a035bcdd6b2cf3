"""A question in another language finds the paragraph that answers it, among vectors of the English model."""

import numpy as np
import pytest

from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.embedding.multilingual import MultilingualQueryEncoder, fit, mapped

needs_model = pytest.mark.skipif(
    not MultilingualQueryEncoder.available(), reason="the extra 'languages' is not installed"
)

TEXTS = [
    "The minister refused the proposal because the public would not accept it.",
    "The harbor's ferry sank in a storm and twelve sailors were rescued.",
    "Inflation rose to nine percent after the price of bread was set free.",
]
QUESTIONS = {
    "es": "¿Por qué se hundió el transbordador del puerto?",
    "fr": "Pourquoi le ferry du port a-t-il coulé ?",
    "de": "Warum ist die Fähre im Hafen gesunken?",
    "it": "Perché è affondato il traghetto del porto?",
    "ar": "لماذا غرقت العبّارة في الميناء؟",
}


@needs_model
@pytest.mark.parametrize("language", QUESTIONS)
def test_a_question_is_nearest_to_the_paragraph_that_answers_it(
    embedder: SentenceEmbedder, language: str
) -> None:
    query = embedder.encode_query(QUESTIONS[language], language)
    assert np.argmax(embedder.encode(TEXTS) @ query.vector) == 1
    assert len(query.tokens) == 0


def test_the_map_takes_one_space_to_another_that_is_a_turn_of_it() -> None:
    random = np.random.default_rng(1)
    vectors = random.normal(size=(500, 8)).astype(np.float32)
    turn = np.linalg.qr(random.normal(size=(8, 8)))[0]
    targets = vectors @ turn
    moved = mapped(vectors, fit(vectors, targets, ridge=1e-6))
    unit = targets / np.linalg.norm(targets, axis=1, keepdims=True)
    assert np.allclose(moved, unit, atol=1e-3)
