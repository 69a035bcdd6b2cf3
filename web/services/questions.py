"""Questions as readers and programs may ask them: bounded before any expression runs over them."""

from collections.abc import Iterable

from qa.answer import Question, Turn
from vectorstore.query import Filters
from web.errors import InvalidCall

MAX_QUESTION_CHARS = 4_000
"""About a page: a paragraph may be pasted into a question, a cable may not."""
MAX_TURNS = 20
"""Earlier questions and answers that are looked at, the latest."""
MAX_ID_CHARS = 60
"""Of what is taken for a cable's id."""
MAX_WORDS_CHARS = 300
"""Of words that cables or conversations are searched by."""


def checked_text(text: str) -> str:
    """A question's words. Raises InvalidCall where there are too many."""
    text = text.strip()
    if len(text) > MAX_QUESTION_CHARS:
        raise InvalidCall(
            f"A question has at most {MAX_QUESTION_CHARS:,} characters; this one has {len(text):,}."
        )
    return text


def checked_question(
    text: str, turns: Iterable[Turn], filters: Filters | None = None, *, standalone: bool = False
) -> Question:
    """A question with what was said before it. Raises InvalidCall."""
    return Question(checked_text(text), tuple(turns)[-MAX_TURNS:], filters or Filters(), standalone)
