"""A conversation as the chat keeps it: exchanges in order, each a question with its answer."""

import secrets
from dataclasses import dataclass, field, replace

from qa.answer import Answer, Kind, Slot, Turn
from qa.export.citation_style import CitationStyle
from vectorstore.query import Filters


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question with the filters it was asked under, and its answer as far as it is written."""

    question: str
    answer: Answer | None = None
    filters: Filters = field(default_factory=Filters)
    problem: str = ""
    """Why there is no answer, in words for the reader."""
    stopped: bool = False
    kind: Kind | None = None
    """The kind of answer that the reader asked for, instead of the one read from the question."""
    dropped: tuple[Slot, ...] = ()
    """What the reader said was not meant."""
    model: str = ""
    """The choice of a chat model that it was asked with (web/services/model_choice.py)."""


def new_id() -> str:
    """An id for a conversation."""
    return secrets.token_hex(4)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Exchanges in order; `id` makes the DOM ids of its messages unique."""

    id: str = field(default_factory=new_id)
    title: str = ""
    exchanges: tuple[Exchange, ...] = ()
    revision: str = ""
    """Which of its states was last read from the store or written there."""
    style: CitationStyle = CitationStyle.CHICAGO
    """In which its citations are written where it is saved as a file."""

    @property
    def unfinished(self) -> bool:
        """Whether an answer is being written."""
        if not self.exchanges or self.exchanges[-1].problem:
            return False
        answer = self.exchanges[-1].answer
        return answer is None or not answer.done

    def asking(self, exchange: Exchange) -> "Conversation":
        """With a further question."""
        title = self.title if self.exchanges else exchange.question
        return replace(self, title=title, exchanges=(*self.exchanges, exchange))

    def with_last(self, exchange: Exchange) -> "Conversation":
        """With another last exchange."""
        return replace(self, exchanges=(*self.exchanges[:-1], exchange))

    def until(self, place: int) -> "Conversation":
        """To go on from before the exchange at `place`.

        Where more than that exchange would go, it is a conversation of its own, so that the other one stays.
        """
        last = place >= len(self.exchanges) - 1
        return replace(self, id=self.id if last else new_id(), exchanges=self.exchanges[:place])

    def history(self) -> tuple[Turn, ...]:
        """The exchanges as the chain reads them, each answer with the keys of what it cites."""
        turns: list[Turn] = []
        for exchange in self.exchanges:
            if exchange.answer is not None and exchange.answer.done:
                cited = tuple(citation.evidence.key for citation in exchange.answer.citations)
                turns.append(Turn("user", exchange.question))
                turns.append(Turn("assistant", exchange.answer.text, cited))
        return tuple(turns)
