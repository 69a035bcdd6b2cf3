"""What later questions know of an answer."""

from render_examples import answer

from web.services.conversation import Conversation, Exchange


def test_the_chain_reads_earlier_answers_with_the_keys_that_they_cite() -> None:
    _, turn = Conversation("c1", exchanges=(Exchange("One?", answer()),)).history()
    assert (turn.content, turn.cited) == ("He asked for time. [1]", ("08ROME90001.3",))
