"""Late interaction: the question's tokens find theirs in the passage that answers, and in its sentence."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.embedding.late_interaction import UNMATCHED_LOGIT, LateInteraction, Passage, TokenComparison
from vectorstore.embedding.tokens import Tokens

QUESTION = "Why did the ministry refuse the bid of Japan?"
ANSWERS = "The ministry refused Japan's bid because the public still remembered the war."
ELSEWHERE = "Wheat prices rose again in the spring, and bakers in the capital went on strike."

Compare = Callable[..., list[TokenComparison]]


@pytest.fixture(scope="module")
def interaction(embedder: SentenceEmbedder) -> LateInteraction:
    assert embedder.late_interaction is not None
    return embedder.late_interaction


@pytest.fixture(scope="module")
def compare(embedder: SentenceEmbedder, interaction: LateInteraction) -> Compare:
    """Compares QUESTION with paragraphs of one sentence each."""

    def compare(*texts: str) -> list[TokenComparison]:
        _, packed = embedder.encode_passages([f"Talks: {text}" for text in texts])
        paragraphs = []
        for text, own in zip(texts, packed, strict=True):
            tokens = Tokens.unpack(own)
            paragraphs.append(([Passage(tokens, np.where(tokens.words < len(text.split()), 0, -1))], 1))
        return interaction.compare(embedder.encode_query(QUESTION), paragraphs)

    return compare


def test_a_paragraph_that_answers_matches_better_than_one_about_something_else(compare: Compare) -> None:
    right, wrong = compare(ANSWERS, ELSEWHERE)
    assert right.match > wrong.match + 0.1
    assert right.sentences[0] > wrong.sentences[0] + 2


def test_the_order_of_paragraphs_changes_nothing(compare: Compare) -> None:
    one, other = compare(ANSWERS, ELSEWHERE), compare(ELSEWHERE, ANSWERS)
    assert [c.match for c in one] == pytest.approx([c.match for c in reversed(other)], abs=1e-5)


def test_a_paragraph_whose_passages_are_not_kept_matches_nothing(
    embedder: SentenceEmbedder, interaction: LateInteraction
) -> None:
    (alone,) = interaction.compare(embedder.encode_query(QUESTION), [([], 2)])
    assert alone.match == -1
    assert list(alone.sentences) == [UNMATCHED_LOGIT, UNMATCHED_LOGIT]


def test_a_question_of_any_length_is_read(embedder: SentenceEmbedder) -> None:
    for question in ("Why?", "x", "Why did they refuse? " * 200):
        asked = embedder.encode_query(question)
        assert np.linalg.norm(asked.vector) == pytest.approx(1, abs=1e-4)
        assert asked.weights.sum() == pytest.approx(1, abs=1e-4)
        assert len(asked.tokens) == len(asked.weights) <= 80


def test_questions_with_their_stop_words_weigh_their_content_words_most(embedder: SentenceEmbedder) -> None:
    asked = embedder.encode_query("Why did the ministry refuse the bid of Japan?")
    heaviest = int(np.argmax(asked.weights))
    assert heaviest in {4, 5, 7, 9}  # ministry, refuse, bid, Japan behind the first token


def test_many_questions_at_once_are_each_read_as_alone(embedder: SentenceEmbedder) -> None:
    questions = [f"What did minister number {n} say?" for n in range(8)] * 8
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(embedder.encode_query, questions))
    for question, asked in zip(questions, together, strict=True):
        assert asked.vector == pytest.approx(embedder.encode_query(question).vector, abs=1e-5)
