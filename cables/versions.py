"""Two texts under one id - redacted and full, first and corrected - and which of them to show."""

import re

from cables.model import Cable

_MASK_RE = re.compile(r"[Xx]{4,}|\[(?:Name|Source|Text) (?:removed|redacted)\]", re.IGNORECASE)
_MIN_LONGER = 1.25
"""A text so many times as long as another is the whole of it, whatever is masked in it."""


def is_better(one: Cable, other: Cable) -> bool:
    """Whether the first text is to be shown: the corrected one, else the much longer, the less masked, the longer."""
    if one.corrected != other.corrected:
        return one.corrected
    length, other_length = _length(one), _length(other)
    if max(length, other_length) > _MIN_LONGER * min(length, other_length):
        return length > other_length
    masks, other_masks = len(_MASK_RE.findall(one.original)), len(_MASK_RE.findall(other.original))
    return (other_masks, length) > (masks, other_length)


def _length(cable: Cable) -> int:
    return sum(len(paragraph.text) for paragraph in cable.paragraphs)
