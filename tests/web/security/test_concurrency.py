"""Questions of one user at once."""

from contextlib import ExitStack

import pytest

from vectorstore.access import EVERYTHING
from web.errors import NotReady
from web.security.access import Principal
from web.security.accounts import UserRole
from web.security.concurrency import MAX_CONCURRENT_QUESTIONS, question_slot

CORA, SAM = (Principal(id, name, UserRole.READER, EVERYTHING) for id, name in (("1", "cora"), ("2", "sam")))


def test_a_user_has_so_many_places_and_others_have_their_own() -> None:
    with ExitStack() as held:
        for _ in range(MAX_CONCURRENT_QUESTIONS):
            held.enter_context(question_slot(CORA))
        with pytest.raises(NotReady, match="under way"):
            held.enter_context(question_slot(CORA))
        held.enter_context(question_slot(SAM))
    with question_slot(CORA):
        pass
