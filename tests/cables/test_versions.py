import pytest
from telegrams import telegram

from cables import parse_telegram
from cables.versions import is_better

FULL = telegram()


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (FULL, FULL.replace("The harbor minister", "XXXXXXXXXXXX")),
        (FULL, FULL[: FULL.index("2. (C)")]),
        (FULL.replace("SIPDIS", "SIPDIS\nCORRECTED COPY"), FULL),
        (FULL.replace("He meant it.", "He surely meant it."), FULL),
    ],
    ids=["masked", "cut", "corrected", "longer"],
)
def test_the_corrected_whole_or_less_masked_text_is_the_better_one(better: str, worse: str) -> None:
    assert is_better(parse_telegram(better), parse_telegram(worse))
    assert not is_better(parse_telegram(worse), parse_telegram(better))
