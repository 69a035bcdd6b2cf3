"""The sides of a comparison: a question each."""

import re

from cables import ids
from qa.text.analysis import analyse
from qa.understanding.periods import find_periods

_AND_RE = re.compile(
    r",? (?:and|versus|vs\.?|with that|with) (?:(?P<again>what|how|when|why|that of|those of|that)\b)?", re.I
)
_SCAFFOLDING_RE = re.compile(
    r"^\W*(?:please )?(?:compare|contrast|(?:what (?:is|are|was|were) )?(?:the )?differences? (?:between|in)"
    r"|comparison (?:of|between))\b:? ?|\beach (?=[a-z])",
    re.IGNORECASE,
)
_DANGLING_RE = re.compile(r"\s+(?:in|on|of|from|during)\W*$", re.IGNORECASE)
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


def _until_and(text: str) -> str:
    return re.split(r",? and\b", text)[0]


def _without(text: str, name: str) -> str:
    return " ".join(text.replace(name, " ", 1).split())
