"""Which sentences of the evidence are quoted, together: paragraphs by their best sentence, as many as there is room for.

Odds that a sentence answers come from the retriever. A sentence that leans on the one before it ("This would ...")
brings it along. What each rule gives is in docs/retrieval.md.
"""

import math
from collections.abc import Sequence

from qa.answer import Answer
from qa.generation.quotation import AnswerBuilder, Chosen, in_reading_order, readable
from qa.text.sentence_forms import opening_ordinal, points_at_sentence, points_at_somebody
from vectorstore.retrieval.evidence import Evidence, ScoredSentence

MAX_WORDS = 150
"""Of a whole answer: leads and markers count."""
CONTINUATION_WEIGHT = 1.0
"""Of the chance of the sentence before, added to a sentence's log odds: a reason often stands behind the claim."""
NEXT_ITEM_SHARE = 0.9
"""Of the odds of a list's item, that the next one has at least."""
MAX_LEANING = 2
"""Sentences that one may bring along."""
MAX_PARAGRAPHS = 3
MAX_SENTENCES = 6
"""Quoted of one paragraph."""
MIN_ODDS = 0.05
"""Below them no further sentence is quoted: where the first ones are sure, the answer is short."""
MIN_ODDS_OF_FURTHER = 0.08
"""Share of the best sentence's odds that the best of a further paragraph needs."""


def select_sentences(evidence: Sequence[Evidence]) -> list[Chosen]:
    """The sentences to quote, in reading order; empty where no evidence has scored sentences."""
    return _Selection(evidence).run()


class _Selection:
    """Sentences chosen one after the other, the likeliest first, with what each leans on."""

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        self._evidence = {e.key: e for e in evidence if e.scored}
        self._sentences = {key: readable(e) for key, e in self._evidence.items()}
        self._chosen: list[Chosen] = []

    def run(self) -> list[Chosen]:
        """What is quoted, in reading order."""
        ranked = self._by_odds()
        for odds, key, n in ranked:
            if self._chosen and odds < MIN_ODDS:
                break
            group = self._with_antecedents(key, n)
            further = odds >= MIN_ODDS_OF_FURTHER * ranked[0][0]
            if group and self._has_place(key, len(group), further=further) and self._fits(group):
                self._chosen += group
        return in_reading_order(self._chosen)

    def _by_odds(self) -> list[tuple[float, str, int]]:
        """(odds, key, index among the paragraph's readable sentences), best first."""
        odds = {key: _odds(own) for key, own in self._sentences.items()}
        self._go_on_with_lists(odds)
        found = [(value, key, n) for key, own in odds.items() for n, value in enumerate(own)]
        return sorted(found, key=lambda one: -one[0])

    def _go_on_with_lists(self, odds: dict[str, list[float]]) -> None:
        """The next item of a list answers as well as the one before, also in the next paragraph."""
        items: dict[tuple[str, int], float] = {}
        for key in sorted(odds, key=lambda key: self._evidence[key].number or 0):
            cable = self._evidence[key].cable_id
            for n, sentence in enumerate(self._sentences[key]):
                if ordinal := opening_ordinal(sentence.piece.text):
                    before = items.get((cable, ordinal - 1), 0.0)
                    odds[key][n] = items[cable, ordinal] = max(odds[key][n], NEXT_ITEM_SHARE * before)

    def _with_antecedents(self, key: str, n: int) -> list[Chosen]:
        """A sentence with those before it on which it leans; nothing where it is quoted already."""
        sentences, evidence = self._sentences[key], self._evidence[key]
        places = {s.place for e, s in self._chosen if e.key == key}
        if sentences[n].place in places:
            return []
        group = [n]
        while group[-1] > 0 and len(group) <= MAX_LEANING and _leans(sentences[group[-1]], places):
            group.append(group[-1] - 1)
        return [(evidence, sentences[m]) for m in group]

    def _has_place(self, key: str, count: int, *, further: bool) -> bool:
        """Whether so many more sentences of a paragraph may be quoted, `further` where it is not quoted yet."""
        keys = [e.key for e, _ in self._chosen]
        if keys.count(key) + count > MAX_SENTENCES:
            return False
        return not keys or key in keys or (further and len(set(keys)) < MAX_PARAGRAPHS)

    def _fits(self, group: Sequence[Chosen]) -> bool:
        return not self._chosen or _words([*self._chosen, *group]) <= MAX_WORDS


def _odds(sentences: Sequence[ScoredSentence]) -> list[float]:
    """The odds that each answers, or goes on from one that does."""
    before = [0.0, *(sentence.chance for sentence in sentences)]
    return [
        sentence.chance / (1 - min(sentence.chance, 0.999)) * math.exp(CONTINUATION_WEIGHT * chance)
        for sentence, chance in zip(sentences, before, strict=False)
    ]


def _leans(sentence: ScoredSentence, quoted: set[int]) -> bool:
    """Whether a sentence needs one before it that is not quoted: `quoted` are places in its paragraph."""
    text = sentence.piece.text
    if sentence.place - 1 in quoted:
        return False
    return points_at_sentence(text) or (
        points_at_somebody(text) and not any(place < sentence.place for place in quoted)
    )


def _words(chosen: Sequence[Chosen]) -> int:
    builder = AnswerBuilder()
    builder.quote(in_reading_order(chosen))
    return len(Answer("", sentences=tuple(builder.sentences)).text.split())
