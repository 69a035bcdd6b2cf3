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
