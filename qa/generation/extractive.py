"""The answerer that needs no model: the sentences that answer, word for word.

The best sentences of the best paragraphs, as the retriever has scored them, are quoted in their order. Attribution
is true by construction.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cables import Role
from cables.ids import year_of
from cables.text import day_in_words
from qa.answer import Answer, Citation, Outcome, ProofLevel, Sentence, banner
from qa.text.speaker_attribution import role_at, voiced
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
CONTINUATION = 1.0
"""Of the chance of the sentence before, added to a sentence's log odds: a reason often stands behind the claim."""

Chosen = tuple[Evidence, ScoredSentence]

LEADS = {
    Role.BODY: "{post} reported{date}:",
    Role.SUMMARY: "{post} summed up{date}:",
    Role.COMMENT: "{post} commented{date}:",
    Role.ACTION: "{post} asked for action{date}:",
    Role.QUOTED: "A text quoted by {post}{date} says:",
}
LEADS_ON = {
    Role.BODY: "The same cable reports:",
    Role.SUMMARY: "Its summary says:",
    Role.COMMENT: "{post} comments:",
    Role.ACTION: "It asks for action:",
    Role.QUOTED: "A text that it quotes says:",
}
"""Where the words before are of the same cable."""


class ExtractiveAnswerer:
    """Answers in verbatim sentences; the judge decides whether the evidence answers at all."""

    def __init__(self, judge: AnswerabilityJudge) -> None:
        self.judge = judge

    def answer(self, question: str, draft: Answer) -> Iterator[Answer]:
        """The finished answer; quoting has nothing to wait for."""
        verdict = self.judge.verdict(question, draft.evidence)
        draft = replace(draft, outcome=verdict.outcome, absent=verdict.absent, done=True)
        if verdict.outcome is Outcome.REFUSED:
            yield draft
        else:
            yield with_citations(draft, self.choose(draft.evidence))

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
        (evidence, sentence, _odds(sentence) * math.exp(CONTINUATION * chance))
        for sentence, chance in zip(sentences, before, strict=False)
    ]


def _odds(sentence: ScoredSentence) -> float:
    return sentence.chance / (1 - min(sentence.chance, 0.999))


def readable(evidence: Evidence) -> list[ScoredSentence]:
    """The scored sentences without the page around them; those of which nothing is left are gone."""
    chances = {one.piece.end: one.chance for one in evidence.sentences}
    found, ends = [], sorted(chances)
    for place, (piece, _) in enumerate(voiced(evidence.text, evidence.role)):
        end = next((end for end in ends if end >= piece.end), None)
        if end is not None:
            found.append(ScoredSentence(piece, place, chances[end]))
    return found


def _sentence(chosen: Sequence[Chosen], n: int, citation: int) -> Sentence:
    evidence, sentence = chosen[n]
    before = chosen[n - 1] if n else None
    goes_on = before is not None and before[0].key == evidence.key
    return Sentence(
        " ".join(sentence.piece.text.split()),
        citations=(citation,),
        level=ProofLevel.VERBATIM,
        lead=sentence_lead(chosen, n),
        elided=goes_on and before is not None and sentence.place > before[1].place + 1,
        around=_odds(sentence) < MIN_ODDS_OF_BEST * max(_odds(other) for _, other in chosen),
    )


def sentence_lead(chosen: Sequence[Chosen], n: int) -> str:
    """What a reader must be told before a sentence: nothing where the one before it has the same voice."""
    one, before = chosen[n], chosen[n - 1] if n else None
    role = _role(one)
    if before is None or before[0].cable_id != one[0].cable_id:
        return lead(one[0], role)
    if before[0].key == one[0].key:
        if _role(before) is role:
            return ""
        return "The report goes on:" if role is Role.BODY else LEADS_ON[role].format(post=sender(one[0]))
    return LEADS_ON[role].format(post=sender(one[0]))


def _role(one: Chosen) -> Role:
    return role_at(one[0].text, one[0].role, one[1].piece.start)


def lead(evidence: Evidence, role: Role | None = None) -> str:
    """Who speaks, where and when, in plain words: `Embassy Beijing commented on 17 April 2008:`."""
    day, year = evidence.found.day, year_of(evidence.cable_id)
    date = f" on {day_in_words(day)}" if day else f" in {year}" if year else ""
    words = LEADS[role or evidence.role].format(post=sender(evidence), date=date)
    return words[0].upper() + words[1:]


def sender(evidence: Evidence) -> str:
    """Who sent the cable, as one says it: `Embassy Rome`, `the State Department`."""
    post = evidence.found.post
    if not post:
        return f"cable {evidence.cable_id}"
    if post == "Secretary of State":
        return "the State Department"
    return post if post.startswith(("Embassy", "Consulate", "Branch")) else f"the {post}"


def with_citations(draft: Answer, chosen: Sequence[Chosen]) -> Answer:
    """The draft with quoted sentences, each citing the paragraph that it stands in."""
    cited = {evidence.key: evidence for evidence, _ in chosen}
    numbers = {key: n for n, key in enumerate(cited, 1)}
    quotes = {key: tuple(s.piece.text for e, s in chosen if e.key == key) for key in cited}
    citations = tuple(
        Citation(numbers[key], cited[key], quotes[key], level=ProofLevel.VERBATIM) for key in cited
    )
    quoted = tuple(_sentence(chosen, n, numbers[evidence.key]) for n, (evidence, _) in enumerate(chosen))
    return replace(draft, sentences=quoted, citations=citations, banner=banner(citations))
