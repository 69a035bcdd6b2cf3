"""How dates, sizes, subjects and footnotes are written."""

from cables import parse_telegram
from web.render.formatting import day_words, size, topic


def test_a_subject_takes_the_case_of_the_cables_own_words() -> None:
    text = "SUBJECT: MOSCOW'S GAS WAR\n\n1. (C) A gas quarrel in Moscow. The gas war cost Moscow dear."
    assert topic(parse_telegram(text, id="09MOSCOW90001")) == "Moscow's gas war"


def test_days_and_sizes_are_written_for_readers() -> None:
    assert day_words(20080417) == "17 April 2008"
    assert (size(512), size(3_200_000)) == ("512 bytes", "3.2 MB")
