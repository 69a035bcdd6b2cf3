"""The answerer that asks a chat model: it writes, every sentence is checked, and what fails is shown struck.

Whatever the model does (errors, silence, floods, another form than was asked for), the reader gets an answer
within a bounded time: where nothing that it wrote can be verified, the cables are quoted instead.
"""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

import prompts
from cables import Role
from cables.text import sentences
from qa.answer import Answer, Citation, Outcome, ProofLevel, Question, Sentence
from qa.banner import banner
from qa.generation.citation_parser import CitationParser, Marker, Proof
from qa.generation.extractive import ExtractiveAnswerer
from qa.llm.prompt_guard import GuardedEvidence, fence, one_line, screened
from qa.llm.streaming import BEAT, FoundNoAnswer, ModelFailed, listen
from qa.understanding.rewriting import standalone
from qa.verification.checker import Check, Checker, CitedParagraph
from qa.verification.entailment import Entailment
from vectorstore.retrieval.evidence import Evidence

SENTENCES = 12
"""Shown of an answer, at most; five are asked for."""
RESTATING = 10.0
"""Seconds that a model may take to restate a follow-up; without it the conversation's own words are searched."""
QUOTED_INSTEAD = "These are the cables' own words instead."

_MARKUP = re.compile(
    r"!\[[^\]]*\]\([^)]*\)?|\[(?=[^\[\]]*\]\()|\]\([^)]*\)?|</?[a-zA-Z!][^>]*(?:>|$)|\b(?:https?|ftp|javascript|data):\S+"
    r"|\bwww\.\S+|^[ \t]*(?:#+|[-*•]|\d{1,2}[.)])[ \t]+|\*\*|__|`+",
    re.MULTILINE | re.IGNORECASE,
)
_ENDED = re.compile(r"[.!?][\"'”’)]*\s*$")
_OWN_VOICE = re.compile(
    r"\b(?:embassy|consulate|mission|post|comment\w*|cable|assess\w*|according|we|our)\b", re.IGNORECASE
)


@dataclass(slots=True)
class _Manuscript:
    """What the model has written so far: its text, and its markers at their places in it."""

    text: str = ""
    markers: list[tuple[int, Marker]] = field(default_factory=list)

    def add(self, part: str | Marker) -> None:
        if isinstance(part, str):
            self.text += part
            return
        self.markers.append((len(self.text), part))
        # A marker after a full stop ends the claim, even where an abbreviation blurs the sentence's end.
        self.text += "\n" if _ENDED.search(self.text) else " "

    def claims(self) -> list[tuple[str, tuple[Proof, ...]]]:
        """Sentences, each with the proofs of the markers in and after it; markup is blanked out."""
        blanked = _MARKUP.sub(lambda match: " " * len(match[0]), self.text)
        pieces = [piece for piece in sentences(blanked) if re.search(r"\w", piece.text)]
        claims = []
        for n, piece in enumerate(pieces):
            end = pieces[n + 1].start if n + 1 < len(pieces) else len(self.text)
            own = [m for place, m in self.markers if (place > piece.start or n == 0) and place <= end]
            text = re.sub(r"\s+(?=[.,;:!?])", "", " ".join(piece.text.split()))
            claims.append((text, tuple(proof for marker in own for proof in marker.proofs)))
        return claims


@dataclass(slots=True)
class _Page:
    """The answer as it grows: sentences with their checks, citations numbered as the reader meets them."""

    checker: Checker
    by_key: dict[str, Evidence]
    sentences: list[Sentence] = field(default_factory=list)
    citations: dict[str, Citation] = field(default_factory=dict)

    def add(self, text: str, proofs: Sequence[Proof]) -> None:
        """Check a claim and put it on the page. Raises ModelFailed where the model comes to no end."""
        if len(self.sentences) == SENTENCES or any(text == sentence.text for sentence in self.sentences):
            raise ModelFailed("The model did not come to an end and was stopped.")
        cited, check = self._checked(text, proofs)
        for evidence in cited:
            key = evidence.key
            level = ProofLevel.CONFIRMED if check.verified else ProofLevel.REFUTED
            known = self.citations.get(key) or Citation(len(self.citations) + 1, evidence, (), level)
            quotes = dict.fromkeys((*known.quotes, *(check.quotes.get(key, ()) if check.verified else ())))
            level = level if check.verified else known.level
            self.citations[key] = replace(known, quotes=tuple(quotes), level=level)
        numbers = tuple(dict.fromkeys(self.citations[evidence.key].n for evidence in cited))
        lead = _lead(text, cited) if check.verified else ""
        level = ProofLevel.CONFIRMED if check.verified else ProofLevel.REFUTED
        own = "" if check.verified else " ".join(quote for each in check.quotes.values() for quote in each)
        self.sentences.append(Sentence(text, numbers, level, lead=lead, reason=check.reason, instead=own))

    def _checked(self, text: str, proofs: Sequence[Proof]) -> tuple[list[Evidence], Check]:
        if not proofs:
            return self._unmarked(text)
        cited = [
            CitedParagraph(self.by_key[proof.key], proof.quote)
            for proof in proofs
            if proof.key in self.by_key
        ]
        if not cited:
            return [], Check(False, "it cites a paragraph that was not given", {})
        paragraphs = {one.evidence.key: one.evidence for one in cited}
        return list(paragraphs.values()), self.checker.check(text, cited)

    def _unmarked(self, text: str) -> tuple[list[Evidence], Check]:
        """A sentence without a marker gets the first paragraph, best first, that says what it says."""
        if not _ENDED.search(text):
            return [], Check(False, "the model broke off in it", {})
        for evidence in self.by_key.values():
            check = self.checker.check(text, [CitedParagraph(evidence)])
            if check.verified:
                return [evidence], check
        return [], Check(False, "it cites nothing, and no paragraph given says it", {})

    def state(self, draft: Answer) -> Answer:
        """The draft with what stands on the page."""
        citations = tuple(self.citations.values())
        return replace(draft, sentences=tuple(self.sentences), citations=citations, banner=banner(citations))


