"""What was read out of a question, slot by slot: for its reader to see, to change and to leave out."""

import re
from collections.abc import Iterable
from dataclasses import replace

from cables.glossary import tag_name
from qa.answer import Kind, Slot, SlotKind
from qa.understanding.periods import LAST_DAY, Period, find_periods, without_periods
from qa.understanding.request import Request
from vectorstore.query import QueryHints


def slots_of(request: Request) -> tuple[Slot, ...]:
    """What is searched for and within; a post or country that the question names is one slot, not two."""
    if request.kind is Kind.ABOUT:
        return ()
    hints = request.hints
    posts = " ".join(hints.posts)
    names = [name for name in request.names if name not in posts]
    plain = {name.lower() for name in names}
    tags = [code for code in hints.tags if (tag_name(code) or code).lower() not in plain]
    return (
        *(Slot(SlotKind.PHRASE, phrase) for phrase in request.phrases),
        *(Slot(SlotKind.CABLE, cable) for cable in request.cables),
        *(Slot(SlotKind.NAME, name) for name in names),
        *(Slot(SlotKind.POST, post) for post in hints.posts),
        *(Slot(SlotKind.TAG, code) for code in tags),
        *(Slot(SlotKind.LEVEL, level.label) for level in hints.levels),
        *_period(request.meaning),
    )


def _period(text: str) -> Iterable[Slot]:
    periods = find_periods(text)
    if periods:
        yield Slot(SlotKind.PERIOD, " to ".join(_printed(text, period) for period in periods))


def _printed(text: str, period: Period) -> str:
    opening = "before " if period.before else "since " if period.last == LAST_DAY else ""
    return opening + text[period.start : period.end]


def mark_carried(slots: Iterable[Slot], alone: Iterable[Slot], text: str) -> tuple[Slot, ...]:
    """The slots of a follow-up, those marked that it would not have `alone` and that its text does not name."""
    own, lower = set(alone), text.lower()
    return tuple(replace(slot, carried=slot not in own and slot.value.lower() not in lower) for slot in slots)


def without_words(text: str, dropped: Iterable[Slot]) -> str:
    """A text without the words of slots that are left out; of a post its words stay, they limit nothing any more."""
    for slot in dropped:
        if slot.kind is SlotKind.PERIOD:
            text = without_periods(text)
        elif slot.kind in (SlotKind.NAME, SlotKind.PHRASE, SlotKind.CABLE, SlotKind.TAG):
            text = re.sub(rf"\s*+[\"“]?\b{re.escape(slot.value)}\b[\"”]?(?:['’]s)?", "", text)
    return text


def without_hints(hints: QueryHints, dropped: Iterable[Slot]) -> QueryHints:
    """The hints without those that are left out."""
    gone = {(slot.kind, slot.value) for slot in dropped}
    return replace(
        hints,
        posts=tuple(post for post in hints.posts if (SlotKind.POST, post) not in gone),
        tags=tuple(code for code in hints.tags if (SlotKind.TAG, code) not in gone),
        levels=tuple(level for level in hints.levels if (SlotKind.LEVEL, level.label) not in gone),
    )


def changed(text: str, slot: Slot, new: str) -> str:
    """A question with other words in the place of a slot's; what it does not hold is added at its end."""
    periods = find_periods(text)
    if slot.kind is SlotKind.PERIOD and periods:
        return text[: periods[0].start] + new + text[periods[-1].end :]
    place = slot.value.partition(" ")[2] if slot.kind is SlotKind.POST else ""
    for old in filter(None, (slot.value, place, tag_name(slot.value) or "")):
        found = re.search(rf"\b{re.escape(old)}\b", text, re.IGNORECASE)
        if found:
            return text[: found.start()] + new + text[found.end() :]
    return f"{text.rstrip()} {new}"
