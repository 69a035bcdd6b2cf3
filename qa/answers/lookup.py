"""Paragraphs that are looked up by their cable, and the sentence that stands for a paragraph."""

from collections.abc import Sequence

from cables import Role
from qa.generation.quotation import Chosen, readable
from vectorstore.query import Filters, TextQuery
from vectorstore.retrieval.evidence import Evidence, ScoredSentence
from vectorstore.storage.catalog_rows import ParagraphHit
from vectorstore.storage.catalog_view import CatalogView

MAX_COSINE_LOSS = 0.12
"""From the cosine of the nearest cable, within which another is about the same."""


def as_evidence(hit: ParagraphHit) -> Evidence:
    """A paragraph that was looked up, not retrieved."""
    return Evidence(hit, 1.0, 0.0, {})


def paragraphs_of(view: CatalogView, cable_id: str) -> list[Evidence]:
    """A cable's paragraphs, in order."""
    rows = view.rows_of_cable(cable_id)
    found = view.find(rows, Filters())
    return [as_evidence(found[row]) for row in rows if row in found]


def paragraph_for(view: CatalogView, cable_id: str, text: TextQuery | None = None) -> Evidence | None:
    """What stands for a cable in a list: a paragraph with the words, its summary, or its first."""
    if text:
        hits, _, _ = view.text_hits(Filters(cables=(cable_id,), text=text), limit=1)
        if hits:
            return as_evidence(hits[0].hit)
    paragraphs = paragraphs_of(view, cable_id)
    return next((e for e in paragraphs if e.role is Role.SUMMARY), None) or next(iter(paragraphs), None)


def first_sentence(evidence: Evidence) -> ScoredSentence:
    """What a paragraph begins with."""
    return (readable(evidence) or list(evidence.sentences))[0]


def told_in(evidence: Evidence, phrases: Sequence[str]) -> Chosen:
    """A paragraph's first sentence that holds one of the phrases, else its first."""
    held = (s for s in readable(evidence) if any(p.lower() in s.piece.text.lower() for p in phrases))
    return evidence, next(held, None) or first_sentence(evidence)


def nearest_cables(found: Sequence[Evidence], max_loss: float = MAX_COSINE_LOSS) -> list[Evidence]:
    """Of each cable that is nearly as near in meaning as the nearest its first paragraph among those found."""
    cables: dict[str, list[Evidence]] = {}
    for evidence in found:
        cables.setdefault(evidence.cable_id, []).append(evidence)
    nearness = {cable: max(e.cosine for e in own) for cable, own in cables.items()}
    nearest = max(nearness.values(), default=0.0)
    return [own[0] for cable, own in cables.items() if nearness[cable] >= nearest - max_loss]
