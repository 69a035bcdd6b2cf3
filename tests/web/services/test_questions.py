import pytest

from web.errors import InvalidCall
from web.services.questions import MAX_DRAFT_CHARS, checked_draft


def test_a_text_to_check_is_bounded_and_not_empty() -> None:
    assert checked_draft("a" * MAX_DRAFT_CHARS)
    with pytest.raises(InvalidCall, match="20,000 characters"):
        checked_draft("a" * (MAX_DRAFT_CHARS + 1))
    with pytest.raises(InvalidCall, match="no text"):
        checked_draft(" \n")
