"""Two questions in one: split where the second could be asked on its own."""

import re

from qa.text.analysis import analyse
from qa.understanding.patterns import pattern
from qa.understanding.references import people_in, with_person
from qa.understanding.topic import content

_SPLIT_RE = re.compile(
    r"(?:(?<!\?)\?++\s++(?:and |also,? )?|[,;]? and (?:also )?)"
    r"(?=(?:who|whom|what|when|where|why|how|which|did|does|was|were|is|are)\b)",
    re.IGNORECASE,
)
_POINTING_RE = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|this|that|these|those|there|then|so"
    r"|the (?:same|other|latter))\b",
    re.IGNORECASE,
)
_HOW_MANY_RE = re.compile(r"^how many (?=mention|are|were|come|came|hold|contain)", re.IGNORECASE)
MIN_CONTENT_WORDS = 2


def decompose(text: str) -> tuple[str, ...]:
    """The questions in a text; nothing where it is one, or where the second leans on the first."""
    for split in _SPLIT_RE.finditer(text):
        first, second = text[: split.start()].strip(" ?"), text[split.end() :].strip(" ?")
        people = people_in(f"so {first}")
        second = with_person(second, people[0].printed) if people else second
        second = _HOW_MANY_RE.sub("how many cables ", second) if pattern("count").search(first) else second
        leans = _POINTING_RE.search(second) or _SPLIT_RE.search(second)
        if leans or not (_says_enough(first) and _says_enough(second)):
            continue
        if pattern("question").search(first):
            return f"{first}?", f"{_with_names(second, first)}?"
    return ()


def _says_enough(question: str) -> bool:
    return len(content(question)) >= MIN_CONTENT_WORDS or bool(analyse(f"so {question}").names)


def _with_names(second: str, first: str) -> str:
    """A question that names nobody is about whom or what the one before it names."""
    if analyse(f"so {second}").names:
        return second
    names = ", ".join(name.printed for name in analyse(f"so {first}").names)
    return f"{names}: {second}" if names else second
