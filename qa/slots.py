"""What can be read out of a question: names, posts, periods."""

from dataclasses import dataclass
from enum import StrEnum


class SlotKind(StrEnum):
    """What can be read out of a question."""

    PHRASE = "phrase"
    CABLE = "cable"
    NAME = "name"
    POST = "post"
    TAG = "tag"
    LEVEL = "level"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Slot:
    """Something that was read out of a question: words as printed, a TAGS code, a level's label."""

    kind: SlotKind
    value: str
    carried: bool = False
    """It comes from the conversation, not from the question."""
