import pytest

from qa.understanding.premise import premise_of


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Why did Ingrid Solberg resign in 2009?", "Ingrid Solberg resigned"),
        ("When was Solberg arrested?", "Solberg was arrested"),
        ("Why did Norway refuse the quota?", None),
        ("Who is Solberg?", None),
    ],
)
def test_what_a_question_takes_for_granted_is_read(question: str, text: str | None) -> None:
    premise = premise_of(question)
    assert (premise.text if premise else None) == text


@pytest.mark.parametrize(
    ("said", "is_said"),
    [
        ("Minister Solberg resigned on Monday.", True),
        ("Solberg may have resigned. Herring was landed.", False),
        ("The press speculates about a resignation of Solberg.", False),
        ("Hansen resigned.", False),
        ("Solberg didn't resign, and her resignation wasn’t accepted.", False),
        ("Solbergian ministers resigned.", False),
    ],
)
def test_a_premise_is_said_only_without_doubt_and_of_its_name(said: str, is_said: bool) -> None:
    premise = premise_of("Why did Solberg resign?")
    assert premise is not None
    assert premise.is_said([said]) is is_said
