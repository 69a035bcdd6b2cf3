"""What answers are made with: the search within what the reader may see, and who decides whether evidence answers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa.answer import Answer, Outcome
from qa.answers.entity_matching import about, namesakes_of, passed_over, subjects_of, text_of
from qa.generation.extractive import ExtractiveAnswerer
from qa.understanding.premise import Premise
from qa.understanding.request import Request
from qa.verification.answerability import AnswerabilityJudge, Verdict
from vectorstore.query import Filters, Phrase, TextQuery
from vectorstore.retrieval.evidence import Evidence
from vectorstore.storage.catalog_view import CatalogView

if TYPE_CHECKING:
    # It brings LangChain, which the page can do without until it is up.
    from vectorstore.retrieval.retriever import Retriever

MIN_ABOUT_NAMES = 3
"""Paragraphs about whom a question names, below which they are searched for by the name."""
MAX_PREMISE_PARAGRAPHS = 500
MAX_SUPPORT_LOSS_OF_DAY = 3.0
"""Logits by which a paragraph of the day that is named may be behind the best."""
EVIDENCE_LIMIT = 20
"""Paragraphs that are looked at for an answer."""


@dataclass(frozen=True, slots=True)
class AnswerContext:
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
            request = replace(request, meaning=text, searched="", own_words="", words=None)
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
        namesakes = namesakes_of(request, subjects, self.view)
        held = about(subjects, found, self.view, namesakes)
        quotable = [e for e in held if e.scored]
        text = text_of(subjects, namesakes)
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
        absent = self.unknown(request)
        if request.names and len(absent) == len(request.names):
            return Verdict(Outcome.REFUSED, absent)
        verdict = self.judge.verdict(draft.meaning, draft.evidence)
        asked_again = (
            bool(request.interpretation) and not request.own_words
        )  # "and in 2007?", "only what Rome says"
        if verdict.outcome is Outcome.REFUSED and asked_again:
            about_it = about(subjects_of(request), draft.evidence, self.view)
            return replace(verdict, outcome=Outcome.CLOSEST) if about_it else verdict
        return verdict

    def doubt(self, premise: Premise) -> str:
        """Why a premise may be false, by the paragraphs that name whom it is about; empty where one says it."""
        text = TextQuery((tuple(map(Phrase, premise.surnames)),))
        hits, _, _ = self.view.text_hits(Filters(text=text), limit=MAX_PREMISE_PARAGRAPHS)
        return premise.doubt(hit.hit.paragraph.text for hit in hits)

    def unknown(self, request: Request, names: Iterable[str] | None = None) -> tuple[str, ...]:
        """Those of the names (of the request, or given ones) of which the archive has no word, or only namesakes'."""
        return tuple(
            name
            for name in (request.names if names is None else names)
            if name in request.strangers or not any(self.judge.known(word) for word in name.split())
        )


def of_the_day(request: Request, found: list[Evidence]) -> list[Evidence]:
    """Where a question names one day: cables of that day alone are quoted, if they are nearly as near."""
    day, best = request.exact.since, max((e.support for e in found), default=0.0)
    if day is None or day != request.exact.until or request.filters.since:
        return found
    own = {e.key for e in found if e.found.day == day and e.support >= best - MAX_SUPPORT_LOSS_OF_DAY}
    if not own:
        return found
    return [*(e for e in found if e.key in own), *(passed_over(e) for e in found if e.key not in own)]
