"""A question of the page, state by state, without a page."""

from typing import Any

from web.panes.asking import FULL, MAX_EXCHANGES, ask
from web.services.conversation import Conversation, Exchange


def test_a_conversation_ends_after_so_many_questions_and_says_so() -> None:
    """It is kept as a whole after each answer, so one without end would take ever longer."""
    service: Any = None  # it is not asked
    conversation = Conversation(exchanges=tuple(Exchange(f"{n}?") for n in range(MAX_EXCHANGES)))
    for _ in range(2):
        (conversation,) = ask(service, Exchange("One more?"), conversation, None)
        assert len(conversation.exchanges) == MAX_EXCHANGES + 1
        assert conversation.exchanges[-1].problem == FULL
