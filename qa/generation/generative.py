"""The answerer that asks a chat model: it writes, and every sentence gets its proof level while it does.

Whatever the model does (errors, silence, floods, another form than was asked for), the reader gets an answer
within a bounded time: until there is prose the cables are quoted, and where none of it holds they stay.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

import prompts
from cables.text import sentences
from qa.answer import Answer, Kind, Outcome, ProofLevel, Question
from qa.generation.citation_parser import CitationParser, Marker, Proof
from qa.generation.page import ENDED_RE, Page
from qa.generation.research import Researcher
from qa.llm.prompt_guard import GuardedEvidence, addresses_assistant, fence, one_line, screened
from qa.llm.streaming import POLL_SECONDS, FoundNoAnswer, Meter, ModelFailed, stream_prose
from qa.understanding.request import Request
from qa.understanding.rewriting import standalone
from qa.verification.facts import missing_fact
from qa.verification.reading import Reader
from qa.verification.sources import SourceLookup

MAX_RESTATING_SECONDS = 10.0
"""That a model may take to restate a follow-up; without it the conversation's own words are searched."""
MAX_READING_SECONDS = 20.0
"""That readings may take after the last sentence; what is not read by then stays cited."""
MIN_WORDS = 800
"""Of evidence for the second try, where a model failed on more."""
MAX_GAP_CHARS = 400
LENGTHS = {
    Kind.PASSAGE: "one sentence for a single fact; two to five for a reason or an account; more for several parts or"
    " sides",
    Kind.LIST: "a sentence for each thing that is asked for, up to twelve",
    Kind.PROFILE: "three to eight sentences: who or what it is, what it did, how the cables judge it",
    Kind.OVERVIEW: "five to ten sentences, over the cables, posts and times that say most",
    Kind.KEYWORD: "two to six sentences on what the cables say about these words",
}
"""Of an answer, by the kind of its question; the kinds that are not listed are never written by a model."""
QUOTED_INSTEAD = "These are the cables' own words instead."
Compose = Callable[[Request, Answer], Answer]
"""Makes the finished quoted answer to a request out of a draft."""
WRITING = "These are the cables' own words while the model writes."

_MARKUP_RE = re.compile(
    r"!\[[^\]]{0,500}\]\([^)]{0,500}\)?|\[(?=[^\[\]]{0,500}\]\()|\]\([^)]{0,500}\)?|</?[a-zA-Z!][^>]{0,500}(?:>|$)|\b(?:https?|ftp|javascript|data):\S+"
    r"|\bwww\.\S+|^[ \t]*+(?:#+|[-*•]|\d{1,2}[.)])[ \t]+|\*\*|__|`+",
    re.MULTILINE | re.IGNORECASE,
)
_GAP_RE = re.compile(r"\s*+not said\s*+[:–—-]\s*+(?P<gap>.+)", re.IGNORECASE | re.DOTALL)


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
        self.text += "\n" if ENDED_RE.search(self.text) else " "

    def claims(self) -> list[tuple[str, tuple[Proof, ...]]]:
        """Sentences, each with the proofs of the markers in and after it; markup is blanked out."""
        blanked = _MARKUP_RE.sub(lambda match: " " * len(match[0]), self.text)
        pieces = [piece for piece in sentences(blanked) if re.search(r"\w", piece.text)]
        claims = []
        for n, piece in enumerate(pieces):
            end = pieces[n + 1].start if n + 1 < len(pieces) else len(self.text)
            own = [m for place, m in self.markers if (place > piece.start or n == 0) and place <= end]
            text = re.sub(r"\s+(?=[.,;:!?])", "", " ".join(piece.text.split()))
            claims.append((text, tuple(proof for marker in own for proof in marker.proofs)))
        return claims


