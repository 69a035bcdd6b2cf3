"""How dates, sizes, subjects and footnotes are written."""

from web.render.formatting import day_words, size


def test_days_and_sizes_are_written_for_readers() -> None:
    assert day_words(20080417) == "17 April 2008"
    assert (size(512), size(3_200_000)) == ("512 bytes", "3.2 MB")
