import pytest

from cables.repair import characters
from cables.repair.offset_map import OffsetMap


@pytest.mark.parametrize(
    "text", ["[Name removed] said", "R&D and AT&T paid 8.", "Smith, Sam and others", "A ship, steaming"]
)
def test_brackets_ampersands_and_commas_of_prose_stay(text: str) -> None:
    damaged = OffsetMap(text)
    assert characters.unlink_markdown(damaged) is damaged
    assert characters.restore_quotes(damaged) is damaged
    assert characters.restore_apostrophes(damaged) is damaged
