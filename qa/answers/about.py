"""The archive, Reftel, a greeting: short fixed answers with live figures. Nothing is searched, nothing cited."""

import re
from dataclasses import replace
from pathlib import Path

from cables.glossary import tag_name
from cables.text import day_in_words
from qa.answer import Answer
from qa.answers.base import draft_of
from qa.answers.context import AnswerContext
from qa.generation.quotation import AnswerBuilder
from qa.text.wordlists import rows_of
from qa.understanding.request import Request
from qa.understanding.router import asks_about_archive
from vectorstore.query import Filters

MAX_NAMED_POSTS = 12
MAX_NAMED_TAGS = 6
_REPLIES = Path(__file__).with_name("replies.tsv")
"""What is said to what: a regular expression and the reply; the first that fits."""


class AboutAnswerer:
    """Says what the archive holds and how Reftel works."""

    written = False

    def __init__(self, context: AnswerContext) -> None:
        self._context = context

    def gather(self, request: Request) -> Answer:
        """Nothing is searched."""
        return replace(draft_of(request), slots=())

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The figures that are asked for, or a fixed reply."""
        builder = AnswerBuilder()
        if asks_about_archive(request.text):
            for line in self._archive(request.text.lower()):
                builder.state(line)
        else:
            builder.state(reply_to(request.text))
        return builder.answer(draft)

    def _archive(self, text: str) -> list[str]:
        lines = {
            "size": self._size(),
            "period": self._period(),
            "year": self._years(),
            "posts": self._posts(),
            "tags": self._tags(),
            "updated": self._updated(),
        }
        for pattern, name in (
            (r"\bupdated|indexed|changed|current|recent\b", "updated"),
            (r"\btopics?|subjects?|tags?|themes?|about\b", "tags"),
            (r"\b(?:which|what|from which) years?\b.*\bmost|\bmost\b.*\byears?\b", "year"),
            (r"\bposts?|cities|embass|consulate|countr|places|missions|sent\b", "posts"),
            (r"\bperiod|years?|time|dates?|when|cover|span|oldest|old\b", "period"),
            (r"\bhow many|how big|how large|number\b", "size"),
        ):
            if re.search(pattern, text):
                return [lines[name]]
        return [line for name, line in lines.items() if name not in ("year", "updated")]

    def _size(self) -> str:
        cables, paragraphs = self._context.view.count()
        return f"The archive holds {cables:,} cables with {paragraphs:,} paragraphs."

    def _period(self) -> str:
        span = self._context.view.span()
        if span is None:
            return "None of its cables is dated."
        return f"They were sent between {day_in_words(span[0])} and {day_in_words(span[1])}."

    def _years(self) -> str:
        years: dict[int, int] = {}
        for month, n in self._context.view.tally("month", Filters()):
            years[month // 100] = years.get(month // 100, 0) + n
        best = sorted(years.items(), key=lambda item: -item[1])
        return f"Most cables are of {', then '.join(f'{year} ({n:,})' for year, n in best[:4])}."

    def _posts(self) -> str:
        posts = self._context.view.posts()
        named = ", ".join(f"{post} ({n:,})" for post, n in posts[:MAX_NAMED_POSTS])
        more = f", and {len(posts) - MAX_NAMED_POSTS:,} more posts" if len(posts) > MAX_NAMED_POSTS else ""
        return f"They come from {len(posts):,} posts, most from {named}{more}."

    def _tags(self) -> str:
        tags = self._context.view.tally("tag", Filters())[:MAX_NAMED_TAGS]
        named = ", ".join(f"{tag_name(code) or code} ({code}, {n:,} cables)" for code, n in tags)
        return f"The most common topics, by their TAGS: {named}." if named else "No cable carries TAGS."

    def _updated(self) -> str:
        runs = self._context.view.runs(1)
        if not runs:
            return "When the archive was last updated is not shown at your clearance."
        return f"The archive was last updated on {runs[0].started.day} {runs[0].started:%B %Y}."


def reply_to(text: str) -> str:
    """What Reftel says to a greeting or a question about itself."""
    return next(said for asked, said in rows_of(_REPLIES) if re.search(asked, text, re.IGNORECASE))
