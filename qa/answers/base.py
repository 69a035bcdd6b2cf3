"""What all kinds of answers share: the parts that they ask, and how chosen sentences become an answer."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cables import Role
from cables.glossary import acronym
from cables.text import STOPWORDS, day_in_words, stem
from qa.answer import Answer, Outcome
from qa.answers.entity_matching import about, passed_over, subjects_of, text_of
from qa.generation.extractive import ExtractiveAnswerer
from qa.generation.quotation import Chosen, readable
from qa.text.analysis import analyse
from qa.text.speaker_attribution import role_at
from qa.text.wordlists import common_words, rows_of
from qa.understanding.language import ENGLISH
from qa.understanding.premise import Premise
from qa.understanding.request import Request
from qa.verification.answerability import AnswerabilityJudge, Verdict
from vectorstore.query import Filters, Phrase, TextQuery
from vectorstore.retrieval.evidence import Evidence, ScoredSentence
from vectorstore.storage.catalog_rows import ParagraphHit
from vectorstore.storage.catalog_view import CatalogView

if TYPE_CHECKING:
    from vectorstore.retrieval.retriever import (
        Retriever,
    )  # LangChain, which the page can do without until it is up

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
MAX_COSINE_LOSS = 0.12
"""From the cosine of the nearest cable, within which another is about the same."""
MIN_ABOUT_NAMES = 3
"""Paragraphs about whom a question names, below which they are searched for by the name."""
MAX_PREMISE_PARAGRAPHS = 500
MAX_SUPPORT_LOSS_OF_DAY = 3.0
"""Logits by which a paragraph of the day that is named may be behind the best."""
EVIDENCE_LIMIT = 20
"""Paragraphs that are looked at for an answer."""

_TOKEN_RE = re.compile(r"(?:[A-Za-z]\.){2,}|[\w'’-]+")


_REFUSALS = Path(__file__).with_name("refusals.tsv")


@dataclass(frozen=True, slots=True)
class Parts:
    """What an answer is made with."""

    retriever: "Retriever"
    extractive: ExtractiveAnswerer

    @property
    def view(self) -> CatalogView:
        """What the reader may see."""
        return self.retriever.view

    @property
    def judge(self) -> AnswerabilityJudge:
        """Decides whether evidence answers."""
        return self.extractive.judge

    def search(
        self,
        request: Request,
        text: str = "",
        *,
        filters: Filters | None = None,
        scored: int = 6,
        limit: int = EVIDENCE_LIMIT,
    ) -> list[Evidence]:
        """The evidence for a request, or for another text in its place."""
        if text:
            request = replace(request, meaning=text, own_words="", words=None)
        if filters is not None:
            request = replace(request, filters=filters)
        found = self.retriever.search(request.query(limit=limit, scored=scored))
        found = self._about_its_names(request, found, scored=scored, limit=limit)
        return of_the_day(request, found)

    def _about_its_names(
        self, request: Request, found: list[Evidence], *, scored: int, limit: int
    ) -> list[Evidence]:
        """Evidence about whom the request names first; where there is hardly any it is searched for by name."""
        subjects = subjects_of(request)
        if not subjects:
            return found
        held = about(subjects, found, self.view)
        quotable = [e for e in held if e.scored]
        text = text_of(subjects)
        if len(quotable) < MIN_ABOUT_NAMES and text and not request.filters.text:
            named = replace(request, filters=replace(request.filters, text=text))
            more = self.retriever.search(named.query(limit=limit, scored=scored))
            held = list({e.key: e for e in (*quotable, *more, *held)}.values())
        if not held:
            return found
        known = {e.key for e in held}
        return [*held, *(passed_over(e) for e in found if e.key not in known)][:limit]

    def verdict(self, request: Request, draft: Answer) -> Verdict:
        """Whether the evidence answers; it does not where the archive has no word of any name in the request."""
        absent = self.unknown(request.names)
        if request.names and len(absent) == len(request.names):
            return Verdict(Outcome.REFUSED, absent)
        verdict = self.judge.verdict(request.meaning, draft.evidence)
        asked_again = (
            bool(request.interpretation) and not request.own_words
        )  # "and in 2007?", "only what Rome says"
        if verdict.outcome is Outcome.REFUSED and asked_again:
            about_it = about(subjects_of(request), draft.evidence, self.view)
            return replace(verdict, outcome=Outcome.CLOSEST) if about_it else verdict
        return verdict

    def says(self, premise: Premise) -> bool:
        """Whether a paragraph that names whom a premise is about says it."""
        text = TextQuery(((Phrase(premise.name.split()[-1]),),))
        hits, _, _ = self.view.text_hits(Filters(text=text), limit=MAX_PREMISE_PARAGRAPHS)
        return premise.is_said(hit.hit.paragraph.text for hit in hits)

    def unknown(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the names of which the archive has no word."""
        return tuple(name for name in names if not any(self.judge.known(word) for word in name.split()))


