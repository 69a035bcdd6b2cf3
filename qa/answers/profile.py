"""Who or what somebody or something is: what several cables say of a name, the best first, with where it stands."""

import re
from dataclasses import replace

from cables import Role
from cables.text import day_in_words
from qa.answer import Answer, Outcome
from qa.answers.base import draft_of, refused
from qa.answers.context import AnswerContext
from qa.answers.leads import voice_of
from qa.answers.sentence_ranking import MAX_BROAD_WORDS, by_worth, choose
from qa.generation.quotation import AnswerBuilder, Chosen, in_reading_order
from qa.understanding.known_names import alternatives
from qa.understanding.patterns import pattern
from qa.understanding.request import Request
from vectorstore.query import TextQuery

_ASKING_RE = re.compile(r"(?:The )?(?:Embassy|Consulate|Ambassador|Americans?|US|U\.S\.)\b")
"""Who has an opinion, not who the question is about."""
MAX_BESIDE = 6
"""Names that are told beside the one that is asked about."""
VIEW_WEIGHTS = {Role.COMMENT: 3.0, Role.SUMMARY: 1.5}
"""Of sentences in these voices, where a post's own view is asked for."""


class ProfileAnswerer:
    """Says what the cables tell of a person, a body or a place."""

    written = True

    def __init__(self, context: AnswerContext) -> None:
        self._context = context

    def gather(self, request: Request) -> Answer:
        """The best paragraphs."""
        return draft_of(request, self._context.search(request, scored=20))

    def compose(self, request: Request, draft: Answer) -> Answer:
        """Sentences about the name, paragraph by paragraph."""
        verdict = self._context.verdict(request, draft)
        if verdict.outcome is Outcome.REFUSED:
            return refused(draft, absent=verdict.absent)
        name = subject_name(request)
        builder = AnswerBuilder()
        asks_view = pattern("view").search(request.text)
        ranked = by_worth(draft.evidence, weight=_view_weight) if asks_view else by_worth(draft.evidence)
        builder.quote(in_reading_order(choose(ranked, max_words=MAX_BROAD_WORDS)))
        if name:
            builder.state(self._extent(name, request))
        return replace(builder.answer(draft, verdict.outcome), absent=self._context.unknown(request))

    def _extent(self, name: str, request: Request) -> str:
        """In how many cables a name stands, from when on, where most; of a full name also the surname alone."""
        view = self._context.view
        filters = replace(request.filters, text=TextQuery((alternatives(name),)))
        rows, total = view.listed(filters, down=False, limit=1)
        posts = [str(post) for post, _ in view.tally("post", filters)[:3]]
        first = f", the first of {day_in_words(rows[0].day)}" if rows and rows[0].day else ""
        where = f", most from {', '.join(posts)}" if posts else ""
        beside = [one for one, _ in view.names_beside(filters, MAX_BESIDE) if name.split()[-1] not in one]
        named = f" Named beside it: {', '.join(beside)}." if beside else ""
        surname = name.split()[-1]
        alone = replace(request.filters, text=TextQuery((alternatives(surname),)))
        more = view.listed(alone, limit=1)[1] if surname != name else 0
        also = f" {surname} alone stands in {more:,}." if more > total else ""
        return (
            f"“{name}” stands in {total:,} {'cable' if total == 1 else 'cables'}{first}{where}.{also}{named}"
        )


def _view_weight(pair: Chosen) -> float:
    return VIEW_WEIGHTS.get(voice_of(pair), 1.0)


def subject_name(request: Request) -> str:
    """Whom or what the question is about: its first name, the longest where several stand together."""
    names = [name for name in request.names if not _ASKING_RE.match(name)]
    return names[0] if names else request.topic if len(request.topic.split()) <= 3 else ""
