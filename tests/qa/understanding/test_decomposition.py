import pytest

from qa.understanding.decomposition import decompose


def test_two_questions_are_asked_apart_the_second_about_whom_the_first_names() -> None:
    assert decompose("What reforms has Norway promised and who in the cabinet is corrupt?") == (
        "What reforms has Norway promised?",
        "Norway: who in the cabinet is corrupt?",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Which minister was against it, and how did he vote?",
        "Who is Solberg and what do they think of her?",
        "What did Norway and Iceland say about the quota?",
    ],
)
def test_a_question_that_leans_on_the_first_is_no_part(text: str) -> None:
    assert decompose(text) == ()
