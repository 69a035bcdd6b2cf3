"""What a sentence's form tells."""

import pytest

from qa.text.sentence_forms import opening_ordinal, points_at_sentence, points_at_somebody


@pytest.mark.parametrize("text", ["This would end the strike.", "Such steps were rare.", "These men left."])
def test_a_sentence_opens_with_what_the_one_before_has_said(text: str) -> None:
    assert points_at_sentence(text)


@pytest.mark.parametrize("text", ["He added that it rained.", "Their boats sank.", "The latter agreed."])
def test_a_sentence_opens_with_somebody_named_before(text: str) -> None:
    assert points_at_somebody(text)


@pytest.mark.parametrize(
    "text", ["Hence the pier.", "Theirs is a small port.", "Thistles grow.", "The pier sank."]
)
def test_other_openings_stand_alone(text: str) -> None:
    assert not points_at_sentence(text)
    assert not points_at_somebody(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("The first was rain.", 1),
        ("Second, the pier sank.", 2),
        ("And the third reason was rust.", 3),
        ("Nobody came second.", 0),
        ("Firsthand reports are few.", 0),
    ],
)
def test_an_item_of_a_list_opens_with_its_number(text: str, number: int) -> None:
    assert opening_ordinal(text) == number
