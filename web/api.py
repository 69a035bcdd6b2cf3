"""The same answers for programs: Gradio's API, and tools of a Model Context Protocol (MCP) server.

Docstrings are what callers read. Everything goes through the same clearance as the page.
"""

import functools
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.events import api

from cables import Cable, ids
from qa.answer import Question, read_turns
from qa.dossier.composer import DossierComposer
from qa.dossier.dossier import dossier_about
from qa.dossier.export import as_json as dossier_as_json
from qa.export.answers import as_json
from qa.export.footnotes import pilcrow
from vectorstore.query import Filters, Query
from vectorstore.retrieval.evidence import Evidence
from vectorstore.storage.catalog_rows import CableSummary
from vectorstore.storage.catalog_view import CatalogView
from web.errors import InvalidCall, message_for
from web.security import audit_log
from web.security.access import clearance_of, principal_of
from web.security.calls import caller_has_left
from web.security.concurrency import question_slot
from web.services.archive_service import ArchiveService
from web.services.questions import (
    MAX_ID_CHARS,
    MAX_WORDS_CHARS,
    checked_about,
    checked_draft,
    checked_kind,
    checked_text,
    checked_turns,
)

if TYPE_CHECKING:
    from qa.verification.claims import CheckedClaim

MAX_RESULTS = 100
"""Paragraphs or cables that one call returns at most."""


def connect(service: ArchiveService) -> None:
    """Register the tools; called while the page is being built."""
    for tool in tools(service):
        # Not queued: for what is, Gradio's MCP server calls itself as nobody, who is not let in.
        api(tool, api_name=tool.__name__, queue=False)


def tools(service: ArchiveService) -> list[Callable[..., dict[str, Any]]]:
    """The functions that programs may call."""
    own = Tools(service)
    return [
        _reporting(tool)
        for tool in (own.ask, own.find_paragraphs, own.read_cable, own.list_cables, own.dossier, own.check)
    ]


class Tools:
    """What programs may call, over one archive."""

    def __init__(self, service: ArchiveService) -> None:
        self._service = service

    def _view(self, request: gr.Request) -> CatalogView:
        return self._service.view(clearance_of(request))

    def ask(
        self,
        request: gr.Request,
        question: str,
        history: list[dict[str, str]] | None = None,
        kind: str = "",
    ) -> dict[str, Any]:
        """Answer a question from the archive of cables, every sentence with the paragraph that proves it.

        Args:
            question: What you want to know, in plain words.
            history: Earlier turns, oldest first, each with "role" (user or assistant), "content", and the
                keys that an answer "cited" (they may also stand in its text, as 08PARIS12 ¶2).
            kind: Answer it as this kind of question (passage, cable, profile, list, count, latest, timeline,
                comparison, overview, phrase, keyword, about); empty: decided from the question.

        Returns:
            The answer with [1] markers, its kind, whether it was refused, its citations (cable, paragraph, verbatim
            quote, whether it was verified), the best evidence with scores, and the highest marking cited.
        """
        self._view(request)
        audit_log.note(request, "ask", question=question)
        if not all(isinstance(turn, dict) for turn in history or ()):
            raise InvalidCall('each turn of the history needs its "role" and "content"')
        turns = read_turns({"role": "", "content": "", **turn} for turn in history or ())
        asked = Question(checked_text(question), checked_turns(turns), kind=checked_kind(kind))
        with question_slot(principal_of(request)):
            for state in self._service.chain(clearance_of(request)).stream(asked):
                if caller_has_left(request):
                    raise InvalidCall("The caller has gone.")
                answer = state
            return as_json(answer)

    def find_paragraphs(
        self,
        request: gr.Request,
        question: str,
        limit: int = 10,
        posts: list[str] | None = None,
        since: int = 0,
        until: int = 0,
    ) -> dict[str, Any]:
        """Find the paragraphs that are nearest to a question or to words, without answering.

        Args:
            question: What to look for.
            limit: How many paragraphs, at most 100.
            posts: Only cables of these posts, such as "Embassy Tokyo"; empty for all.
            since: Only cables of this day or later, as a number such as 20080401; 0 for all.
            until: Only cables of this day or earlier, as a number such as 20080430; 0 for all.

        Returns:
            "paragraphs": cable, paragraph, key, post, date, marking, text, score and why each was found.
        """
        self._view(request)
        audit_log.note(request, "find", question=question)
        filters = Filters(posts=tuple(posts or ()), since=since or None, until=until or None)
        search = Query(checked_text(question), filters=filters, limit=_within(limit))
        with question_slot(principal_of(request)):
            found = self._service.chain(clearance_of(request)).retriever.search(search)
        return {"paragraphs": [_evidence(evidence) for evidence in found]}

    def read_cable(self, request: gr.Request, cable: str) -> dict[str, Any]:
        """Read a whole cable: its header fields and its numbered paragraphs with markings and roles.

        Args:
            cable: The cable's id, such as 08BEIJING90014.

        Returns:
            The cable's fields, "paragraphs", the ids it refers to and "cited_by"; or {"found": false}.
        """
        view = self._view(request)
        audit_log.note(request, "read", cable=cable)
        cable = cable[:MAX_ID_CHARS]
        found = view.cable(ids.canonical(cable) or cable)
        return {"found": False} if found is None else _cable(found, view)

    def list_cables(
        self, request: gr.Request, words: str = "", start: int = 0, limit: int = 50
    ) -> dict[str, Any]:
        """List cables, the latest first.

        Args:
            words: Words that must all stand in the id, the subject or the post; empty for all cables.
            start: How many to pass over.
            limit: How many to return, at most 100.

        Returns:
            "total" and "cables": id, date, post, subject, classification and number of paragraphs of each.
        """
        words = words[:MAX_WORDS_CHARS]
        audit_log.note(request, "list", words=words)
        rows, total = self._view(request).listed(Filters(), words, start=max(start, 0), limit=_within(limit))
        return {"total": total, "cables": [_listed(row) for row in rows]}

    def dossier(self, request: gr.Request, about: str) -> dict[str, Any]:
        """Gather what the archive has about a name, a topic or some cables.

        Args:
            about: A name, a topic, or ids of cables: "Security Council reform", "08BEIJING90014 08TOKYO90031".

        Returns:
            What was counted, cables by post and year, a dated quote of each cable with its footnote, people and places
            named beside it, what refers to what, and figures that differ between cables.
        """
        self._view(request)
        audit_log.note(request, "dossier", about=about)
        with question_slot(principal_of(request)):
            composer = DossierComposer(self._service.chain(clearance_of(request)))
            return dossier_as_json(composer.compose(dossier_about(checked_about(about))))

    def check(self, request: gr.Request, draft: str) -> dict[str, Any]:
        """Check the sentences of a text against the paragraphs of cables that they cite.

        Args:
            draft: The text. Citations stand in it as 08PARIS12 ¶2, in brackets or not, or in Markdown
                footnotes; a sentence that cites nothing is held against the paragraph that is nearest to it.

        Returns:
            "sentences": the text of each, its level (verbatim, confirmed, cited or refuted), the reason, whether
            it is verified, and "paragraphs": those that it was held against, each with the words that matter;
            "counts" of the levels.
        """
        from qa.llm.streaming import with_pauses  # LangChain, which the page can do without until it is up

        draft = checked_draft(draft)
        audit_log.note(request, "check", text=draft)
        with question_slot(principal_of(request)):
            checker = self._service.draft_checker(clearance_of(request))
            checked = []
            for claim in with_pauses(checker.check(draft)):
                if caller_has_left(request):
                    raise InvalidCall("The caller has gone.")
                checked += [claim] if claim else []
        counts = Counter(claim.check.level.value for claim in checked)
        return {"sentences": [_checked(claim) for claim in checked], "counts": dict(counts)}


