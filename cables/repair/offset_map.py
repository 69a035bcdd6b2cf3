"""A text that remembers where each of its characters stood in the original."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from re import Match, Pattern
from typing import NamedTuple

from cables.model import Span


class Edit(NamedTuple):
    """Put `text` in the place of the characters `start` to `end`."""

    start: int
    end: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Layer:
    """One round of edits as pieces, kept and replaced ones: new start, old start and old end of each."""

    new: list[int]
    old: list[int]
    end: list[int]

    def start_of(self, position: int) -> int:
        piece = bisect_right(self.new, position) - 1
        inside = self.old[piece] + position - self.new[piece]
        return min(inside, max(self.old[piece], self.end[piece] - 1))

    def end_of(self, position: int) -> int:
        piece = max(bisect_right(self.new, position - 1) - 1, 0)
        if piece + 1 < len(self.new) and self.new[piece + 1] == position:
            return self.end[piece]
        return min(self.old[piece] + position - self.new[piece], self.end[piece])


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """A text after any number of rounds of edits, with the way back to the characters it came from."""

    text: str
    layers: tuple[_Layer, ...] = ()

    def edit(self, edits: Iterable[Edit]) -> "OffsetMap":
        """Apply one round of edits: in rising order, none overlapping. No edits: the same object."""
        pieces: list[str] = []
        layer = _Layer([], [], [])
        done = length = 0
        for start, end, text in edits:
            for old_start, old_end, piece in ((done, start, self.text[done:start]), (start, end, text)):
                if piece:
                    layer.new.append(length)
                    layer.old.append(old_start)
                    layer.end.append(old_end)
                    pieces.append(piece)
                    length += len(piece)
            done = end
        if not done:
            return self
        layer.new.append(length)
        layer.old.append(done)
        layer.end.append(len(self.text))
        pieces.append(self.text[done:])
        return OffsetMap("".join(pieces), (*self.layers, layer))

    def replace(self, pattern: Pattern[str], text: str) -> "OffsetMap":
        """Replace every match of `pattern` by the same `text`."""
        return self.edit(Edit(match.start(), match.end(), text) for match in pattern.finditer(self.text))

    def span(self, start: int, end: int) -> Span:
        """The characters `start` to `end` of this text as characters of the original."""
        for layer in reversed(self.layers):
            start, end = layer.start_of(start), layer.end_of(end)
        return Span(start, max(start, end))


def edit_of(match: Match[str], text: str = "", group: int = 0) -> Edit:
    """The edit that puts `text` in the place of one group of a match."""
    return Edit(match.start(group), match.end(group), text)
