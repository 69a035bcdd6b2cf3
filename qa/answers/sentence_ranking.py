"""Which sentences of the evidence say most, and how many of them fit."""

import math
from collections.abc import Callable, Iterable

from qa.generation.quotation import Chosen, readable
from qa.text.analysis import analyse
from vectorstore.retrieval.evidence import Evidence, ScoredSentence

MAX_WORDS = 360
"""Of an answer of several paragraphs, with leads and markers."""
MAX_BROAD_WORDS = 415
"""The same where sentences are many: leads are counted for more than they have, so that it stays below 400."""
MAX_OVERLAP = 0.7
"""Share of a sentence's words that may stand in one that was chosen before it."""
LEAD_WORDS = 8
"""About what a lead and the marker of a new paragraph take."""
MIN_CHANCE = 1e-4
MIN_SENTENCE_WORDS = 6
"""A shorter sentence hardly says anything alone."""


def length(chosen: Chosen) -> int:
    """Words of a sentence, with its lead and marker."""
    return len(chosen[1].piece.text.split()) + 2


def pairs_of(evidence: Iterable[Evidence]) -> list[Chosen]:
    """All readable sentences of scored evidence, the likeliest to answer first."""
    pairs = [(e, s) for e in evidence if e.scored for s in readable(e)]
    return sorted(pairs, key=lambda pair: -pair[1].chance)


def by_worth(
    evidence: Iterable[Evidence], *, weight: Callable[[Chosen], float] = lambda pair: 1.0
) -> list[Chosen]:
    """All readable sentences, those first that say most in the fewest words: for answers with many sentences.

    `weight` is multiplied with the odds that a sentence holds a fact.
    """
    worth = [
        (
            _worth(one, sentence, rank) * weight((one, sentence)) / (LEAD_WORDS + length((one, sentence))),
            one,
            sentence,
        )
        for rank, one in enumerate(evidence)
        if one.scored
        for sentence in readable(one)
    ]
    return [(one, sentence) for _, one, sentence in sorted(worth, key=lambda row: -row[0])]


def _worth(evidence: Evidence, sentence: ScoredSentence, rank: int) -> float:
    """The odds that a sentence holds a fact of a broad answer: a logistic regression (docs/retrieval.md)."""
    analysis = analyse(sentence.piece.text)
    words = len(sentence.piece.text.split())
    chance, best = max(sentence.chance, MIN_CHANCE), max(evidence.best_chance, MIN_CHANCE)
    return math.exp(
        0.67 * math.log(chance)
        - 0.39 * math.log(best)
        - 0.12 * evidence.support
        + 4.0 * evidence.cosine
        - 0.66 * math.log(1 + rank)
        + 0.09 * min(len(analysis.names), 5)
        + 0.16 * min(len(analysis.numbers), 3)
        - 0.36 * math.log(1 + sentence.place)
        + 0.14 * math.log(words)
        - (2.5 if words < MIN_SENTENCE_WORDS else 0.0)
    )


def choose(
    pairs: Iterable[Chosen],
    *,
    max_words: int = MAX_WORDS,
    max_paragraphs: int = 14,
    max_sentences: int = 4,
    max_of_cable: int = 99,
) -> list[Chosen]:
    """The first sentences that fit: at most so many of a paragraph and a cable, none that says again what another did."""
    chosen: list[Chosen] = []
    said: list[frozenset[str]] = []
    words = 0
    for evidence, sentence in pairs:
        lemmas = analyse(sentence.piece.text).lemmas
        keys = [e.key for e, _ in chosen]
        new_paragraph = evidence.key not in keys
        cost = length((evidence, sentence)) + (LEAD_WORDS if new_paragraph else 0)
        if (
            words + cost > max_words
            or (new_paragraph and len(set(keys)) >= max_paragraphs)
            or keys.count(evidence.key) >= max_sentences
            or sum(e.cable_id == evidence.cable_id for e, _ in chosen) >= max_of_cable
            or any(len(lemmas & other) > MAX_OVERLAP * len(lemmas) for other in said)
        ):
            continue
        chosen.append((evidence, sentence))
        said.append(lemmas)
        words += cost
    return chosen
