"""Which questions lean on the conversation, and what those that ask again change in the question before."""

import re

from cables.text import content_words, names
from qa.text.analysis import analyse
from qa.understanding.patterns import pattern
from qa.understanding.periods import find_periods, without_periods
from qa.understanding.references import people_in

_ONLY_ORDER_RE = r"^\W*(?:(?:and|but|or|what about|how about) )?(?:the )?(?P<order>{})(?: one)?\W*$"
MAX_WORDS_FOR_MORE = 8
MAX_DEPENDENT_WORDS = 4
MAX_HOLLOW_WORDS = 4


def asks_for_more(text: str) -> bool:
    """Whether a follow-up goes on in what was cited."""
    return len(text.split()) <= MAX_WORDS_FOR_MORE and pattern("more").search(text) is not None


def leans(text: str, said: str) -> bool:
    """Whether a question needs the turns before it: it points back, opens like one, or names nothing.

    `said`: the last question and its answer.
    """
    if asks_for_more(text) or is_hollow(text):
        return True
    if any(
        pattern(name).search(text)
        for name in ("leans_opening", "correcting", "shorter", "among_them", "them_listed")
    ):
        return True
    countries = {name.printed for name in analyse(text).names if name.is_country}
    own = set(names(text))
    new = {name for name in own if name not in said}
    is_short = len(content_words(text)) <= MAX_DEPENDENT_WORDS
    if pattern("pointing").search(text):
        return not new - countries or is_short or _points_first(text, new - countries)
    return not new and (not own or is_short)


def is_hollow(text: str) -> bool:
    """Whether a question says nothing beside names and "what did ... say"."""
    words = content_words(text)
    named = {part.lower() for name in analyse(text).names for part in name.printed.split()}
    rest = [word for word in words if word not in named]
    return len(words) <= MAX_HOLLOW_WORDS and all(pattern("hollow").search(word) for word in rest)


def _points_first(text: str, new: set[str]) -> bool:
    """Whether no new name stands before the pronoun that it could mean."""
    pointing = pattern("pointing").search(text)
    people = {name.printed for name in people_in(text)}
    return pointing is not None and all(
        pointing.start() < text.find(name) or name not in people for name in new
    )


def changed(before: str, own: str) -> str:
    """The question before as a follow-up asks it again: listed, in part, of another time; empty where it does not."""
    plain = before.rstrip(" ?.")
    if pattern("them_listed").search(own):
        return re.sub(r"\bhow many\b", "Which", before, flags=re.IGNORECASE)
    if pattern("among_them").search(own) and _counts(before):
        part = pattern("among_them").sub("", own)
        return f"{plain} {'classified ' if part.strip(' ?').isupper() else ''}{part}"
    if find_periods(own) and not content_words(without_periods(own)):  # "and in 2007?"
        return f"{without_periods(before).rstrip(' ?.')} {pattern('leading').sub('', own)}"
    order = pattern("order", _ONLY_ORDER_RE).search(own)
    if order and pattern("order").search(before):
        return pattern("order").sub(order["order"], before)
    return ""


def _counts(text: str) -> bool:
    return bool(pattern("count").search(text) or pattern("cables_asked").search(text))