class GenerativeAnswerer:
    """Answers in a chat model's words, each sentence proven; falls back to quoting."""

    def __init__(
        self,
        chat: BaseChatModel,
        model_name: str,
        quoting: ExtractiveAnswerer,
        *,
        timeout: float = 60.0,
        entailment: Entailment | None = None,
    ) -> None:
        self.chat = chat
        self.model_name = model_name
        self.quoting = quoting
        self.timeout = timeout
        self.checker = Checker(quoting.embedder, entailment)

    def restated(self, question: Question) -> str:
        """A follow-up as it would be asked alone; empty where the model makes none that holds."""
        return standalone(self.chat, question.text, question.history, timeout=min(RESTATING, self.timeout))

    def answer(self, question: str, draft: Answer) -> Iterator[Answer]:
        """States of the answer, one checked sentence more each; the last is done."""
        verdict = self.quoting.judge.verdict(question, draft.evidence)
        if verdict.outcome is Outcome.REFUSED:
            yield from self.quoting.answer(question, draft)
            return
        trusted = screened(draft.evidence)
        if not trusted:
            notice = "Every passage found addresses an assistant, so no model was asked."
            yield from self._quoted(question, draft, draft.evidence, f"{notice} {QUOTED_INSTEAD}")
            return
        blank = replace(draft, outcome=verdict.outcome, absent=verdict.absent, model=self.model_name)
        state = blank
        notice, outcome = "", None
        try:
            for state in self._written(question, fence(trusted), blank):
                yield state
        except FoundNoAnswer as failure:
            notice, outcome = str(failure), Outcome.CLOSEST
        except ModelFailed as failure:
            notice = str(failure)
        if any(sentence.verified for sentence in state.sentences):
            yield replace(state, notice=notice, done=True)
        else:
            notice = notice or "Nothing that the model wrote could be verified."
            yield from self._quoted(question, draft, trusted, f"{notice} {QUOTED_INSTEAD}", outcome)

    def _written(self, question: str, fenced: GuardedEvidence, draft: Answer) -> Iterator[Answer]:
        """A state for each complete sentence, and one now and then between them. Raises ModelFailed."""
        page, manuscript = _Page(self.checker, fenced.by_key), _Manuscript()
        failure: ModelFailed | None = None
        shown = time.monotonic()
        for part in _parts(listen(self.chat, _messages(question, fenced), self.timeout)):
            if isinstance(part, ModelFailed):
                failure = part
                break
            manuscript.add(part)
            for claim in manuscript.claims()[len(page.sentences) : -1] if part else ():
                page.add(*claim)
                yield page.state(draft)
            if time.monotonic() - shown > BEAT:  # nothing new, but whoever has left can end it here
                shown = time.monotonic()
                yield page.state(draft)
        for claim in manuscript.claims()[len(page.sentences) :]:
            page.add(*claim)
            yield page.state(draft)
        if failure:
            raise failure

    def _quoted(
        self,
        question: str,
        draft: Answer,
        trusted: Sequence[Evidence],
        notice: str,
        outcome: Outcome | None = None,
    ) -> Iterator[Answer]:
        """Quotes in the model's place, from paragraphs that address no assistant where there are any."""
        for state in self.quoting.answer(question, replace(draft, evidence=tuple(trusted))):
            yield replace(state, notice=notice, evidence=draft.evidence, outcome=outcome or state.outcome)


def _parts(chunks: Iterator[str]) -> Iterator[str | Marker | ModelFailed]:
    """Text (also empty) and markers; a failure comes last, after what was held back, so that nothing is lost."""
    markers, failure = CitationParser(), None
    try:
        for chunk in chunks:
            yield ""
            yield from markers.feed(chunk)
    except ModelFailed as error:
        failure = error
    yield from markers.close()
    if failure:
        yield failure


def _messages(question: str, fenced: GuardedEvidence) -> list[BaseMessage]:
    """The rules, then the evidence, the question last."""
    asked = prompts.load("question").substitute(
        blocks=fenced.blocks, keys=", ".join(fenced.by_key), fence=fenced.delimiter,
        question=one_line(question, fenced.delimiter),
    )  # fmt: skip
    return [SystemMessage(prompts.load("writing").substitute(fence=fenced.delimiter)), HumanMessage(asked)]


def _lead(text: str, cited: Sequence[Evidence]) -> str:
    """Who speaks, where the sentence does not say that it is the embassy's own view or a quoted text."""
    roles = {evidence.role for evidence in cited}
    post = cited[0].found.post or "The embassy"
    if roles == {Role.COMMENT} and not _OWN_VOICE.search(text):
        return f"{post} comments:"
    if roles == {Role.QUOTED} and not re.search(
        r"\b(?:text|letter|statement|quot\w+|document|reads?)\b", text
    ):
        return f"A text quoted by {post} says:"
    return ""
