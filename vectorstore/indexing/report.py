"""What an indexing run did."""

from collections import Counter
from dataclasses import dataclass, field

from cables.forms import Failure

MAX_PLACES_PER_NOTE = 200


@dataclass
class Report:
    """What a run did: cable ids by outcome, failures with their files, what the parser noted."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    withdrawn: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    forms: Counter[str] = field(default_factory=Counter)
    """How many files held cables in which form."""
    notes: Counter[str] = field(default_factory=Counter)
    noted_in: dict[str, list[str]] = field(default_factory=dict)
    """Where each thing was noted: cable, file and place in it, the first few hundred."""
    mended: list[str] = field(default_factory=list)
    """What had to be written again before anything was read, and why, in words."""
    paragraphs: int = 0
    embedded: int = 0
    seconds: float = 0.0

    @property
    def nothing(self) -> bool:
        """Whether the run met no cable at all, and no failure either."""
        return not (self.new or self.changed or self.unchanged or self.withdrawn or self.failed)

    def note(self, name: str, place: str) -> None:
        """Count what the parser noted, and keep where."""
        self.notes[name] += 1
        places = self.noted_in.setdefault(name, [])
        if len(places) < MAX_PLACES_PER_NOTE:
            places.append(place)

    def summary(self) -> dict[str, object]:
        """The report as the catalog keeps it."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
            "withdrawn": self.withdrawn,
            "mended": self.mended,
            "paragraphs": self.paragraphs,
            "embedded": self.embedded,
            "forms": dict(self.forms),
            "notes": dict(self.notes),
            "noted_in": self.noted_in,
            "failed": [
                {"path": printable(str(f.path)), "line": f.line, "reason": f.reason} for f in self.failed
            ],
        }


def printable(path: str) -> str:
    """A path whose bytes that are no UTF-8 are escaped, so that it can be stored and shown."""
    return path.encode("utf-8", "backslashreplace").decode()
