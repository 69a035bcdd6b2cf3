"""What a sentence's form tells."""

import pytest

from qa.text.sentence_forms import points_at_sentence, points_at_somebody


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
