"""How far an indexing run is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vectorstore.indexing.diff import CableDiff


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: bytes of the sources done and in all, paragraphs embedded so far."""

    done: int
    total: int
    embedded: int


class Meter:
    """Counts what a run has done and shows it with each step."""

    def __init__(self, show: Callable[[Progress], None]) -> None:
        self._show = show
        self._written = 0
        self.total = 0
        """Bytes of all sources."""
        self.read = 0
        """Bytes of the sources whose cables are not written yet."""
        self.embedded = 0
        """Paragraphs."""

    def add(self, paragraphs: int) -> None:
        """Count paragraphs of a repair, whose end is not known."""
        self.embedded += paragraphs
        self._show(Progress(self._written, self.total, self.embedded))

    def of_batch(self, changes: Sequence[CableDiff]) -> Callable[[int], None]:
        """What is called with each number of embedded passages of a batch."""
        keys = sum(len(change.embed) for change in changes)
        passages = sum(len(change.windows[key]) for change in changes for key in change.embed)
        before, done = self.embedded, 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            share = done / max(passages, 1)
            self.embedded = before + round(share * keys)
            self._show(Progress(self._written + round(share * self.read), self.total, self.embedded))

        return advance

    def written(self) -> None:
        """What was read is written."""
        self._written += self.read
        self.read = 0
        self.add(0)
