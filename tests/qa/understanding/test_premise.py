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


NOWHERE, NOT_PLAINLY, SAID = "does not say", "No sentence says plainly", ""


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("Minister Solberg resigned on Monday.", SAID),
        ("Solberg met the press. He has resigned, and goes home.", SAID),
        ("He told us of the resignation of Prime Minister Solberg.", SAID),
        ("Solberg's sudden resignation surprised all.", SAID),
        ("Solberg may have resigned. Herring was landed.", NOWHERE),
        ("The press speculates about a resignation of Solberg.", NOWHERE),
        ("Hansen resigned.", NOWHERE),
        ("Solberg didn't resign, and her resignation wasn’t accepted.", NOWHERE),
        ("Solbergian ministers resigned.", NOWHERE),
        ("Solberg said that three ministers resigned.", NOT_PLAINLY),
        ("Solberg's minister of ports has at last resigned.", NOT_PLAINLY),
        ("Solberg and Hansen spoke; Hansen resigned.", NOT_PLAINLY),
    ],
)
def test_a_premise_is_said_only_without_doubt_and_of_its_name(text: str, doubt: str) -> None:
    premise = premise_of("Why did Solberg resign?")
    assert premise is not None
    said = premise.doubt([text])
    assert doubt in said if doubt else not said


def test_a_premise_is_said_in_any_spelling_of_the_name() -> None:
    premise = premise_of("How did Gaddafi die?")
    assert premise is not None
    assert not premise.doubt(["Qadhafi died on Monday."])
