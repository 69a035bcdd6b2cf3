"""The latest cable of a post, a period, about something; or the first."""

from collections.abc import Sequence
from dataclasses import replace

from cables.text import day_in_words, names
from qa.answer import Answer, BlockKind
from qa.answers.base import draft_of, refused
from qa.answers.context import AnswerContext
from qa.answers.leads import row_lead, subject_in_words
from qa.answers.lookup import first_sentence, nearest_cables, paragraph_for, paragraphs_of
from qa.generation.quotation import AnswerBuilder, in_reading_order, readable
from qa.understanding.known_names import alternatives
from qa.understanding.request import Request
from qa.understanding.topic import content, subject_of
from vectorstore.query import TextQuery
from vectorstore.retrieval.evidence import Evidence

MAX_CABLES = 5
MAX_PARAGRAPHS = 60
"""Looked at for what the latest cable is to be about."""
MAX_MATCHES = 1000
FIRST_DAY = 1
"""Cables without a date are neither first nor last."""
MAX_OPENING_SENTENCES = 3
"""Of the latest cable, quoted."""
MAX_COSINE_LOSS_NAMED = 0.2
"""From the cosine of the nearest cable, for cables that hold the names."""


class LatestAnswerer:
    """Finds what matches and orders it by date."""

    written = False

    def __init__(self, context: AnswerContext) -> None:
        self._context = context

    def gather(self, request: Request) -> Answer:
        """A paragraph of each cable that matches, in the order of time."""
        return draft_of(request, self._matching(request)[:MAX_CABLES])

    def _matching(self, request: Request) -> Sequence[Evidence]:
        filters = replace(request.exact, since=request.exact.since or FIRST_DAY)
        topic = subject_of(request.meaning, request.exact)
        view = self._context.view
        if not content(topic):
            rows, _ = view.listed(filters, down=not request.first, limit=MAX_CABLES)
            return [e for row in rows if (e := paragraph_for(view, row.id)) is not None]
        found = self._context.search(request, topic, filters=filters, limit=MAX_PARAGRAPHS)
        required = [name for name in names(topic) if not self._is_post(name, request)]
        if required:
            text = TextQuery(tuple(alternatives(name) for name in required))
            held, _ = view.listed(replace(filters, text=text), limit=MAX_MATCHES)
            ids = {row.id for row in held}
            named = [e for e in found if e.cable_id in ids]
            return in_time(nearest_cables(named or found, MAX_COSINE_LOSS_NAMED), first=request.first)
        return in_time(nearest_cables(found), first=request.first)

    @staticmethod
    def _is_post(name: str, request: Request) -> bool:
        return any(name.lower() in post.lower() for post in request.exact.posts)

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The cable with what it begins with; the next ones below."""
        absent = self._context.unknown(request, names(subject_of(request.meaning, request.exact)))
        if not draft.evidence or absent:
            return refused(draft, absent=absent)
        latest = draft.evidence[0]
        builder = AnswerBuilder()
        builder.state(_which(latest, "first" if request.first else "latest"))
        opening = paragraphs_of(self._context.view, latest.cable_id)[:1]
        parts = {evidence.key: evidence for evidence in (latest, *opening)}.values()
        sentences = [(e, s) for e in parts for s in readable(e)[:MAX_OPENING_SENTENCES]]
        builder.quote(in_reading_order(sentences))
        others = [(e, first_sentence(e)) for e in draft.evidence[1:]]
        title = "Later ones" if request.first else "Before it"
        builder.quote(others, title, leads=list(map(row_lead, others)), kind=BlockKind.ROWS)
        return builder.answer(draft)


def _which(evidence: Evidence, word: str) -> str:
    found = evidence.found
    subject = subject_in_words(evidence)
    said = f": {subject}" if subject else ""
    return f"The {word} is {evidence.cable_id}, {found.post}, {day_in_words(found.day)}{said}."


def in_time(found: Sequence[Evidence], *, first: bool) -> list[Evidence]:
    """The latest first, or the first."""
    return sorted(found, key=lambda e: e.found.day or 0, reverse=not first)
