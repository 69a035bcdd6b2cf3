"""Questions as readers and programs may ask them: bounded before any expression runs over them."""

from collections.abc import Iterable

from qa.answer import Kind, Turn
from web.errors import InvalidCall

MAX_QUESTION_CHARS = 4_000
"""About a page: a paragraph may be pasted into a question, a cable may not."""
MAX_DRAFT_CHARS = 20_000
"""Of an article that is checked: about 3,000 words; a longer one is checked by chapters."""
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


def checked_turns(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """What was said before a question, as far back as it is looked at."""
    return tuple(turns)[-MAX_TURNS:]


def checked_draft(text: str) -> str:
    """An article to be checked. Raises InvalidCall where there is none, or too much."""
    if not text.strip():
        raise InvalidCall("There is no text to check.")
    if len(text) > MAX_DRAFT_CHARS:
        raise InvalidCall(
            f"At most {MAX_DRAFT_CHARS:,} characters are checked at once; this text has {len(text):,}."
        )
    return text


def checked_about(text: str) -> str:
    """What a dossier is to be about. Raises InvalidCall for nothing."""
    if not text.strip():
        raise InvalidCall("Say what the dossier is about: a name, a topic, or ids of cables.")
    return text[:MAX_WORDS_CHARS]


def checked_kind(name: str) -> Kind | None:
    """A kind of answer by its name; None for none. Raises InvalidCall."""
    if name and name not in list(Kind):
        raise InvalidCall(f"There is no kind {name[:MAX_ID_CHARS]}: the kinds are {', '.join(Kind)}.")
    return Kind(name) if name else None
