import pytest

from qa.understanding.decomposition import decompose


def test_two_questions_are_asked_apart_the_second_about_whom_the_first_names() -> None:
    assert decompose("What reforms has Norway promised and who in the cabinet is corrupt?") == (
        "What reforms has Norway promised?",
        "Norway: who in the cabinet is corrupt?",
    )


def test_what_is_counted_goes_on_in_the_second() -> None:
    assert decompose("How many cables mention Norway and how many mention Iceland?")[1] == (
        "how many cables mention Iceland?"
    )


def test_he_in_the_second_is_whom_the_first_names() -> None:
    assert decompose("Who is Ingrid Solberg and what does the embassy think of her?") == (
        "Who is Ingrid Solberg?",
        "what does the embassy think of Ingrid Solberg?",
    )
    assert decompose("Who is Ingrid Solberg and where was her brother arrested?")[1] == (
        "where was Ingrid Solberg's brother arrested?"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Which minister was against it, and how did he vote?",
        "Who is Solberg and what do they think of it?",
        "What did Norway and Iceland say about the quota?",
    ],
)
def test_a_question_that_leans_on_the_first_is_no_part(text: str) -> None:
    assert decompose(text) == ()
