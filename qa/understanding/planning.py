"""Further searches that a chat model plans for a request; each is a request of its own.

The model sees the question and the headers of what was found, never a paragraph. The reader's filters go on to hold;
posts and years of a plan only boost. A model that answers badly plans nothing.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage

import prompts
from cables.glossary import find_post
from cables.text import day_in_words, names
from qa.llm.prompt_guard import addresses_assistant, one_line, random_delimiter
from qa.llm.streaming import Meter, ModelFailed, whole_reply
from qa.understanding.request import Request
from qa.understanding.topic import topic_of
from vectorstore.query import QueryHints
from vectorstore.retrieval.evidence import Evidence

log = logging.getLogger(__name__)

MAX_CABLES = 12
"""Found cables whose headers the model sees."""
MAX_QUERY_CHARS = 200

_SEARCH_RE = re.compile(
    r"^[^\w\n]*+search\s*+:\s*+(?P<text>[^|\n]+)(?:\|(?P<post>[^|\n]*))?(?:\|(?P<years>[^|\n]*))?",
    re.IGNORECASE | re.MULTILINE,
)
_YEARS_RE = re.compile(r"(?P<first>(?:19|20)\d\d)(?:\s*+[-–]\s*+(?P<last>(?:19|20)\d\d))?")


class Planner:
    """Asks the chat model what is still missing."""

    def __init__(self, chat: BaseChatModel, *, timeout: float) -> None:
        """`timeout`: seconds for one plan."""
        self.chat = chat
        self.timeout = timeout

    def plan(
        self,
        requests: Sequence[Request],
        found: Sequence[Evidence],
        *,
        limit: int,
        meter: Meter | None = None,
    ) -> list[Request]:
        """At most `limit` requests beside those that were searched, of which the first is the question."""
        fence = random_delimiter()
        prompt = prompts.load("planning").substitute(
            fence=fence,
            question=one_line(requests[0].meaning, fence),
            searched="; ".join(one_line(request.meaning, fence) for request in requests),
            found="\n".join(one_line(line, fence) for line in _headers(found)),
            most=limit,
        )
        try:
            reply = whole_reply(self.chat, [HumanMessage(prompt)], self.timeout, meter)
        except ModelFailed as failure:
            log.warning("no plan of searches: %s", failure)
            return []
        searched = {request.meaning for request in requests}
        return [one for one in read_plan(reply, requests[0]) if one.meaning not in searched][:limit]


def read_plan(reply: str, request: Request) -> list[Request]:
    """The requests of a reply, each once, within the filters of the request that they are for."""
    found = {match["text"].strip().strip("\"'“”"): match for match in _SEARCH_RE.finditer(reply)}
    return [
        _planned(request, text[:MAX_QUERY_CHARS], _hints(match["post"] or "", match["years"] or ""))
        for text, match in found.items()
        if re.search(r"\w{3}", text)
    ]


def _planned(request: Request, text: str, hints: QueryHints) -> Request:
    topic = topic_of(text)
    return Request(
        request.kind, text, text, topic=topic, names=tuple(names(topic)), hints=hints, filters=request.filters
    )


def _hints(post: str, years: str) -> QueryHints:
    known = find_post(post.strip(), fuzzy=False) if post.strip(" -") else None
    hints = QueryHints(posts=(known.label,) if known else ())
    if (period := _YEARS_RE.search(years)) is None:
        return hints
    first, last = int(period["first"]), int(period["last"] or period["first"])
    return replace(hints, since=first * 10000 + 101, until=max(first, last) * 10000 + 1231)


def step_of(request: Request) -> str:
    """A search in words: `Searching “reasons for the withdrawal”, Embassy Madrid, 2004 to 2005`."""
    years = [str(day // 10000) for day in (request.hints.since, request.hints.until) if day]
    period = " to ".join(dict.fromkeys(years))
    return ", ".join(filter(None, (f"Searching “{request.meaning}”", *request.hints.posts, period)))


def _headers(evidence: Sequence[Evidence]) -> Iterator[str]:
    """Post, date and subject of the cables found, best first."""
    cables = {one.cable_id: one.found for one in reversed(evidence)}
    for found in list(reversed(cables.values()))[:MAX_CABLES]:
        subject = found.subject or ""
        shown = "" if addresses_assistant(subject) else subject
        yield f"- {', '.join(filter(None, (found.post or '', day_in_words(found.day), shown)))}"
