"""Whether the evidence answers: a calibrated score, and names that the archive has never heard of.

Scores that are scaled per question are always high at the top, so they cannot tell. What can is how near the
best paragraph compares with the question token by token, how likely its best sentence answers, and how near it is
in meaning (docs/retrieval.md).
"""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from cables.text import names
from qa.answer import Outcome
from vectorstore.archive import Archive
from vectorstore.indexing.writer import writing
from vectorstore.retrieval.evidence import Evidence
from vectorstore.storage.catalog_view import CatalogView

ODDS, NEARNESS = 2.0, 20.0
"""Weights of the best sentence's log odds and of the best cosine, beside the best comparison's logit."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Support below which the archive only has closest passages, and below which it refuses.

    The defaults hold for all-MiniLM-L6-v2 with the reranker. They were fitted to 1,199 questions about real cables, 569
    of them asked of an archive that lacks their cables (docs/retrieval.md, "When it refuses").
    """

    answer: float = 41.5
    closest: float = 35.1


WITHOUT_RERANKER = Thresholds(answer=10.4, closest=9.2)
"""On the cosine alone; set low, since another embedder's cosines are not known."""
BY_VECTOR = Thresholds(answer=8.6, closest=7.0)
"""For a question that has no tokens to compare, one in another language: on English questions read by the map of
`vectorstore.embedding.multilingual` they keep 97% of the answerable."""


def keep_thresholds(archive: Archive, thresholds: Thresholds, *, reranked: bool) -> None:
    """Keep thresholds with the archive, for the embedder that it was built with."""
    with writing(archive), archive.catalog.transaction():
        archive.catalog.remember(_name(archive, reranked), json.dumps(asdict(thresholds)))


def thresholds_of(archive: Archive, view: CatalogView, *, reranked: bool) -> Thresholds:
    """The archive's own thresholds where it was calibrated, else the defaults."""
    kept = view.meta(_name(archive, reranked))
    if kept:
        return Thresholds(**json.loads(kept))
    return Thresholds() if reranked else WITHOUT_RERANKER


def _name(archive: Archive, reranked: bool) -> str:
    return f"thresholds for {archive.spec}{' reranked' if reranked else ''}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judge's decision, with names of the question that stand nowhere in the archive."""

    outcome: Outcome
    absent: tuple[str, ...] = ()


class AnswerabilityJudge:
    """Decides by thresholds; `known` tells whether the archive holds a name's word.

    `reranked`: evidence is compared token by token, all but that of a question in another language.
    """

    def __init__(
        self, thresholds: Thresholds, known: Callable[[str], bool], *, reranked: bool = False
    ) -> None:
        self.thresholds = thresholds
        self.reranked = reranked
        self.known = known

    def verdict(self, question: str, evidence: Sequence[Evidence]) -> Verdict:
        """Whether the evidence answers the question; what is not to be quoted does not count."""
        evidence = [e for e in evidence if e.scored] or evidence
        if self.reranked and not any(e.support for e in evidence):
            return self._by_vector(evidence)
        absent = tuple(name for name in names(question) if not any(self.known(word) for word in name.split()))
        score = support(evidence)
        weak = score < self.thresholds.answer
        if score < self.thresholds.closest or (weak and absent):
            return Verdict(Outcome.REFUSED, absent)
        return Verdict(Outcome.CLOSEST if weak or absent else Outcome.ANSWERED, absent)

    def _by_vector(self, evidence: Sequence[Evidence]) -> Verdict:
        score = support(evidence)
        if score < BY_VECTOR.closest:
            return Verdict(Outcome.REFUSED)
        return Verdict(Outcome.CLOSEST if score < BY_VECTOR.answer else Outcome.ANSWERED)


def support(evidence: Sequence[Evidence]) -> float:
    """How well the evidence supports an answer: the best comparison, the best sentence and the nearest paragraph."""
    if not evidence:
        return -math.inf
    chance = max(e.best_chance for e in evidence)
    odds = math.log(max(chance, 1e-3) / (1 - min(chance, 0.999))) if chance else 0.0
    return max(e.support for e in evidence) + ODDS * odds + NEARNESS * max(e.cosine for e in evidence)
