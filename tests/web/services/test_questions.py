import pytest

from web.errors import InvalidCall
from web.services.questions import MAX_DRAFT_CHARS, MAX_WORDS_CHARS, checked_about, checked_draft


def test_a_text_to_check_is_bounded_and_not_empty() -> None:
    assert checked_draft("a" * MAX_DRAFT_CHARS)
    with pytest.raises(InvalidCall, match="20,000 characters"):
        checked_draft("a" * (MAX_DRAFT_CHARS + 1))
    with pytest.raises(InvalidCall, match="no text"):
        checked_draft(" \n")


def test_a_dossier_is_about_something_and_not_about_a_whole_text() -> None:
    assert len(checked_about("a" * 1000)) == MAX_WORDS_CHARS
    with pytest.raises(InvalidCall, match="Say what the dossier is about"):
        checked_about(" ")
