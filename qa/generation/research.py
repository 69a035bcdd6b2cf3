"""More than one search for a question: a chat model says what is still missing, at most twice.

It sees the question and the headers of what was found, never a paragraph. What it asks for is searched under the reader's
own filters; posts and years only boost. A model that answers badly leaves the first search as it is.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage

import prompts
from cables import Role
from cables.glossary import find_post
from cables.text import day_in_words
from qa.answer import Answer
from qa.llm.prompt_guard import addresses_assistant, one_line, random_delimiter
from qa.llm.streaming import POLL_SECONDS, Meter, ModelFailed, whole_reply
from vectorstore.query import Filters, Query, QueryHints
from vectorstore.retrieval.evidence import Evidence
from vectorstore.retrieval.retriever import Retriever
from vectorstore.storage.catalog_view import CatalogView

log = logging.getLogger(__name__)

MAX_ROUNDS = 2
MAX_SEARCHES = 4
"""Of a question, over all rounds."""
MAX_PLANNING_SECONDS = 10.0
"""That the model may take for a round; without a plan the first search is all."""
MAX_NEW = 4
"""Paragraphs that a further search adds."""
MAX_SHOWN = 12
"""Found cables whose headers the model sees."""
MAX_QUERY_CHARS = 200
MAX_WITH_NEIGHBOURS = 3
"""Paragraphs that bring their neighbours and the summary of their cable along."""

_SEARCH_RE = re.compile(
    r"^\W*search\s*:\s*(?P<text>[^|\n]+)(?:\|(?P<post>[^|\n]*))?(?:\|(?P<years>[^|\n]*))?",
    re.IGNORECASE | re.MULTILINE,
)
_YEARS_RE = re.compile(r"(?P<first>(?:19|20)\d\d)(?:\s*[-–]\s*(?P<last>(?:19|20)\d\d))?")


@dataclass(frozen=True, slots=True)
class PlannedSearch:
    """A search that the model asks for."""

    text: str
    hints: QueryHints = QueryHints()

    @property
    def step(self) -> str:
        """The search in words: `Searching "reasons for the withdrawal", Embassy Madrid, 2004 to 2005`."""
        years = [str(day // 10000) for day in (self.hints.since, self.hints.until) if day]
        period = " to ".join(dict.fromkeys(years))
        return ", ".join(filter(None, (f"Searching “{self.text}”", *self.hints.posts, period)))


class Researcher:
    """Adds to the evidence of a draft what further searches find."""

    def __init__(
        self, chat: BaseChatModel, retriever: Retriever, *, timeout: float = MAX_PLANNING_SECONDS
    ) -> None:
        self.chat = chat
        self.retriever = retriever
        self.timeout = min(timeout, MAX_PLANNING_SECONDS)

    def gather(self, draft: Answer, filters: Filters, meter: Meter) -> Iterator[Answer]:
        """States of the draft, one before each search, and a last one with all that was found."""
        searched = [draft.meaning]
        for _ in range(MAX_ROUNDS):
            planned: list[PlannedSearch] = []
            for plan in self._planning(draft, searched, meter):
                planned = plan
                yield draft  # a reader who has left can end it here
            for search in planned:
                searched.append(search.text)
                draft = replace(draft, steps=(*draft.steps, search.step))
                yield draft
                query = Query(search.text, filters=filters, hints=search.hints, limit=MAX_NEW)
                draft = replace(draft, evidence=merged(draft.evidence, self.retriever.search(query)))
            if not planned:
                break
        yield replace(draft, evidence=with_neighbours(draft.evidence, self.retriever.view, filters))

    def _planning(
        self, draft: Answer, searched: Sequence[str], meter: Meter
    ) -> Iterator[list[PlannedSearch]]:
        """The plan, and nothing now and then while the model thinks."""
        pool = ThreadPoolExecutor(1, thread_name_prefix="planning")
        try:
            future = pool.submit(self._plan, draft, searched, meter)
            while not wait([future], POLL_SECONDS).done:
                yield []
            yield future.result()
        finally:
            pool.shutdown(wait=False)

    def _plan(self, draft: Answer, searched: Sequence[str], meter: Meter) -> list[PlannedSearch]:
        most = MAX_SEARCHES - (len(searched) - 1)
        if most <= 0:
            return []
        fence = random_delimiter()
        prompt = prompts.load("planning").substitute(
            fence=fence,
            question=one_line(draft.meaning, fence),
            searched="; ".join(one_line(text, fence) for text in searched),
            found="\n".join(one_line(line, fence) for line in _headers(draft.evidence)),
            most=most,
        )
        try:
            reply = whole_reply(self.chat, [HumanMessage(prompt)], self.timeout, meter)
        except ModelFailed as failure:
            log.warning("no plan of searches: %s", failure)
            return []
        return [search for search in read_plan(reply) if search.text not in searched][:most]


def read_plan(reply: str) -> list[PlannedSearch]:
    """The searches of a reply, each once."""
    found = {match["text"].strip().strip("\"'“”"): match for match in _SEARCH_RE.finditer(reply)}
    return [
        PlannedSearch(text[:MAX_QUERY_CHARS], _hints(match["post"] or "", match["years"] or ""))
        for text, match in found.items()
        if re.search(r"\w{3}", text)
    ]


def _hints(post: str, years: str) -> QueryHints:
    known = find_post(post.strip(), fuzzy=False) if post.strip(" -") else None
    period = _YEARS_RE.search(years)
    if period is None:
        return QueryHints(posts=(known.label,) if known else ())
    first, last = int(period["first"]), int(period["last"] or period["first"])
    return QueryHints(
        posts=(known.label,) if known else (),
        since=first * 10000 + 101,
        until=max(first, last) * 10000 + 1231,
    )


def _headers(evidence: Sequence[Evidence]) -> list[str]:
    """Post, date and subject of the cables found, best first."""
    lines = {}
    for one in evidence:
        subject = one.found.subject or ""
        shown = "" if addresses_assistant(subject) else subject
        parts = (one.found.post or "", day_in_words(one.found.day), shown)
        lines[one.cable_id] = f"- {', '.join(filter(None, parts))}"
    return list(lines.values())[:MAX_SHOWN]


def with_neighbours(
    evidence: Sequence[Evidence], view: CatalogView, filters: Filters
) -> tuple[Evidence, ...]:
    """The evidence, the best paragraphs each followed by those around it and by the summary of its cable."""
    known = {one.key for one in evidence}
    found: list[Evidence] = []
    for place, one in enumerate(evidence):
        found.append(one)
        rows = view.rows_of_cable(one.cable_id) if place < MAX_WITH_NEIGHBOURS else []
        hits = view.find(rows, filters)
        for n, row in enumerate(rows):
            near = one.found.row in rows[max(0, n - 1) : n + 2]
            hit = hits.get(row)
            if hit and hit.paragraph.key not in known and (near or hit.paragraph.role is Role.SUMMARY):
                known.add(hit.paragraph.key)
                found.append(Evidence(hit, 0.0, 0.0, {}))
    return tuple(found)


def merged(evidence: Sequence[Evidence], new: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence with what is new in its first half, so that it is among what the model is given."""
    known = {one.key for one in evidence}
    fresh = [one for one in new if one.key not in known]
    place = max(1, len(evidence) // 2)
    return (*evidence[:place], *fresh, *evidence[place:])
