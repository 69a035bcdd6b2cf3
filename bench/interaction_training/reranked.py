"""A question's candidates in the reranker's order, and what its sentence network sees of them.

Must say the same as `vectorstore.reranker`, which works from an archive's stored tokens.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from cables.text import Piece
from vectorstore.evidence import Evidence
from vectorstore.features import Lexicon, Sentences, features
from vectorstore.interaction import Compared
from vectorstore.lexical import Words
from vectorstore.reranker import WEIGHT
from vectorstore.word_vectors import WordVectors

Scored = tuple[Evidence, Sequence[Piece], np.ndarray]
"""A candidate, its sentences, and the comparison's logit for each."""


def lexicon(words: Words, embedder: Path) -> Lexicon:
    """What is known of words, from an archive's index of paragraphs and the folder of its embedder."""
    return Lexicon(lru_cache(None)(words.stems), lru_cache(None)(words.rarity), WordVectors(embedder))


def ordered(
    candidates: Sequence[Evidence],
    pieces: Sequence[Sequence[Piece]],
    compared: Sequence[Compared],
    logits: Sequence[float],
) -> list[Scored]:
    """Candidates with the comparison's logits added to their scores, best first."""
    top = max(logits)
    scored = [
        (replace(e, score=e.score + WEIGHT * (logit - top)), own, c.sentences)
        for e, own, c, logit in zip(candidates, pieces, compared, logits, strict=True)
    ]
    return sorted(scored, key=lambda entry: (-entry[0].score, entry[0].key))


def owners(scored: Sequence[Scored]) -> np.ndarray:
    """For each sentence of the candidates the number of its candidate."""
    return np.repeat(np.arange(len(scored)), [len(own) for _, own, _ in scored])


def columns(question: str, scored: Sequence[Scored], known: Lexicon) -> dict[str, np.ndarray]:
    """What the network sees of the candidates' sentences, of which there is at least one."""
    texts = [piece.text for _, own, _ in scored for piece in own]
    logits = np.concatenate([own_logits for _, _, own_logits in scored])
    return features(question, [e for e, _, _ in scored], Sentences(texts, owners(scored)), logits, known)