class Answerer(Protocol):
    """A kind of answer."""

    written: bool
    """Whether a chat model, where there is one, writes it from the evidence."""

    def gather(self, request: Request) -> Answer:
        """The draft: evidence, nothing said yet."""

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The finished answer, without a chat model."""


def draft_of(request: Request, evidence: Iterable[Evidence] = ()) -> Answer:
    """A draft with its evidence and how the question was understood."""
    return Answer(
        request.text,
        kind=request.kind,
        evidence=tuple(evidence),
        meaning=request.meaning,
        interpretation=request.interpretation,
        slots=request.slots,
        done=False,
    )


def refused(draft: Answer, notice: str = "", absent: tuple[str, ...] = ()) -> Answer:
    """The draft as a refusal."""
    return replace(draft, outcome=Outcome.REFUSED, notice=notice, absent=absent, done=True)


def of_the_day(request: Request, found: list[Evidence]) -> list[Evidence]:
    """Where a question names one day: cables of that day alone are quoted, if they are nearly as near."""
    day, best = request.exact.since, max((e.support for e in found), default=0.0)
    if day is None or day != request.exact.until or request.filters.since:
        return found
    own = {e.key for e in found if e.found.day == day and e.support >= best - MAX_SUPPORT_LOSS_OF_DAY}
    if not own:
        return found
    return [*(e for e in found if e.key in own), *(passed_over(e) for e in found if e.key not in own)]


def with_foreign_notice(request: Request, answer: Answer) -> Answer:
    """A refusal in the asker's language, with what can be done; other answers as they are."""
    if not answer.refused or request.language == ENGLISH:
        return answer
    return replace(answer, notice=answer.notice or dict(rows_of(_REFUSALS)).get(request.language, ""))


def as_evidence(hit: ParagraphHit) -> Evidence:
    """A paragraph that was looked up, not retrieved."""
    return Evidence(hit, 1.0, 0.0, {})


def paragraphs_of(view: CatalogView, cable_id: str) -> list[Evidence]:
    """A cable's paragraphs, in order."""
    rows = view.rows_of_cable(cable_id)
    found = view.find(rows, Filters())
    return [as_evidence(found[row]) for row in rows if row in found]


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


def dated_lead(pair: Chosen, day: int | None = None) -> str:
    """Of a row, with who speaks: `17 April 2008, Embassy Rome comments:`; `day` in the place of its cable's."""
    evidence = pair[0]
    who = f"{evidence.found.post or evidence.cable_id}{_VOICES.get(voice_of(pair), '')}"
    return ", ".join(filter(None, (day_in_words(day or evidence.found.day), who))) + ":"


def voice_of(pair: Chosen) -> Role:
    """Who speaks in a sentence."""
    return role_at(pair[0].text, pair[0].role, pair[1].piece.start)


_VOICES = {Role.COMMENT: " comments", Role.QUOTED: " quotes", Role.ACTION: " asks for action"}


def row_lead(pair: Chosen) -> str:
    """Of a row that stands for its cable: `17 April 2008, Embassy Rome, “Talks on reform”:`."""
    found, subject = pair[0].found, subject_in_words(pair[0])
    sender = found.post or pair[0].cable_id
    return ", ".join(filter(None, (day_in_words(found.day), sender, f"“{subject}”" if subject else ""))) + ":"


def subject_in_words(evidence: Evidence) -> str:
    """The subject of its cable on one line; one in capitals is written as the paragraph and the language write it."""
    subject = " ".join((evidence.found.subject or "").split())
    if not subject.isupper():
        return subject
    forms = {word.upper(): word for word in reversed(_TOKEN_RE.findall(evidence.text)) if not word.isupper()}
    words = _TOKEN_RE.sub(lambda match: forms.get(match[0]) or _recased(match[0]), subject)
    return words[:1].upper() + words[1:]


def _recased(word: str) -> str:
    """A word in capitals as it is mostly written: a common one small, an acronym as it is, a name with one capital."""
    lower = word.lower()
    if lower in STOPWORDS or stem(lower) in common_words():
        return lower
    return word if acronym(word) or "." in word else word.capitalize()


def first_sentence(evidence: Evidence) -> ScoredSentence:
    """What a paragraph begins with."""
    return (readable(evidence) or list(evidence.sentences))[0]


def told_in(evidence: Evidence, phrases: Sequence[str]) -> Chosen:
    """A paragraph's first sentence that holds one of the phrases, else its first."""
    held = (s for s in readable(evidence) if any(p.lower() in s.piece.text.lower() for p in phrases))
    return evidence, next(held, None) or first_sentence(evidence)


def paragraph_for(view: CatalogView, cable_id: str, text: TextQuery | None = None) -> Evidence | None:
    """What stands for a cable in a list: a paragraph with the words, its summary, or its first."""
    if text:
        hits, _, _ = view.text_hits(Filters(cables=(cable_id,), text=text), limit=1)
        if hits:
            return as_evidence(hits[0].hit)
    paragraphs = paragraphs_of(view, cable_id)
    return next((e for e in paragraphs if e.role is Role.SUMMARY), None) or next(iter(paragraphs), None)


def nearest_cables(found: Sequence[Evidence], max_loss: float = MAX_COSINE_LOSS) -> list[Evidence]:
    """Of each cable that is nearly as near in meaning as the nearest its first paragraph among those found."""
    cables: dict[str, list[Evidence]] = {}
    for evidence in found:
        cables.setdefault(evidence.cable_id, []).append(evidence)
    nearness = {cable: max(e.cosine for e in own) for cable, own in cables.items()}
    nearest = max(nearness.values(), default=0.0)
    return [own[0] for cable, own in cables.items() if nearness[cable] >= nearest - max_loss]
