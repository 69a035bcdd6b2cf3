import pytest

from cables.repair import pilcrow_numbers
from cables.repair.offset_map import OffsetMap


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"{number}. (C) Words.\n" for number in range(1, 16)),  # a true cable of fifteen paragraphs
        "This record is a partial extract of the original cable.\n17. (C) a\n18. (C) b\n19. (C) c\n",
        "".join(f"{number}. (C) Words.\n" for number in range(11, 25)),  # 19 is followed by 20, not by 110
        "¶11. (C) a\n¶12. (C) b\n",  # the pilcrows are there
        "1. (C) a\n2. (C) b\nin\n12. March was cold\n",
    ],
)
def test_true_numbers_are_not_stripped(text: str) -> None:
    damaged = OffsetMap(text)
    assert pilcrow_numbers.restore_numbers(damaged) is damaged