def _reporting(tool: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """The tool, whose errors reach its caller in words."""

    @functools.wraps(tool)
    def call(*args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            return tool(*args, **kwargs)
        except BaseException as error:
            raise gr.Error(message_for(error), print_exception=False) from error

    return call


def _within(limit: int) -> int:
    return min(max(limit, 1), MAX_RESULTS)


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "cable": evidence.cable_id,
        "paragraph": evidence.number,
        "key": evidence.key,
        "post": evidence.found.post,
        "date": evidence.found.day,
        "marking": str(evidence.marking),
        "role": evidence.role.value,
        "text": evidence.text,
        "score": round(evidence.score, 4),
        "why": {name: round(value, 4) for name, value in evidence.why.items()},
    }


def _checked(claim: "CheckedClaim") -> dict[str, Any]:
    return {
        "text": claim.sentence,
        "level": claim.check.level.value,
        "reason": claim.check.reason or None,
        "verified": claim.check.level.verified,
        "paragraphs": [
            {
                "cable": source.cable_id,
                "key": source.key,
                "marking": str(source.marking) if source.marking else None,
                "text": source.text,
                "quote": " [...] ".join(claim.check.quotes.get(source.key, ())),
            }
            for source in claim.sources
        ],
    }


def _listed(row: CableSummary) -> dict[str, Any]:
    return {
        "id": row.id,
        "date": row.day,
        "post": row.post,
        "subject": row.subject,
        "classification": row.level.label,
        "paragraphs": row.paragraphs,
    }


def _cable(cable: Cable, view: CatalogView) -> dict[str, Any]:
    return {
        "found": True,
        "id": cable.id,
        "post": cable.post,
        "date": cable.date.isoformat() if cable.date else None,
        "subject": cable.subject,
        "classification": str(cable.classification) if cable.classification else None,
        "tags": [tag.code for tag in cable.tags],
        "references": [reference.cable_id or reference.text for reference in cable.references],
        "cited_by": view.cited_by(cable.id),
        "paragraphs": [
            {
                "key": paragraph.key,
                "paragraph": pilcrow(paragraph),
                "section": paragraph.section,
                "role": paragraph.role.value,
                "marking": str(paragraph.marking) if paragraph.marking else None,
                "text": paragraph.text,
            }
            for paragraph in cable.paragraphs
        ],
    }
