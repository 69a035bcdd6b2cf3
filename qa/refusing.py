"""Whether the evidence answers: a calibrated score, and names that the archive has never heard of.

Scores that are scaled per question are always high at the top, so they cannot tell; the cosine of question
and paragraph can (docs/retrieval.md).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.answer import Outcome
from cables.text import names
from vectorstore.retriever import Evidence


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Cosines below which the archive only has closest passages, and below which it refuses."""

    answer: float = 0.52
    closest: float = 0.46


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judge's decision, with names of the question that stand nowhere in the archive."""

    outcome: Outcome
    absent: tuple[str, ...] = ()


class Judge:
    """Decides by thresholds; `known` tells whether the archive holds a name's word."""

    def __init__(self, thresholds: Thresholds, known: Callable[[str], bool]) -> None:
        self.thresholds = thresholds
        self.known = known

    def verdict(self, question: str, evidence: Sequence[Evidence]) -> Verdict:
        """Whether the evidence answers the question."""
        absent = tuple(name for name in names(question) if not any(self.known(word) for word in name.split()))
        if not evidence:
            return Verdict(Outcome.REFUSED, absent)
        nearest = max(e.cosine for e in evidence)
        if nearest < self.thresholds.closest or (absent and nearest < self.thresholds.answer):
            return Verdict(Outcome.REFUSED, absent)
        return Verdict(Outcome.ANSWERED if nearest >= self.thresholds.answer and not absent else Outcome.CLOSEST, absent)
