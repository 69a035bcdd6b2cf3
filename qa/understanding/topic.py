"""The subject matter of a question: what is left without question words and scaffolding."""

import re

from cables.text import STOPWORDS
from qa.understanding.patterns import pattern


def topic_of(text: str) -> str:
    """The subject matter of a question; the whole question where nothing would be left."""
    rest = pattern("aside").sub(" ", text).strip(" ?!.,;:-")
    before = None
    while rest and rest != before:
        before = rest
        rest = pattern("opening", r"^\W*{}").sub("", rest).strip(" ?!.,;:-")
    return rest if content(rest) else text.strip(" ?!.")


def content(text: str) -> list[str]:
    """The words of a topic that say something, in order."""
    return [word for word in re.findall(r"[\w'’.-]*\w", text) if word.lower() not in STOPWORDS]
