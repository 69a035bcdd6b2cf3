"""Who or what somebody or something is: what several cables say of a name, the best first, with where it stands."""

import re
from dataclasses import replace

from cables.text import day_in_words
from qa.answer import Answer, Outcome
from qa.answers.base import (
    MAX_WORDS,
    Group,
    Page,
    Parts,
    choose,
    draft_of,
    in_reading_order,
    pairs_of,
    refused,
)
from qa.answers.listing import alternatives
from qa.generation.extractive import Chosen
from qa.understanding.request import Request
from vectorstore.query import TextQuery

_ASKING_RE = re.compile(r"(?:The )?(?:Embassy|Consulate|Ambassador|Americans?|US|U\.S\.)\b")
"""Who has an opinion, not who the question is about."""
NAMED_BONUS = 0.15
"""Added to a sentence's chance where it names whom the question is about."""
SAYING_BONUS = 0.1
"""Where it says what he is: "X, the minister", "X is"."""


class ProfileAnswerer:
    """Says what the cables tell of a person, a body or a place."""

    written = True

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def gather(self, request: Request) -> Answer:
        """The best paragraphs of those that hold the name."""
        name = subject_name(request)
        text = TextQuery((alternatives(name.split()[-1]),)) if name else TextQuery()
        named = replace(request.filters, text=text)
        found = self._parts.search(request, filters=named, scored=16) if text else []
        return draft_of(request, found or self._parts.search(request, scored=16))

    def compose(self, request: Request, draft: Answer) -> Answer:
        """Sentences about the name, paragraph by paragraph."""
        absent = self._parts.unknown(request.names)
        if request.names and len(absent) == len(request.names):
            return refused(draft, absent=absent)
        verdict = self._parts.judge.verdict(request.meaning, draft.evidence)
        if verdict.outcome is Outcome.REFUSED:
            return refused(draft, absent=verdict.absent)
        name = subject_name(request)
        last = name.split()[-1].lower() if name else ""
        ranked = sorted(pairs_of(draft.evidence), key=lambda pair: -_weight(pair, last))
        page = Page()
        page.add(
            Group(in_reading_order(choose(ranked, max_words=MAX_WORDS, max_paragraphs=10, max_sentences=5)))
        )
        if name:
            page.state(self._extent(name, request))
        return replace(page.answer(draft, verdict.outcome), absent=absent)

    def _extent(self, name: str, request: Request) -> str:
        text = TextQuery((alternatives(name.split()[-1]),))
        filters = replace(request.filters, text=text)
        rows, total = self._parts.view.listed(filters, down=False, limit=1)
        posts = [str(post) for post, _ in self._parts.view.tally("post", filters)[:3]]
        first = f", the first of {day_in_words(rows[0].day)}" if rows and rows[0].day else ""
        where = f", most from {', '.join(posts)}" if posts else ""
        return f"The name stands in {total:,} {'cable' if total == 1 else 'cables'}{first}{where}."


def subject_name(request: Request) -> str:
    """Whom or what the question is about: its first name, the longest where several stand together."""
    names = [
        name
        for name in request.names
        if not re.match(r"(?:The )?(?:Embassy|Consulate|Ambassador|Americans?|US|U\.S\.)\b", name)
    ]
    return names[0] if names else request.topic if len(request.topic.split()) <= 3 else ""


def _weight(pair: Chosen, last: str) -> float:
    text = pair[1].piece.text.lower()
    named = bool(last) and last in text
    said = (
        named
        and re.search(rf"{re.escape(last)}(?:,| \(| (?:is|was|has|had|remains|served)\b)", text) is not None
    )
    return pair[1].chance + NAMED_BONUS * named + SAYING_BONUS * said
