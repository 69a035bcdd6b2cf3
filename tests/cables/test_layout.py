"""Printed lines become reading text."""

import pytest

from cables.layout import reading_text


@pytest.mark.parametrize("space", ["\t", "  ", " \t "])
def test_white_space_inside_a_wrapped_sentence_is_one_space(space: str) -> None:
    lines = ["The minister told the Ambassador", f"that the{space}pier had sunk", "and was gone."]
    assert reading_text(lines) == "The minister told the Ambassador that the pier had sunk and was gone."


@pytest.mark.parametrize("reference", ["(Ref", "(REFTELS A and", "(see ref"])
def test_a_reference_that_the_margin_broke_is_no_item_of_a_list(reference: str) -> None:
    lines = [f"The ministry disputes the account of the April consultations {reference}", "B). It said so."]
    assert reading_text(lines) == f"{lines[0]} {lines[1]}"


def test_items_in_brackets_keep_their_lines() -> None:
    lines = ["The minister asked for (in this order)", "a) a pier,", "b) a road."]
    assert reading_text(lines) == "\n".join(lines)
