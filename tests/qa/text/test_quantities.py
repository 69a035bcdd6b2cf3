from decimal import Decimal

import pytest

from qa.text.quantities import numbers


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("30 million", "30,000,000"),
        ("thirty million dollars", "$30 million"),
        ("the fourth", "4th"),
        ("the twenty-second", "22nd"),
        ("16.6%", "16.6 percent"),
        ("two thirds", "2 thirds"),
        ("a dozen", "twelve"),
    ],
)
def test_one_number_has_many_forms(one: str, other: str) -> None:
    assert numbers(one)[0].same(numbers(other)[0])


def test_a_percentage_is_no_plain_number() -> None:
    assert not numbers("16 percent")[0].same(numbers("16")[0])


def test_both_numbers_of_a_range_have_the_scale_that_only_the_second_names() -> None:
    first, last = numbers("1.2 to 1.5 billion dollars in lost sales")
    assert (first.value, first.unit) == (Decimal("1.2e9"), last.unit)
    assert [int(number.value) for number in numbers("from 2004 to 2006, 3 million people")] == [
        2004,
        2006,
        3_000_000,
    ]
