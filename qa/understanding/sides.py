"""The sides of a comparison: a question each."""

import re
from collections.abc import Sequence

from cables import ids
from cables.text import STOPWORDS
from qa.text.analysis import analyse
from qa.understanding.followups import is_hollow
from qa.understanding.periods import find_periods
from qa.understanding.references import replaced

_AND_RE = re.compile(
    r",? (?:and|versus|vs\.?|with that|with) (?:(?P<again>what|how|when|why|that of|those of|that)\b)?", re.I
)
_ECHO_RE = re.compile(r",? and (?=(?:what|how|why|when|where) (?:did|does|do|is|was|were)\b)", re.IGNORECASE)
_SCAFFOLDING_RE = re.compile(
    r"^\W*(?:please )?(?:compare|contrast|(?:what (?:is|are|was|were) )?(?:the )?differences? (?:between|in)"
    r"|comparison (?:of|between))\b:? ?|\beach (?=[a-z])",
    re.IGNORECASE,
)
_DANGLING_RE = re.compile(r"(?<!\s)\s++(?:in|on|of|from|during)\W*+$", re.IGNORECASE)
"""What is left of a time that went."""


def sides_of(text: str) -> tuple[str, ...]:
    """A question for each side: split at its times, else at its posts or people; the whole where nothing splits."""
    plain = _SCAFFOLDING_RE.sub("", text)
    if len(cables := list(dict.fromkeys(mention.id for mention in ids.find(plain)))) > 1:
        return tuple(cables)
    periods = find_periods(plain)
    if len(periods) == 2 and periods[0].end < periods[1].start:
        both = plain[: periods[0].start], plain[periods[0].start : periods[0].end]
        middle, second = plain[periods[0].end : periods[1].start], plain[periods[1].start : periods[1].end]
        rest = re.sub(_AND_RE, " ", middle)
        return (
            f"{both[0]}{both[1]}{_until_and(middle)}",
            _DANGLING_RE.sub("", f"{both[0]}{second} {rest}{plain[periods[1].end :]}"),
        )
    if echo := _ECHO_RE.search(plain):  # "what did London say about Iran and what did Paris say?"
        first, second = plain[: echo.start()], plain[echo.end() :]
        named = analyse(f"so {second}").names
        echoed = replaced(first, f"and {named[0].printed}") if named and is_hollow(second) else ""
        if echoed:
            return first, echoed
    people = [name for name in analyse(plain).names if name.parts]
    for split in re.finditer(r",? (?:and|versus|vs\.?|from|than)\b ", plain):
        left = [name for name in people if name.end <= split.start()]
        right = [name for name in people if name.start >= split.end()]
        if left and right and not left[-1].same(right[0]):
            one, other = left[-1], right[0]
            if (
                plain[one.end : split.start()] == "" and other.start == split.end()
            ):  # "what London and Paris said"
                return (
                    f"{plain[: one.end]}{plain[other.end :]}",
                    f"{plain[: one.start]}{plain[other.start :]}",
                )
            others = [other for other in people if other is not left[-1] and other is not right[0]]
            without = _without(plain, right[0].printed), _without(plain, left[-1].printed)
            return without if others or len(plain.split()) > 3 else (left[-1].printed, right[0].printed)
    return (plain,)


def titles_of(sides: Sequence[str]) -> list[str]:
    """What tells each side from the others, in its words; the whole side where that is all or nothing."""
    words = [side.strip(" ?.,").split() for side in sides]
    titles = []
    for own in words:
        others = {word.strip("?.,").lower() for other in words if other is not own for word in other}
        different = [word for word in own if word.strip("?.,").lower() not in others]
        while different and different[-1].lower() in STOPWORDS:
            different.pop()
        while different and different[0].lower() in STOPWORDS:
            different.pop(0)
        titles.append(re.sub(r"['’]s?$", "", " ".join(different).strip(" ,")) or " ".join(own))
    return titles


def _until_and(text: str) -> str:
    return re.split(r",? and\b", text)[0]


def _without(text: str, name: str) -> str:
    return " ".join(text.replace(name, " ", 1).split())
