"""The answerer that needs no model: the sentences that answer, word for word.

Sentences of the best paragraphs are compared with the question in meaning (under their cable's subject) and
in words; the best are quoted in their order. Attribution is true by construction.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cables import Role
from qa.answer import Answer, Citation, Outcome, Sentence
from qa.banner import banner
from qa.refusing import Judge
from qa.text import Piece, content_words, sentences
from vectorstore.embeddings import Embedder
from vectorstore.passages import sentence_case
from vectorstore.retriever import Evidence

PARAGRAPHS = 3
SENTENCES = 3
"""Quoted of one paragraph, at most; one alone answers only half of the questions (docs/retrieval.md)."""
WORDS = 100
"""Of an answer: room for a lead and two or three sentences of one to three paragraphs."""
NEAR = 0.8
"""Share of the best paragraph's score that a further one needs."""

LEADS = {
    Role.BODY: "{post} reported{date}:",
    Role.SUMMARY: "{post} summed up{date}:",
    Role.COMMENT: "{post} commented{date}:",
    Role.ACTION: "{post} asked for action{date}:",
    Role.QUOTED: "A text quoted by {post}{date} says:",
}


@dataclass(frozen=True, slots=True)
class _Scored:
    """A sentence of a paragraph with how well it answers."""

    evidence: Evidence
    piece: Piece
    place: int
    score: float


class Quoting:
    """Answers in verbatim sentences; the judge decides whether the evidence answers at all."""

    def __init__(self, embedder: Embedder, judge: Judge) -> None:
        self.embedder = embedder
        self.judge = judge

    def answer(self, question: str, draft: Answer) -> Iterator[Answer]:
        """The finished answer; quoting has nothing to wait for."""
        verdict = self.judge.verdict(question, draft.evidence)
        draft = replace(draft, outcome=verdict.outcome, absent=verdict.absent, done=True)
        if verdict.outcome is Outcome.REFUSED:
            yield draft
            return
        chosen = self.choose(question, draft.evidence)
        quoted = [_sentence(scored, n, chosen) for n, scored in enumerate(chosen)]
        yield with_citations(draft, chosen, quoted)

    def choose(self, question: str, evidence: Sequence[Evidence]) -> list["_Scored"]:
        """The sentences to quote: paragraphs by their best sentence, sentences in their order."""
        best = [e for e in evidence[:PARAGRAPHS] if e.score >= NEAR * evidence[0].score]
        scored = self.score(question, best)
        chosen: list[_Scored] = []
        words = 0
        for candidate in sorted(scored, key=lambda s: -s.score):
            length = len(candidate.piece.text.split())
            taken = sum(s.evidence.key == candidate.evidence.key for s in chosen)
            if taken < SENTENCES and (not chosen or words + length <= WORDS):
                chosen.append(candidate)
                words += length
        order = {s.evidence.key: n for n, s in reversed(list(enumerate(chosen)))}
        return sorted(chosen, key=lambda s: (order[s.evidence.key], s.place))

    def score(self, question: str, evidence: Sequence[Evidence]) -> list[_Scored]:
        """Every sentence of the paragraphs with its score, highest for those that answer."""
        pieces = [(e, n, piece) for e in evidence for n, piece in enumerate(sentences(e.text))]
        if not pieces:
            return []
        texts = [f"{sentence_case(e.found.subject or '')}: {piece.text}" for e, _, piece in pieces]
        vectors = self.embedder.encode([question, *texts])
        meaning = vectors[1:] @ vectors[0]
        words = _overlap(question, [piece.text for _, _, piece in pieces])
        top = max(e.score for e in evidence) or 1.0
        return [
            _Scored(e, piece, n, float(meaning[i] + 0.3 * words[i] + 0.2 * e.score / top))
            for i, (e, n, piece) in enumerate(pieces)
        ]


def _overlap(question: str, texts: Sequence[str]) -> list[float]:
    """The share of the question's words that each text holds; words common among the texts count less."""
    asked = {_stem(word) for word in content_words(question)}
    held = [{_stem(word) for word in content_words(text)} for text in texts]
    counts = Counter(word for words in held for word in words & asked)
    weights = {word: math.log(1 + len(texts) / (1 + counts[word])) for word in asked}
    total = sum(weights.values()) or 1.0
    return [sum(weights[word] for word in words & asked) / total for words in held]


def _stem(word: str) -> str:
    """A word without its commonest endings: enough to let "refused" meet "refuse"."""
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _sentence(scored: _Scored, n: int, chosen: Sequence[_Scored]) -> Sentence:
    before = chosen[n - 1] if n and chosen[n - 1].evidence.key == scored.evidence.key else None
    return Sentence(
        " ".join(scored.piece.text.split()),
        citations=(),
        verified=True,
        lead="" if before else lead(scored.evidence),
        elided=before is not None and scored.place > before.place + 1,
    )


def lead(evidence: Evidence) -> str:
    """Who speaks, where and when, in plain words: `Embassy Beijing commented on 17 April 2008:`."""
    day = evidence.found.day
    date = f" on {day % 100} {_MONTHS[day // 100 % 100 - 1]} {day // 10000}" if day else ""
    return LEADS[evidence.role].format(post=evidence.found.post or f"Cable {evidence.cable_id}", date=date)


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def with_citations(draft: Answer, chosen: Sequence[_Scored], quoted: Sequence[Sentence]) -> Answer:
    """The draft with quoted sentences, each citing the paragraph that it stands in."""
    numbers: dict[str, int] = {}
    for scored in chosen:
        numbers.setdefault(scored.evidence.key, len(numbers) + 1)
    cited = {scored.evidence.key: scored.evidence for scored in chosen}
    citations = tuple(
        Citation(n, cited[key], tuple(s.piece.text for s in chosen if s.evidence.key == key), verified=True)
        for key, n in numbers.items()
    )
    sentences = tuple(
        replace(sentence, citations=(numbers[scored.evidence.key],))
        for sentence, scored in zip(quoted, chosen, strict=True)
    )
    return replace(draft, sentences=sentences, citations=citations, banner=banner(citations))
