from qa.understanding.sides import sides_of


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
