import pytest

from qa.understanding.topic import topic_of


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
