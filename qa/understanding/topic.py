"""The subject matter of a question: what is left without question words and scaffolding."""

import re

from cables.text import STOPWORDS, names
from qa.understanding.patterns import pattern
from qa.understanding.periods import without_periods
from vectorstore.query import Filters

MAX_READ_CHARS = 1_000
"""Of a question, read for what it asks; it is searched as a whole."""


def topic_of(text: str) -> str:
    """The subject matter of a question; the whole question where nothing would be left."""
    rest = pattern("aside").sub(" ", text).strip(" ?!.,;:-")
    before = None
    while rest and rest != before:
        before = rest
        rest = pattern("opening", r"^\W*{}").sub("", rest).strip(" ?!.,;:-")
    return rest if content(rest) else text.strip(" ?!.")


_LITTLE = STOPWORDS | {"'s", "’s"}


def content(text: str) -> list[str]:
    """The words of a topic that say something, in order."""
    words = (word.rstrip("'’.-") for word in re.findall(r"[\w'’.-]++", text))
    return [word for word in words if word and word.lower() not in _LITTLE]


def subject_of(text: str, exact: Filters, *, of_cables: bool = False) -> str:
    """What cables are to be about: a question without posts, times, levels and "how many cables mention".

    `of_cables`: cables are counted or listed, and what they mention is the subject.
    """
    text = without_periods(text[:MAX_READ_CHARS])
    for tag in exact.tags:
        text = re.sub(rf"\b{tag}\b.*$", "", text)
    for post in exact.posts:
        place = re.escape(post.partition(" ")[2])
        named = rf"\b(?:(?:embassy|consulate|mission) )?(?:in )?{place}(?:['’]s)?(?: embassy)?\b"
        text = re.sub(named, "", text, flags=re.IGNORECASE)
    for level in exact.classifications:
        text = re.sub(rf"\b(?:classified )?{re.escape(level.label)}\b", "", text, flags=re.IGNORECASE)
    mention = pattern("mentions").search(text)
    if of_cables and mention and content(_stripped(text[mention.end() :])):
        text = text[mention.end() :]
    return _stripped(text)


def _stripped(text: str) -> str:
    """The text without "how many cables", "is mentioned" and the like at either end."""
    around, words = pattern("about_cables").pattern, " ".join(text.split())
    before = None
    while words != before:
        before = words
        words = re.sub(rf"^\W*{around}|{around}\W*$", "", words, flags=re.IGNORECASE).strip(' ?!.,;:()"“”')
    return words


def words_of(subject: str) -> tuple[str, ...]:
    """What a text must hold to be about a subject: its names whole, its other words each."""
    named = names(f"so {subject}")
    rest = subject
    for name in named:
        rest = rest.replace(name, " ")
    return tuple(dict.fromkeys([*named, *content(rest)]))
