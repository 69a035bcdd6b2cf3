"""A cable as a whole: who to whom, when, its summary in full, and of each paragraph the sentence that says most."""

from collections.abc import Sequence

from cables import Cable, Role
from cables.text import day_in_words
from qa.answer import Answer, Outcome
from qa.answers.base import draft_of, refused
from qa.answers.cable_facts import facts_asked, paragraphs_asked
from qa.answers.context import AnswerContext
from qa.answers.lookup import paragraphs_of
from qa.answers.sentence_ranking import MAX_WORDS, length
from qa.generation.quotation import AnswerBuilder, Chosen, readable
from qa.text.analysis import analyse
from qa.understanding.patterns import pattern
from qa.understanding.request import Request
from vectorstore.query import Filters
from vectorstore.retrieval.evidence import Evidence
from vectorstore.storage.cable_records import day_of

MAX_REFERRING = 3
"""Cables that are named as referring to it."""


class CableAnswerer:
    """Sums up the cable that a question names or describes."""

    written = False

    def __init__(self, context: AnswerContext) -> None:
        self._context = context

    def gather(self, request: Request) -> Answer:
        """The paragraphs that are nearest to the question; of a cable that is named, its own."""
        named = next(filter(None, map(self._context.view.cable, request.cables)), None)
        if named:
            return draft_of(request, paragraphs_of(self._context.view, named.id))
        found = self._context.search(request)
        described = Filters(posts=request.exact.posts, since=request.exact.since, until=request.exact.until)
        if described and not any(_fits(evidence, described) for evidence in found):
            found = [*found, *self._context.search(request, request.topic, filters=described)]
        return draft_of(request, found)

    def compose(self, request: Request, draft: Answer) -> Answer:
        """Header, summary, the main sentence of each paragraph."""
        if request.cables and not self._ids(request):
            return refused(draft, f"There is no cable {', '.join(request.cables)} in the archive.")
        described = Filters(posts=request.exact.posts, since=request.exact.since, until=request.exact.until)
        fitting = [e for e in draft.evidence if _fits(e, described)] or list(draft.evidence)
        verdict = self._context.judge.verdict(draft.meaning, fitting)
        cable = self._context.view.cable(_cable_with_most(fitting)) if fitting else None
        if cable is None or (not request.cables and verdict.outcome is Outcome.REFUSED):
            return refused(draft, absent=verdict.absent)
        builder = AnswerBuilder()
        if request.cables and self._facts(request, cable, builder):
            return builder.answer(draft)
        builder.state(header_of(cable))
        builder.quote(self._sentences(paragraphs_of(self._context.view, cable.id), request))
        cited_by = self._context.view.cited_by(cable.id)
        if cited_by:
            builder.state(f"It is referred to by {', '.join(cited_by[:MAX_REFERRING])}.")
        return builder.answer(draft)

    def _facts(self, request: Request, cable: Cable, builder: AnswerBuilder) -> bool:
        """Say the single facts of a cable that are asked for; False where it is the cable as a whole."""
        numbers = paragraphs_asked(request.text)
        quoted = [e for e in paragraphs_of(self._context.view, cable.id) if e.number in numbers]
        for fact in facts_asked(request.text, cable) if not quoted else ():
            builder.state(fact)
        if pattern("fact_cited_by").search(request.text):
            cited_by = self._context.view.cited_by(cable.id)
            named = f"by {', '.join(cited_by)}" if cited_by else "by no cable in the archive"
            builder.state(f"{cable.id} is referred to {named}.")
        builder.quote([(e, s) for e in quoted for s in readable(e)])
        if numbers and not quoted:
            last = max((p.number or 0 for p in cable.paragraphs), default=0)
            builder.state(f"{cable.id} has no paragraph {numbers[0]}; its last one is {last}.")
        return bool(builder.sentences)

    def _ids(self, request: Request) -> set[str]:
        return {cable.id for cable in filter(None, map(self._context.view.cable, request.cables))}

    def _sentences(self, paragraphs: Sequence[Evidence], request: Request) -> list[Chosen]:
        """The summary, then the best sentences of the others in turn, as far as there is room, in reading order."""
        rounds = _by_weight(paragraphs, self._weights(paragraphs, request))
        chosen: list[Chosen] = []
        words = 0
        for pair in rounds:
            if words + length(pair) <= MAX_WORDS:
                chosen.append(pair)
                words += length(pair)
        places = {evidence.key: n for n, evidence in enumerate(paragraphs)}
        return sorted(chosen, key=lambda pair: (places[pair[0].key], pair[1].place))

    def _weights(self, paragraphs: Sequence[Evidence], request: Request) -> dict[str, float]:
        """How much each sentence says: near to the cable as a whole, with names and figures."""
        texts = [s.piece.text for e in paragraphs for s in readable(e)]
        if not texts:
            return {}
        subject = paragraphs[0].found.subject or ""
        vectors = self._context.retriever.archive.embedder.encode([f"{subject} {request.topic}", *texts])
        centre = vectors[1:].mean(axis=0)
        near = vectors[1:] @ centre + 0.5 * (vectors[1:] @ vectors[0])
        return {text: float(n) + _density(text) for text, n in zip(texts, near, strict=True)}


def _density(text: str) -> float:
    """A little for names and figures, which tell more than other words; less for a scrap or a monster."""
    words = len(text.split())
    analysis = analyse(text)
    facts = min(len(analysis.names) + len(analysis.numbers), 6)
    return 0.03 * facts - (0.3 if words < 6 else 0.0) - 0.002 * max(0, words - 35)


def _by_weight(paragraphs: Sequence[Evidence], weights: dict[str, float]) -> list[Chosen]:
    """The summary's sentences, then each paragraph's best one, then each one's second best, and so on."""
    summary = [e for e in paragraphs if e.role is Role.SUMMARY]
    first = [(e, s) for e in summary for s in readable(e)]
    turns: list[list[Chosen]] = []
    for evidence in paragraphs:
        if evidence not in summary:
            ranked = sorted(readable(evidence), key=lambda s: -weights.get(s.piece.text, 0.0))
            for n, sentence in enumerate(ranked):
                turns += [[]] if n == len(turns) else []
                turns[n].append((evidence, sentence))
    return first + [
        pair for turn in turns for pair in sorted(turn, key=lambda p: -weights.get(p[1].piece.text, 0.0))
    ]


def _fits(evidence: Evidence, described: Filters) -> bool:
    """Whether a paragraph's cable is of the post and the time that the question describes."""
    found = evidence.found
    posts = not described.posts or found.post in described.posts
    return posts and (described.since or 0) <= (found.day or 0) <= (described.until or 99999999)


def _cable_with_most(found: Sequence[Evidence]) -> str:
    """The cable whose paragraphs stand best among those found."""
    scores: dict[str, float] = {}
    for place, evidence in enumerate(found):
        scores[evidence.cable_id] = scores.get(evidence.cable_id, 0.0) + 1 / (place + 2)
    return max(scores, key=lambda cable: scores[cable])


def header_of(cable: Cable) -> str:
    """Who sent it, when, about what, how it is marked, in a sentence."""
    day = day_in_words(day_of(cable))
    marked = f", {cable.classification}" if cable.classification else ""
    subject = f": {' '.join(cable.subject.split())}" if cable.subject else ""
    return f"{cable.id}, {cable.post or 'unknown post'}{f', {day}' if day else ''}{marked}{subject}."
