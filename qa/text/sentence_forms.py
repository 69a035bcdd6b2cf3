"""What a sentence can be told by its form: that it leans on what stands before it, or goes on with a list."""

import re

_POINTS_AT_SENTENCE_RE = re.compile(r"(?:This|These|Those|Such)\b")
_POINTS_AT_SOMEBODY_RE = re.compile(
    r"(?:(?:In|On|At|For|To|With|By) (?:his|her|their)|He|She|They|His|Her|Their|Both|The (?:former|latter))\b"
    r"(?! (?:Majesty|Excellency|Highness))"
)

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_OPENING_ORDINAL_RE = re.compile(rf"(?:\W*(?:and )?the )?({'|'.join(_ORDINALS)})(?:ly)?\b", re.IGNORECASE)


def points_at_sentence(text: str) -> bool:
    """Whether a sentence opens with what the one directly before it has said ("This would break ...")."""
    return bool(_POINTS_AT_SENTENCE_RE.match(text))


def points_at_somebody(text: str) -> bool:
    """Whether a sentence opens with somebody whom one before it has named ("He added ...")."""
    return bool(_POINTS_AT_SOMEBODY_RE.match(text))


def opening_ordinal(text: str) -> int:
    """The number of a list's item with which a sentence opens ("The second was ..."); 0 where it opens with none."""
    match = _OPENING_ORDINAL_RE.match(text)
    return _ORDINALS.index(match[1].lower()) + 1 if match else 0
