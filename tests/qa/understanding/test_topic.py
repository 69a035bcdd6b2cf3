import pytest

from qa.understanding.topic import MAX_READ_CHARS, subject_of, topic_of
from vectorstore.query import Filters


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What do the cables say about whaling?", "whaling"),
        ("Show me cables about whaling", "whaling"),
        ("Give me a timeline of the quota talks, please", "the quota talks"),
        ("Tell me about Ingrid Solberg", "Ingrid Solberg"),
        ("Why did Norway refuse?", "Norway refuse"),
        ("Who?", "Who"),
    ],
)
def test_the_topic_is_what_a_question_is_about(question: str, topic: str) -> None:
    assert topic_of(question) == topic


def test_of_a_question_without_end_the_beginning_says_what_it_is_about() -> None:
    """Scaffolding is taken away piece by piece, so time grows with the square of what is read."""
    about = subject_of(f"How many cables mention {'whales ' * 1000}?", Filters(), of_cables=True)
    assert about.startswith("whales whales")
    assert len(about) < MAX_READ_CHARS
