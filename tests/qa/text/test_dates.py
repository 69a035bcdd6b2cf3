import pytest

from qa.text.dates import Date, find_dates


def parts(text: str) -> list[tuple[int | None, int | None, int | None]]:
    return [(found.year, found.month, found.day) for found in find_dates(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("on April 14", [(None, 4, 14)]),
        ("on the twenty-second of June and May the third", [(None, 6, 22), (None, 5, 3)]),
        ("the 14th of April, 2008", [(2008, 4, 14)]),
        ("May 3-5, 2009", [(2009, 5, 3), (2009, 5, 5)]),
        ("in May", [(None, 5, None)]),
        ("It may rain. May he come?", []),
        ("spring of 2008 and 2/14", [(2008, None, None), (None, 2, 14)]),
        ("2008-04-17", [(2008, 4, 17)]),
        ("Feb. 2010", [(2010, 2, None)]),
        ("2009 dollars, 2009 percent, $2009", [(2009, None, None)]),
        ("the march on Rome in March", [(None, 3, None)]),
    ],
)
def test_dates_are_found_in_every_form(text: str, found: list[tuple[int | None, ...]]) -> None:
    assert parts(text) == found


def test_a_date_is_the_same_as_one_that_says_all_of_it() -> None:
    month, day = Date(None, 4, None, ""), Date(2008, 4, 17, "")
    assert month.same(day)
    assert not day.same(month, years={2008})
    assert Date(2008, 4, 17, "").same(Date(None, 4, 17, ""), years={2008})
    assert not Date(2008, 4, 17, "").same(Date(None, 4, 17, ""))
