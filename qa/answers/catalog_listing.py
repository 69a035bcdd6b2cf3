"""How many cables, which cables, which posts: exact, from the catalog and the full text together."""

from collections.abc import Sequence
from dataclasses import replace

from cables import Level
from cables.glossary import tag_name
from qa.answer import Answer, BlockKind, Kind, Outcome, Tally
from qa.answers.base import draft_of, refused
from qa.answers.context import AnswerContext
from qa.answers.leads import row_lead
from qa.answers.lookup import nearest_cables, paragraph_for, told_in
from qa.generation.quotation import AnswerBuilder
from qa.understanding.known_names import alternatives
from qa.understanding.periods import in_words
from qa.understanding.request import Request, Unit
from qa.understanding.topic import subject_of, words_of
from vectorstore.query import Filters, TextQuery

MAX_COUNT_ROWS, MAX_LIST_ROWS = 5, 10
"""Rows of an answer; the archive page has the others."""
MAX_TALLIED_POSTS = 8


class ListingAnswerer:
    """Counts and lists cables or posts, and shows the latest of the cables."""

    written = False

    def __init__(self, context: AnswerContext) -> None:
        self._context = context

    def gather(self, request: Request) -> Answer:
        """Paragraphs of the cables that are counted, the latest first; where there are none, of the nearest."""
        filters, words = counted(request)
        limit = MAX_COUNT_ROWS if request.kind is Kind.COUNT else MAX_LIST_ROWS
        rows, total = self._context.view.listed(filters, limit=limit)
        found = [paragraph_for(self._context.view, row.id, filters.text) for row in rows]
        if not total and words and not self._context.unknown(request):
            found = list(
                nearest_cables(self._context.search(request, " ".join(words), filters=request.exact))[:limit]
            )
        return draft_of(request, filter(None, found))

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The number, what was counted, by year and post, the first cables."""
        filters, words = counted(request)
        _, total = self._context.view.listed(filters, limit=1)
        builder = AnswerBuilder()
        if request.unit is Unit.POSTS and total:
            builder.state(self._posts(filters, words))
        for first, last in request.periods:
            own = replace(filters, since=first, until=last)
            builder.state(_number(own, words, self._context.view.listed(own, limit=1)[1]))
        if not request.periods and request.unit is Unit.CABLES:
            builder.state(_number(filters, words, total))
        chosen = [told_in(evidence, phrases_of(words)) for evidence in draft.evidence]
        title = "Nearest in meaning" if not total else "The latest of them" if total > len(chosen) else ""
        builder.quote(chosen, title, leads=list(map(row_lead, chosen)), kind=BlockKind.ROWS)
        if not total and request.kind is Kind.LIST:
            notice = _number(filters, words, total)
            return builder.answer(draft, Outcome.CLOSEST) if chosen else refused(draft, notice)
        tallies = self._tallies(filters) if total > len(chosen) else ()
        return replace(builder.answer(draft), listed=filters, tallies=tallies)

    def _posts(self, filters: Filters, words: Sequence[str]) -> str:
        posts = self._context.view.tally("post", filters)
        total = sum(n for _, n in posts)
        named = ", ".join(f"{post} ({n:,})" for post, n in posts)
        what = f"{len(posts):,} {'post' if len(posts) == 1 else 'posts'}: {total:,}"
        return f"{what} {counted_as(filters, words, total)}, from {named}."

    def _tallies(self, filters: Filters) -> tuple[Tally, ...]:
        """How many of the cables fall to each year and post, where that is more than one."""
        years = sorted(self._context.view.tally("year", filters))
        posts = self._context.view.tally("post", filters)
        tallies = (
            Tally("By year", tuple((str(year), n) for year, n in years)),
            Tally("By post", tuple(posts[:MAX_TALLIED_POSTS])),
        )
        return tuple(tally for tally in tallies if len(tally.rows) > 1)


def _number(filters: Filters, words: Sequence[str], total: int) -> str:
    return f"{total:,} {counted_as(filters, words, total)}."


def counted(request: Request) -> tuple[Filters, tuple[str, ...]]:
    """What is counted: the exact filters with the words that a cable must hold, and those words."""
    words = request.phrases or words_of(subject_of(_said(request), request.exact, of_cables=True))
    groups = tuple(alternatives(word) for word in words)
    return replace(request.exact, text=TextQuery(groups)), words


def _said(request: Request) -> str:
    """What of a request is said in English."""
    return request.meaning if request.words is None else request.words


def phrases_of(words: Sequence[str]) -> list[str]:
    """The words in all of their spellings."""
    return [phrase.words for word in words for phrase in alternatives(word)]


def counted_as(filters: Filters, words: Sequence[str], total: int) -> str:
    """What was counted, in words: `SECRET cables from Embassy Kabul sent in 2009 hold “Karzai” in subject or text`."""
    one = total == 1
    levels = " or ".join(Level(level).label for level in filters.classifications)
    subject = " ".join(filter(None, (levels, "cable" if one else "cables")))
    if filters.posts:
        subject += f" from {' or '.join(filters.posts)}"
    if filters.tags:
        subject += f" tagged {' or '.join(f'{code} ({tag_name(code) or code})' for code in filters.tags)}"
    if filters.since or filters.until:
        subject += f" sent {in_words(filters.since, filters.until)}"
    if words:
        quoted = " and ".join(f"“{word}”" for word in words)
        return f"{subject} {'holds' if one else 'hold'} {quoted} in subject or text"
    return f"{subject} {'is' if one else 'are'} in the archive"
