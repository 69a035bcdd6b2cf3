"""The answerer that needs no model: the sentences that answer, word for word.

The best sentences of the best paragraphs, as the retriever has scored them, are quoted in their order. Attribution
is true by construction.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from qa.answer import Answer, Outcome
from qa.generation.quotation import AnswerBuilder, Chosen, lead, readable
from qa.verification.answerability import AnswerabilityJudge
from vectorstore.retrieval.evidence import Evidence, ScoredSentence

MAX_PARAGRAPHS = 4
MAX_SENTENCES = 5
"""Quoted of one paragraph; one alone answers only half of the questions (docs/retrieval.md)."""
MAX_WORDS = 148
"""Of a whole answer: leads and markers count."""
MIN_ODDS = 0.053
"""Below it no further sentence is quoted: where the first ones are sure, the answer is short."""
MIN_ODDS_OF_BEST = 0.5
"""Share of the best sentence's odds below which a quoted one is shown as context."""
MIN_ODDS_OF_FURTHER = 0.08
"""Share of the best sentence's odds that the best of a further paragraph needs."""
CONTINUATION_WEIGHT = 1.0
"""Of the chance of the sentence before, added to a sentence's log odds: a reason often stands behind the claim."""


class ExtractiveAnswerer:
    """Answers in verbatim sentences; the judge decides whether the evidence answers at all."""

    def __init__(self, judge: AnswerabilityJudge) -> None:
        self.judge = judge

    def answer(self, question: str, draft: Answer) -> Answer:
        """The finished answer, or a refusal."""
        verdict = self.judge.verdict(question, draft.evidence)
        draft = replace(draft, absent=verdict.absent)
        if verdict.outcome is Outcome.REFUSED:
            return replace(draft, outcome=verdict.outcome, done=True)
        return self.quoted(draft, verdict.outcome)

    def quoted(self, draft: Answer, outcome: Outcome) -> Answer:
        """The sentences that most likely answer, those paler that only stand around them."""
        chosen = self.choose(draft.evidence)
        builder = AnswerBuilder()
        builder.quote(chosen)
        answer = builder.answer(draft, outcome)
        least = MIN_ODDS_OF_BEST * max((_odds(sentence) for _, sentence in chosen), default=0.0)
        around = [_odds(sentence) < least for _, sentence in chosen]
        marked = (replace(s, around=paler) for s, paler in zip(answer.sentences, around, strict=True))
        return replace(answer, sentences=tuple(marked))

    def choose(self, evidence: Sequence[Evidence]) -> list[Chosen]:
        """The sentences to quote: paragraphs by their best sentence, sentences in their order."""
        ranked = sorted((one for e in evidence if e.scored for one in _with_odds(e)), key=lambda one: -one[2])
        chosen: list[Chosen] = []
        words = 0
        for candidate, sentence, odds in ranked:
            keys = [e.key for e, _ in chosen]
            length = len(sentence.piece.text.split()) + 1  # an elision, or a marker
            if candidate.key in keys:
                fits = keys.count(candidate.key) < MAX_SENTENCES
            else:
                fits = len(set(keys)) < MAX_PARAGRAPHS and odds >= MIN_ODDS_OF_FURTHER * ranked[0][2]
                length += len(lead(candidate).split())
            if not chosen or (fits and odds >= MIN_ODDS and words + length <= MAX_WORDS):
                chosen.append((candidate, sentence))
                words += length
        order = {e.key: n for n, (e, _) in reversed(list(enumerate(chosen)))}
        return sorted(chosen, key=lambda pair: (order[pair[0].key], pair[1].place))


def _with_odds(evidence: Evidence) -> list[tuple[Evidence, ScoredSentence, float]]:
    """The paragraph's sentences with the odds that each answers, or goes on from one that does."""
    sentences = readable(evidence)
    before = [0.0, *(sentence.chance for sentence in sentences)]
    return [
        (evidence, sentence, _odds(sentence) * math.exp(CONTINUATION_WEIGHT * chance))
        for sentence, chance in zip(sentences, before, strict=False)
    ]


def _odds(sentence: ScoredSentence) -> float:
    return sentence.chance / (1 - min(sentence.chance, 0.999))
