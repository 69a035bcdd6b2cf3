"""What a sentence can be told by its form: that it leans on what stands before it."""

import re

_POINTS_AT_SENTENCE_RE = re.compile(r"(?:This|These|Those|Such)\b")
_POINTS_AT_SOMEBODY_RE = re.compile(
    r"(?:He|She|They|His|Her|Their|Both|The (?:former|latter))\b(?! (?:Majesty|Excellency|Highness))"
)


def points_at_sentence(text: str) -> bool:
    """Whether a sentence opens with what the one directly before it has said ("This would break ...")."""
    return bool(_POINTS_AT_SENTENCE_RE.match(text))


def points_at_somebody(text: str) -> bool:
    """Whether a sentence opens with somebody whom one before it has named ("He added ...")."""
    return bool(_POINTS_AT_SOMEBODY_RE.match(text))
