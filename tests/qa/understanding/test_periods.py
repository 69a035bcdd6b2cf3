from datetime import date

import pytest

from qa.understanding.periods import (
    LAST_DAY,
    find_periods,
    in_words,
    separate_periods,
    whole_period,
    without_periods,
)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on 17 April 2008", date(2008, 4, 17), date(2008, 4, 17)),
        ("in the first half of 2009", date(2009, 1, 1), date(2009, 6, 30)),
        ("on 2000-06-13", date(2000, 6, 13), date(2000, 6, 13)),
        ("in 2009-06", date(2009, 6, 1), date(2009, 6, 30)),
        ("since 2007", date(2007, 1, 1), LAST_DAY),
        ("from 2009", date(2009, 1, 1), date(2009, 12, 31)),
        ("between March 2008 and June 2009", date(2008, 3, 1), date(2009, 6, 30)),
        ("from March 25 to March 27, 2008", date(2008, 3, 25), date(2008, 3, 27)),
        ("between March and June 2009", date(2009, 3, 1), date(2009, 6, 30)),
        ("before May 2008", date(1966, 1, 1), date(2008, 4, 30)),
        ("until May 2008", date(1966, 1, 1), date(2008, 5, 31)),
    ],
)
def test_a_period_is_exact(text: str, first: date, last: date) -> None:
    assert whole_period(find_periods(text)) == (first, last)


def test_a_text_is_left_without_its_times() -> None:
    assert without_periods("the talks in Oslo in May 2009 on herring") == "the talks in Oslo on herring"


@pytest.mark.parametrize(
    ("text", "count"),
    [("in 2008 versus 2009", 2), ("in 2008 and in 2009", 2), ("between 2008 and 2009", 0), ("in 2008", 0)],
)
def test_times_set_against_each_other_are_no_range(text: str, count: int) -> None:
    assert len(separate_periods(text)) == count


def test_a_period_is_said_as_short_as_it_can_be() -> None:
    days = [(20080417, 20080417), (20090101, 20091231), (20080401, 20080430), (20070501, None)]
    assert [in_words(*span) for span in days] == [
        "on 17 April 2008",
        "in 2009",
        "in April 2008",
        "since 1 May 2007",
    ]
