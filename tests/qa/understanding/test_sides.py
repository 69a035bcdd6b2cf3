import pytest

from qa.understanding.sides import sides_of, titles_of


def test_a_question_is_split_at_its_times() -> None:
    one, other = sides_of("What did Solberg say in May 2007, and what in June 2009?")
    assert "2007" in one
    assert "2009" not in one
    assert "Solberg" in other
    assert "2009" in other


def test_cables_by_their_ids_are_sides() -> None:
    assert sides_of("Compare 08OSLO90012 and 09OSLO90013") == ("08OSLO90012", "09OSLO90013")


def test_names_that_stand_together_are_set_apart() -> None:
    assert sides_of("Compare what London and Paris said about Iran") == (
        "what London said about Iran",
        "what Paris said about Iran",
    )


def test_a_question_is_split_at_its_places() -> None:
    one, other = sides_of("Compare Norway and Iceland on whaling")
    assert ("Norway" in one, "Iceland" in one, "whaling" in one) == (True, False, True)
    assert ("Norway" in other, "Iceland" in other) == (False, True)


def test_an_echo_asks_the_same_of_another() -> None:
    assert sides_of("What did London say about the quota and what did Paris say?") == (
        "What did London say about the quota",
        "What did Paris say about the quota",
    )


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("What did Solberg say of fish in May 2007, and what in June 2009?", ["May 2007", "June 2009"]),
        ("Compare what London and Paris said about Iran", ["London", "Paris"]),
        ("Compare 08OSLO90012 and 09OSLO90013", ["08OSLO90012", "09OSLO90013"]),
    ],
)
def test_a_side_is_titled_with_what_tells_it_from_the_other(question: str, titles: list[str]) -> None:
    assert titles_of(sides_of(question)) == titles
