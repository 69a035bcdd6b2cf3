"""Printed lines become reading text."""

import pytest

from cables.layout import reading_text


@pytest.mark.parametrize("space", ["\t", "  ", " \t "])
def test_white_space_inside_a_wrapped_sentence_is_one_space(space: str) -> None:
    lines = ["The minister told the Ambassador", f"that the{space}pier had sunk", "and was gone."]
    assert reading_text(lines) == "The minister told the Ambassador that the pier had sunk and was gone."
