from datetime import date

import pytest

from qa.understanding.periods import LAST_DAY, find_periods, whole_period, without_periods


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on 17 April 2008", date(2008, 4, 17), date(2008, 4, 17)),
        ("in the first half of 2009", date(2009, 1, 1), date(2009, 6, 30)),
        ("since 2007", date(2007, 1, 1), LAST_DAY),
        ("from 2009", date(2009, 1, 1), date(2009, 12, 31)),
        ("between March 2008 and June 2009", date(2008, 3, 1), date(2009, 6, 30)),
        ("before May 2008", date(1966, 1, 1), date(2008, 4, 30)),
        ("until May 2008", date(1966, 1, 1), date(2008, 5, 31)),
    ],
)
def test_a_period_is_exact(text: str, first: date, last: date) -> None:
    assert whole_period(find_periods(text)) == (first, last)


def test_a_text_is_left_without_its_times() -> None:
    assert without_periods("the talks in Oslo in May 2009 on herring") == "the talks in Oslo on herring"
