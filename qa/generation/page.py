"""An answer as a chat model writes it: sentences with their checks, their readings as they come, citations numbered."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

from cables import Role
from qa.answer import Answer, Citation, ProofLevel, Sentence, banner
from qa.generation.citation_parser import Proof
from qa.generation.quotation import lead
from qa.llm.streaming import POLL_SECONDS, Meter, ModelFailed
from qa.text.analysis import analyse
from qa.verification.checker import Check, CitedParagraph, check, with_reading
from qa.verification.reading import Claim, Reader, Reading
from qa.verification.sources import SourceLookup
from vectorstore.retrieval.evidence import Evidence

MAX_SENTENCES = 20
"""Shown of an answer; eight are asked for."""
READING_BATCH = 3
"""Sentences that go to the second reading at once while the model writes."""
MIN_SHARED_WORDS = 0.5
"""Share of the words of a sentence without a marker that a paragraph must have to be taken for its source."""

_OWN_VOICE_RE = re.compile(
    r"\b(?:embassy|consulate|mission|post|comment\w*|cable|assess\w*|according|we|our)\b", re.IGNORECASE
)
ENDED_RE = re.compile(r"[.!?][\"'”’)]*\s*$")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A sentence of the page with what it cites and what is known of it."""

    text: str
    cited: tuple[Evidence, ...]
    check: Check
    context: str


class Page:
    """The answer as it grows. A context manager: at its end no reading goes on."""

    def __init__(
        self, by_key: Mapping[str, Evidence], lookup: SourceLookup, reader: Reader | None, meter: Meter
    ) -> None:
        self._by_key = by_key
        self._lookup = lookup
        self._reader = reader
        self._meter = meter
        self._entries: list[_Entry] = []
        self._unread: list[int] = []
        self._reading: dict[Future[list[Reading]], list[int]] = {}
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="reading") if reader else None

    def __enter__(self) -> "Page":
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)

    @property
    def claims(self) -> int:
        """How many sentences of the model are on it."""
        return len(self._entries)

    def add(self, text: str, proofs: Sequence[Proof]) -> None:
        """Check a claim and put it on the page. Raises ModelFailed where the model comes to no end."""
        if len(self._entries) == MAX_SENTENCES or any(text == entry.text for entry in self._entries):
            raise ModelFailed("The model did not come to an end and was stopped.")
        cited, known = self._checked(text, proofs)
        context = self._entries[-1].text if self._entries else ""
        self._entries.append(_Entry(text, cited, known, context))
        if not (known.final or known.level.verified):
            self._unread.append(len(self._entries) - 1)
        if len(self._unread) == READING_BATCH:
            self._send()

    def _checked(self, text: str, proofs: Sequence[Proof]) -> tuple[tuple[Evidence, ...], Check]:
        given = [proof for proof in proofs if proof.key in self._by_key]
        if proofs and not given:
            return (), _uncited("it cites a paragraph that was not given")
        if not proofs:
            return self._unmarked(text)
        cited = [CitedParagraph(self._lookup.of(self._by_key[proof.key]), proof.quote) for proof in given]
        paragraphs = {self._by_key[proof.key].key: self._by_key[proof.key] for proof in given}
        return tuple(paragraphs.values()), check(text, cited)

    def _unmarked(self, text: str) -> tuple[tuple[Evidence, ...], Check]:
        """A sentence without a marker gets the paragraph that shares most of its words."""
        if not ENDED_RE.search(text):
            return (), _uncited("the model broke off in it")
        said = analyse(text).lemmas
        shared = {key: len(said & analyse(e.text).lemmas) for key, e in self._by_key.items()}
        best = max(shared, key=lambda key: shared[key])
        if shared[best] < MIN_SHARED_WORDS * max(1, len(said)):
            return (), _uncited("it cites nothing, and no paragraph given says it")
        evidence = self._by_key[best]
        return (evidence,), check(text, [CitedParagraph(self._lookup.of(evidence))])

    def _send(self) -> None:
        """Have the waiting sentences read."""
        if self._pool and self._reader and self._unread:
            numbers, self._unread = self._unread, []
            entries = [self._entries[n] for n in numbers]
            claims = [Claim(e.text, tuple(map(self._lookup.of, e.cited)), e.context) for e in entries]
            self._reading[self._pool.submit(self._reader.read, claims, self._meter)] = numbers

    def readings(self, timeout: float) -> Iterator[None]:
        """Wait for all readings, `timeout` seconds at most; comes back whenever one may be there."""
        self._send()
        end = time.monotonic() + timeout
        while self._reading and time.monotonic() < end:
            wait(self._reading, min(POLL_SECONDS, end - time.monotonic()), return_when="FIRST_COMPLETED")
            self._collect()
            yield

    def _collect(self) -> None:
        for future in [future for future in self._reading if future.done()]:
            for n, reading in zip(self._reading.pop(future), future.result(), strict=True):
                entry = self._entries[n]
                self._entries[n] = replace(entry, check=with_reading(entry.text, entry.check, reading))

    def state(self, draft: Answer) -> Answer:
        """The draft with what stands on the page."""
        self._collect()
        citations: dict[str, Citation] = {}
        for entry in self._entries:
            for evidence in entry.cited:
                own = Citation(len(citations) + 1, evidence, (), entry.check.level)
                citations[evidence.key] = _joined(citations.get(evidence.key, own), entry.check)
        numbers = {key: citation.n for key, citation in citations.items()}
        return replace(
            draft,
            sentences=tuple(_sentence(entry, numbers) for entry in self._entries),
            citations=tuple(citations.values()),
            banner=banner(tuple(citations.values())),
        )


def _uncited(reason: str) -> Check:
    return Check(ProofLevel.REFUTED, reason, {}, final=True)


def _joined(citation: Citation, known: Check) -> Citation:
    """A citation with what one more sentence rests on there."""
    quotes = dict.fromkeys((*citation.quotes, *known.quotes.get(citation.evidence.key, ())))
    levels = list(ProofLevel)
    best = min(citation.level, known.level, key=levels.index)
    return replace(citation, quotes=tuple(quotes), level=best)


def _sentence(entry: _Entry, numbers: Mapping[str, int]) -> Sentence:
    refuted = entry.check.level is ProofLevel.REFUTED
    return Sentence(
        entry.text,
        tuple(numbers[evidence.key] for evidence in entry.cited),
        entry.check.level,
        lead=(lead(entry.cited[0]) if refuted else _lead(entry.text, entry.cited)) if entry.cited else "",
        reason=entry.check.reason,
        instead=" ".join(q for quotes in entry.check.quotes.values() for q in quotes) if refuted else "",
    )


def _lead(text: str, cited: Sequence[Evidence]) -> str:
    """Who speaks, where the sentence does not say that it is the embassy's own view or a quoted text."""
    roles = {evidence.role for evidence in cited}
    post = cited[0].found.post or "The embassy"
    if roles == {Role.COMMENT} and not _OWN_VOICE_RE.search(text):
        return f"{post} comments:"
    if roles == {Role.QUOTED} and not re.search(
        r"\b(?:text|letter|statement|quot\w+|document|reads?)\b", text
    ):
        return f"A text quoted by {post} says:"
    return ""
