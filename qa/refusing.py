"""Whether the evidence answers: a calibrated score, and names that the archive has never heard of.

Scores that are scaled per question are always high at the top, so they cannot tell. What can is how near the
nearest paragraph is to the question in meaning, together with the reranker's chance that some sentence
answers (docs/retrieval.md).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cables.text import names
from qa.answer import Outcome
from vectorstore.evidence import Evidence
from vectorstore.reranker import best_chance

CHANCE = 0.3
"""Weight of the best sentence's chance beside the best paragraph's cosine."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Support below which the archive only has closest passages, and below which it refuses.

    The defaults hold for all-MiniLM-L6-v2 with the reranker: on questions of real cables they keep 97% and
    label or refuse most of those that the archive does not answer.
    """

    answer: float = 0.735
    closest: float = 0.66


WITHOUT_RERANKER = Thresholds(answer=0.52, closest=0.46)
"""On the cosine alone; set low, since another embedder's cosines are not known."""


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
        score = support(evidence)
        if score < self.thresholds.closest:
            return Verdict(Outcome.REFUSED, absent)
        doubtful = absent or score < self.thresholds.answer
        return Verdict(Outcome.CLOSEST if doubtful else Outcome.ANSWERED, absent)


def support(evidence: Sequence[Evidence]) -> float:
    """How well the evidence supports an answer: 0 for none, about 1 for a sentence that says it."""
    if not evidence:
        return 0.0
    return max(e.cosine for e in evidence) + CHANCE * max(best_chance(e) for e in evidence)
