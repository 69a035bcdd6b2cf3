"""Single facts of a cable, and its paragraphs by their numbers."""

import pytest

from qa.answer import Question
from qa.answers.cable_facts import paragraphs_asked
from qa.chain import Chain


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("Who signed 08BEIJING90014?", "is signed"),
        ("When was 08BEIJING90014 sent?", "was sent on"),
        ("How is 08BEIJING90014 classified?", "is classified CONFIDENTIAL"),
        ("To whom was 08BEIJING90014 sent?", "SECSTATE WASHDC"),
        ("What does 08BEIJING90014 refer to?", "08TOKYO90028"),
        ("Which cables refer to 08BEIJING90014?", "is referred to by 08TOKYO90031"),
        ("How many paragraphs has 08BEIJING90014?", "has 8 paragraphs"),
    ],
)
def test_a_fact_of_a_header_is_stated_alone(chain: Chain, question: str, fact: str) -> None:
    answer = chain.invoke(Question(question))
    assert fact in answer.text
    assert len(answer.sentences) <= 2


def test_a_paragraph_is_quoted_by_its_number(chain: Chain) -> None:
    answer = chain.invoke(Question("What does paragraph 3 of 08BEIJING90014 say?"))
    assert [c.evidence.key for c in answer.citations] == ["08BEIJING90014.3"]


def test_a_missing_paragraph_is_said_to_be_missing(chain: Chain) -> None:
    assert "has no paragraph 40" in chain.invoke(Question("Show me para 40 of 08BEIJING90014")).text


def test_numbers_of_paragraphs_are_read_as_spans_too() -> None:
    assert paragraphs_asked("paragraphs 2 to 4 and ¶7") == [2, 3, 4, 7]
