"""The answerer that needs no model: the sentences that answer, word for word.

Sentences of the best paragraphs are compared with the question in meaning (under their cable's subject) and
in words; the best are quoted in their order. Attribution is true by construction.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cables import Role
from cables.text import sentences
from qa.answer import Answer, Citation, Outcome, Sentence
from qa.banner import banner
from qa.refusing import Judge
from vectorstore.embeddings import Embedder
from vectorstore.evidence import Evidence, ScoredSentence
from vectorstore.passages import sentence_case

PARAGRAPHS = 3
LOOKED_AT = 4
"""Paragraphs whose sentences are compared where no reranker has done so."""
SENTENCES = 5
"""Quoted of one paragraph, at most; one alone answers only half of the questions (docs/retrieval.md)."""
WORDS = 125
"""Of a whole answer: leads and markers count."""
LIKELY = 0.35
"""Share of the best sentence's chance that the best of a further paragraph needs."""

Chosen = tuple[Evidence, ScoredSentence]

LEADS = {
    Role.BODY: "{post} reported{date}:",
    Role.SUMMARY: "{post} summed up{date}:",
    Role.COMMENT: "{post} commented{date}:",
    Role.ACTION: "{post} asked for action{date}:",
    Role.QUOTED: "A text quoted by {post}{date} says:",
}


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
        else:
            yield with_citations(draft, self.choose(question, draft.evidence))

    def choose(self, question: str, evidence: Sequence[Evidence]) -> list[Chosen]:
        """The sentences to quote: paragraphs by their best sentence, sentences in their order."""
        looked = [e for e in evidence if e.sentences] or self._by_meaning(question, evidence[:LOOKED_AT])
        pairs = sorted(((e, s) for e in looked for s in e.sentences), key=lambda pair: -pair[1].chance)
        chosen: list[Chosen] = []
        words = 0
        for candidate, sentence in pairs:
            length = len(sentence.piece.text.split())
            keys = [e.key for e, _ in chosen]
            if candidate.key in keys:
                fits = keys.count(candidate.key) < SENTENCES
                length += 1  # an elision
            else:
                fits = len(set(keys)) < PARAGRAPHS and sentence.chance >= LIKELY * pairs[0][1].chance
                length += len(lead(candidate).split()) + 1  # and a marker
            if fits and (not chosen or words + length <= WORDS):
                chosen.append((candidate, sentence))
                words += length
        order = {e.key: n for n, (e, _) in reversed(list(enumerate(chosen)))}
        return sorted(chosen, key=lambda pair: (order[pair[0].key], pair[1].place))

    def _by_meaning(self, question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
        """The evidence with its sentences scored by nearness to the question, under their cable's subject."""
        pieces = [(n, place, piece) for n, e in enumerate(evidence) for place, piece in enumerate(sentences(e.text))]
        subjects = [sentence_case(e.found.subject or "") for e in evidence]
        vectors = self.embedder.encode([question, *(f"{subjects[n]}: {piece.text}" for n, _, piece in pieces)])
        near = vectors[1:] @ vectors[0]
        scored = [(n, ScoredSentence(piece, place, float(near[i]))) for i, (n, place, piece) in enumerate(pieces)]
        return [replace(e, sentences=tuple(s for own, s in scored if own == n)) for n, e in enumerate(evidence)]


def _sentence(chosen: Sequence[Chosen], n: int, citation: int) -> Sentence:
    evidence, sentence = chosen[n]
    before = chosen[n - 1][1] if n and chosen[n - 1][0].key == evidence.key else None
    return Sentence(
        " ".join(sentence.piece.text.split()),
        citations=(citation,),
        verified=True,
        lead="" if before else lead(evidence),
        elided=before is not None and sentence.place > before.place + 1,
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


def with_citations(draft: Answer, chosen: Sequence[Chosen]) -> Answer:
    """The draft with quoted sentences, each citing the paragraph that it stands in."""
    cited = {evidence.key: evidence for evidence, _ in chosen}
    numbers = {key: n for n, key in enumerate(cited, 1)}
    quotes = {key: tuple(s.piece.text for e, s in chosen if e.key == key) for key in cited}
    citations = tuple(Citation(numbers[key], cited[key], quotes[key], verified=True) for key in cited)
    quoted = tuple(_sentence(chosen, n, numbers[evidence.key]) for n, (evidence, _) in enumerate(chosen))
    return replace(draft, sentences=quoted, citations=citations, banner=banner(citations))
