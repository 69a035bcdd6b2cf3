"""What a dossier is, and what stands on its page.

What is kept of a dossier is what it is about and what its owner has added, none of the archive's text: the page is
composed again for each reader, so that it shows what that reader may see now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cables import Marking, ids
from cables.marking import merge_markings
from cables.text import day_in_words
from qa.generation.quotation import Chosen
from qa.text.analysis import Analysis
from qa.understanding.topic import content
from vectorstore.retrieval.evidence import Evidence
from vectorstore.storage.catalog_rows import CableSummary

Analysed = tuple[Chosen, Analysis]
"""A sentence with what stands in it."""


@dataclass(frozen=True, slots=True)
class Pin:
    """What was added by hand: a paragraph by its key, a note, or a note on a paragraph."""

    key: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a dossier is about, `subject` or else the cables with these ids, and what its owner has added to it."""

    id: str
    title: str
    subject: str = ""
    cables: tuple[str, ...] = ()
    pins: tuple[Pin, ...] = ()

    def with_pin(self, pin: Pin) -> "Dossier":
        """With one more; a paragraph is pinned once, with the note that it got last."""
        others = tuple(own for own in self.pins if not pin.key or own.key != pin.key)
        return replace(self, pins=(*others, pin))

    def without_pin(self, place: int) -> "Dossier":
        """Without the pin at a place."""
        return replace(self, pins=(*self.pins[:place], *self.pins[place + 1 :]))


def dossier_about(text: str, id: str = "") -> Dossier:
    """A dossier about what somebody types: ids of cables, or a name or topic."""
    text = " ".join(text.split())
    found = list(ids.find(text))
    rest = text
    for mention in reversed(found):
        rest = rest[: mention.start] + rest[mention.end :]
    if found and not content(rest):
        cables = tuple(dict.fromkeys(mention.id for mention in found))
        return Dossier(id, ", ".join(cables[:3]) + ("…" if len(cables) > 3 else ""), cables=cables)
    return Dossier(id, text, subject=text)


def year_sent(cable_id: str, day: int | None) -> int:
    """The year of a cable, by its id where it has no date; 0 where neither says."""
    return day // 10000 if day else ids.year_of(cable_id) or 0


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody, a body or a place named beside the subject, in how many of the cables, and where first."""

    name: str
    cables: int
    first: Chosen


@dataclass(frozen=True, slots=True)
class Side:
    """A sentence that gives a figure, `printed` as it stands there."""

    chosen: Chosen
    printed: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Sentences of several cables in nearly the same words whose figures differ, in the order of time."""

    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class PinnedItem:
    """A pin with its paragraph; `place` is its place among the pins, also of those that may not be seen."""

    place: int
    note: str
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class DossierPage:
    """All that stands on the page of a dossier."""

    dossier: Dossier
    extent: str
    """How many cables, and what was counted, in a sentence."""
    total: int
    span: tuple[int, int] | None
    """Days of the first and the last of the cables that are shown."""
    counts: Mapping[str, Mapping[int, int]]
    """Cables by post and year, the posts with most cables first; year 0 for no date."""
    lines: Sequence[Chosen]
    """A sentence a cable, in the order of time."""
    people: Sequence[Named]
    """And bodies."""
    places: Sequence[Named]
    references: Mapping[str, Sequence[CableSummary]]
    """Id of a cable of the dossier -> the cables of the archive that it refers to."""
    differences: Sequence[Difference]
    pins: Sequence[PinnedItem]
    hidden: int
    """Pins whose paragraphs the reader may not see, or that are not there any more."""

    @property
    def period(self) -> str:
        """The first day and the last, as a sentence; empty where no cable has a date."""
        first, last = (day_in_words(day) for day in self.span or (None, None))
        return f" {first}." if first == last and first else f" {first} to {last}." if first else ""

    @property
    def years(self) -> list[int]:
        """The years with cables, in order."""
        return sorted({year for by_year in self.counts.values() for year in by_year})

    @property
    def banner(self) -> Marking | None:
        """The highest marking of what is quoted."""
        return merge_markings(evidence.marking for evidence in self.quoted)

    @property
    def quoted(self) -> list[Evidence]:
        """Every paragraph that is quoted, once, in the order of the page."""
        sides = [side.chosen[0] for one in self.differences for side in one.sides]
        pinned = [pin.evidence for pin in self.pins if pin.evidence]
        every = [*pinned, *(evidence for evidence, _ in self.lines), *sides]
        return list({evidence.key: evidence for evidence in every}.values())