class GenerativeAnswerer:
    """Answers in a chat model's words, each sentence proven; falls back to quoting."""

    def __init__(
        self,
        chat: BaseChatModel,
        model_name: str,
        lookup: SourceLookup,
        *,
        reader: Reader | None = None,
        researcher: Researcher | None = None,
        timeout: float = 60.0,
        max_words: int = 1_500,
    ) -> None:
        """`reader` gives the second reading; `researcher` searches again; `max_words` of evidence fit the context."""
        self.chat = chat
        self.model_name = model_name
        self.lookup = lookup
        self.reader = reader
        self.researcher = researcher
        self.timeout = timeout
        self.max_words = max_words

    def restated(self, question: Question) -> str:
        """A follow-up as it would be asked alone; empty where the model makes none that holds."""
        timeout = min(MAX_RESTATING_SECONDS, self.timeout)
        return standalone(self.chat, question.text, question.history, timeout=timeout)

    def answer(self, request: Request, draft: Answer, compose: Compose) -> Iterator[Answer]:
        """States of the answer, one checked sentence more each; the last is done.

        `compose` makes the quoted answer: it decides whether there is one, is there first, and takes the model's place.
        """
        trusted = screened(draft.evidence)
        quoted = compose(request, replace(draft, evidence=tuple(trusted or draft.evidence)))
        quoted = replace(quoted, evidence=draft.evidence)
        if quoted.refused or not trusted:
            notice = "" if trusted else "Every passage found addresses an assistant, so no model was asked."
            yield quoted if quoted.refused else _instead(quoted, notice)
            return
        quoted, meter = replace(quoted, notice=WRITING, done=False), Meter()
        yield quoted
        for found in self.researcher.gather(request, draft, meter) if self.researcher else ():
            draft = found
            quoted = replace(quoted, steps=found.steps, evidence=found.evidence)
            yield quoted
        for state in self._prose(request.meaning, draft, quoted, meter):
            yield replace(state, usage=draft.usage + meter.usage)

    def _prose(self, question: str, draft: Answer, quoted: Answer, meter: Meter) -> Iterator[Answer]:
        """States with the model's sentences; the quotes until there are some, and where none of them can be shown."""
        end = time.monotonic() + self.timeout
        trusted, notice = screened(draft.evidence), ""
        blank = replace(draft, outcome=quoted.outcome, absent=quoted.absent, model=self.model_name)
        state = blank
        for max_words in (self.max_words, MIN_WORDS):
            fenced, notice = fence(trusted, max_words=max_words), ""
            try:
                for written in self._written(question, fenced, blank, meter, end - time.monotonic()):
                    state = written or state
                    yield written or quoted
            except FoundNoAnswer as refusal:
                yield self._refused(question, refusal.why, fenced, blank)
                return
            except ModelFailed as failure:
                notice = str(failure)
            if state.sentences or not notice or time.monotonic() + 1 > end:
                break
        if any(sentence.level is not ProofLevel.REFUTED for sentence in state.sentences):
            yield replace(state, notice=notice, done=True)
        else:
            yield _instead(quoted, notice or "Nothing that the model wrote could be confirmed.")

    def _written(
        self, question: str, fenced: GuardedEvidence, draft: Answer, meter: Meter, timeout: float
    ) -> Iterator[Answer | None]:
        """A state for each complete sentence and each reading, and one now and then; None before the first sentence.

        Raises ModelFailed.
        """
        failure: ModelFailed | None = None
        manuscript, shown = _Manuscript(), time.monotonic()
        messages = _messages(question, draft.kind, fenced)
        with Page(fenced.by_key, self.lookup, self.reader, meter) as page:
            for part in _parts(stream_prose(self.chat, messages, timeout, meter)):
                if isinstance(part, ModelFailed):
                    failure = part
                    break
                manuscript.add(part)
                for claim in manuscript.claims()[page.claims : -1] if part else ():
                    page.add(*claim)
                    yield page.state(draft)
                if time.monotonic() - shown > POLL_SECONDS:
                    shown = time.monotonic()  # nothing new, but a reader who has left can end it here
                    yield page.state(draft) if page.claims else None
            for text, proofs in manuscript.claims()[page.claims :]:
                if (gap := _GAP_RE.fullmatch(text)) and not proofs:
                    draft = replace(draft, gap=self._gap(question, gap["gap"], fenced))
                else:
                    page.add(text, proofs)
            if page.claims:
                yield page.state(draft)
            for _ in page.readings(MAX_READING_SECONDS):
                yield page.state(draft)
        if failure:
            raise failure

    def _gap(self, question: str, gap: str, fenced: GuardedEvidence) -> str:
        """What the model says that the evidence lacks, where it makes up nothing to say it."""
        sources = [self.lookup.of(evidence) for evidence in fenced.by_key.values()]
        sources = [replace(sources[0], text=f"{question}\n{sources[0].text}"), *sources[1:]]
        gap = " ".join(_MARKUP_RE.sub(" ", gap).split())[:MAX_GAP_CHARS]
        held = gap and not addresses_assistant(gap) and not missing_fact(gap, sources)
        return f"Not said in these passages: {gap[0].lower()}{gap[1:]}" if held else ""

    def _refused(self, question: str, why: str, fenced: GuardedEvidence, blank: Answer) -> Answer:
        """The refusal that the model asks for, with its reason where that makes up nothing."""
        gap = self._gap(question, why, fenced)
        notice = f"{self.model_name} found no answer in the nearest passages."
        return replace(blank, outcome=Outcome.REFUSED, notice=notice, gap=gap, done=True)


def _instead(quoted: Answer, why: str) -> Answer:
    """The quoted answer in the model's place, with the reason."""
    return replace(quoted, notice=f"{why} {QUOTED_INSTEAD}", done=True)


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


def _messages(question: str, kind: Kind, fenced: GuardedEvidence) -> list[BaseMessage]:
    """The rules, then the evidence, the question last."""
    asked = prompts.load("question").substitute(
        blocks=fenced.blocks,
        keys=", ".join(fenced.by_key),
        fence=fenced.delimiter,
        question=one_line(question, fenced.delimiter),
        length=LENGTHS[kind],
    )
    return [SystemMessage(prompts.load("writing").substitute(fence=fenced.delimiter)), HumanMessage(asked)]
