"""What an answer is: sentences, each with its citations, and the evidence behind them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from cables import Marking, MarkingState, ids
from cables.marking import merge_markings
from vectorstore.query import Filters
from vectorstore.retrieval.evidence import Evidence

_WRITTEN_CITATION_RE = re.compile(r"(?P<id>\d{2}[A-Z]+\d+) ?¶ ?(?P<number>\d+)")


class Kind(StrEnum):
    """What kind of answer a question asks for."""

    PASSAGE = "passage"
    """What one or a few paragraphs say."""
    CABLE = "cable"
    """A cable as a whole."""
    PROFILE = "profile"
    """Who or what somebody or something is."""
    LIST = "list"
    """Several things, an item each."""
    COUNT = "count"
    """How many cables."""
    LATEST = "latest"
    """The latest or the first cable."""
    TIMELINE = "timeline"
    COMPARISON = "comparison"
    OVERVIEW = "overview"
    """What the archive says about a broad topic."""
    PHRASE = "phrase"
    """Where given words stand, verbatim."""
    KEYWORD = "keyword"
    """Words without a sentence."""
    ABOUT = "about"
    """The archive, Reftel, a greeting."""


class SlotKind(StrEnum):
    """What can be read out of a question."""

    PHRASE = "phrase"
    CABLE = "cable"
    NAME = "name"
    POST = "post"
    TAG = "tag"
    LEVEL = "level"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Slot:
    """Something that was read out of a question: words as printed, a TAGS code, a level's label."""

    kind: SlotKind
    value: str
    carried: bool = False
    """It comes from the conversation, not from the question."""


class Outcome(StrEnum):
    """How far the archive answers: fully proven, closest passages only, or not at all."""

    ANSWERED = "answered"
    CLOSEST = "closest"
    REFUSED = "refused"


class ProofLevel(StrEnum):
    """How far a sentence is proven by what it cites."""

    VERBATIM = "verbatim"
    """The cable's own words."""
    CONFIRMED = "confirmed"
    """In other words; it passed the fact checks, and a reading against its paragraph where it is free prose."""
    CITED = "cited"
    """Its quote stands there; the wording is the model's, and nobody has confirmed it."""
    CATALOG = "catalog"
    """Counted, or a field of a cable: from the catalog, exactly."""
    REFUTED = "refuted"
    """Not what the paragraph says; never shown as a claim."""

    @property
    def verified(self) -> bool:
        """Whether a reader may take the sentence for the paragraph's."""
        return self in (ProofLevel.VERBATIM, ProofLevel.CONFIRMED, ProofLevel.CATALOG)


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of a conversation; `role` is "user" or "assistant"."""

    role: str
    content: str
    cited: tuple[str, ...] = ()
    """Keys of the paragraphs, or ids of the cables, that an answer cited."""


def read_turns(rows: Iterable[Mapping[str, Any]] | None) -> tuple[Turn, ...]:
    """A conversation as files of questions and programs hold it, citations in its text or as `cited`.

    Raises KeyError or TypeError where a turn is none.
    """
    return tuple(_read_turn(str(row["role"]), str(row["content"]), row.get("cited")) for row in rows or ())


def _read_turn(role: str, content: str, cited: Iterable[Any] | None) -> Turn:
    if role == "user":
        return Turn(role, content)
    keys = [str(key) for key in cited or ()] or _written_citations(content)
    return Turn(role, content, tuple(dict.fromkeys(keys)))


def _written_citations(content: str) -> list[str]:
    """The keys of paragraphs (`08BEIJING1488 ¶2`) that a text names, else the ids of its cables."""
    keys = [f"{match['id']}.{match['number']}" for match in _WRITTEN_CITATION_RE.finditer(content)]
    return keys or [mention.id for mention in ids.find(content)]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the words, the conversation before them, and the filters that the reader set."""

    text: str
    history: tuple[Turn, ...] = ()
    filters: Filters = Filters()
    standalone: bool = False
    """The reader says that this is no follow-up."""
    kind: Kind | None = None
    """The kind that the reader chose; None: decided from the question."""
    dropped: tuple[Slot, ...] = ()
    """The reader says that these were not meant."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence's proof: the paragraph, and the quoted span inside it (verbatim reading text)."""

    n: int
    """The marker's number, from 1, in the order in which the reader meets it."""
    evidence: Evidence
    quotes: tuple[str, ...]
    """Verbatim sentences of the paragraph's text that support what is said."""
    level: ProofLevel
    """The best level among the sentences that cite it."""

    @property
    def verified(self) -> bool:
        """Whether it proves a sentence."""
        return self.level.verified


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the answer; `lead` says who speaks where it is not plain ("The embassy comments:")."""

    text: str
    citations: tuple[int, ...]
    """Numbers of its citations."""
    level: ProofLevel
    lead: str = ""
    reason: str = ""
    """Why it has no higher level, for the reader; empty where it is verified."""
    instead: str = ""
    """The paragraph's own words, shown in the place of a refuted sentence."""
    elided: bool = False
    """Something of the paragraph was left out before this sentence."""

    @property
    def verified(self) -> bool:
        """Whether a reader may take it for the paragraph's."""
        return self.level.verified

    @property
    def shown(self) -> str:
        """What stands in the answer: the sentence, or in the place of a refuted one the paragraph's words."""
        return self.instead if self.level is ProofLevel.REFUTED else self.text

    @property
    def words(self) -> str:
        """What stands in the answer, with who speaks and a sign for what was left out; may be empty."""
        parts = (self.lead, "[...]" if self.elided else "", self.shown)
        return " ".join(filter(None, parts)) if self.shown else ""


class BlockKind(StrEnum):
    """How the sentences of a block are set."""

    PROSE = "prose"
    ROWS = "rows"
    """An item each: a cable, an event."""
    TABLE = "table"
    """A column of a table; the blocks beside it are its other columns."""


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences `start` (included) to `end` (excluded) of an answer, under a title."""

    kind: BlockKind
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How what was counted falls to years or posts: (label, cables), under a title."""

    title: str
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a chat model was asked for an answer: calls, tokens in and out, seconds of waiting."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.calls + other.calls,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            self.seconds + other.seconds,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or one being written (`done` is false). Every streamed state is whole."""

    question: str
    outcome: Outcome = Outcome.ANSWERED
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    parts: tuple[tuple[Evidence, ...], ...] = ()
    """The evidence of each part of a question: the sides of a comparison; the whole and its parts."""
    kind: Kind = Kind.PASSAGE
    """What kind of answer was asked for."""
    blocks: tuple[Block, ...] = ()
    """How the sentences are set; those in none are prose."""
    banner: Marking | None = None
    """The highest marking among the cited paragraphs, with all their caveats."""
    notice: str = ""
    """One line about how the answer came about, such as a fallback."""
    absent: tuple[str, ...] = ()
    """Names in the question that stand nowhere in the archive."""
    meant: tuple[str, ...] = ()
    """Questions that may have been meant: with names of the archive in the place of one that stands nowhere."""
    meaning: str = ""
    """The question as it was searched: a follow-up with what it points back to."""
    interpretation: str = ""
    """What a follow-up was taken to mean; empty where the question stands alone."""
    slots: tuple[Slot, ...] = ()
    """What was read out of the question and the conversation."""
    listed: Filters | None = None
    """What was counted: the filters of the whole list."""
    tallies: tuple[Tally, ...] = ()
    """What was counted, broken down."""
    model: str = ""
    """The chat model that wrote it; empty for quotes."""
    gap: str = ""
    """What the archive does not say of what was asked, in the model's words."""
    steps: tuple[str, ...] = ()
    """What is done for the answer, in order: "Searching Embassy Madrid, 2005"."""
    usage: Usage = Usage()
    """What the chat models were asked."""
    seconds: float = 0.0
    done: bool = True

    @property
    def refused(self) -> bool:
        """Whether the archive does not answer; closest passages count as an answer with a warning."""
        return self.outcome is Outcome.REFUSED

    @property
    def banner_words(self) -> tuple[str, str]:
        """The banner for people, and how it came about; two empty strings where there is none."""
        states = {citation.evidence.found.marking_state for citation in self.citations}
        if self.banner is None:
            return "", ""
        if MarkingState.NOT_READABLE in states:
            return str(self.banner), "marking not readable: held at the highest level that its cable shows"
        if states == {MarkingState.NOT_MARKED}:
            return "NOT MARKED", "the texts cited bear no marking"
        return str(self.banner), "as marked at the time"

    @property
    def paragraphs(self) -> list[tuple[str, list[Sentence]]]:
        """What is shown, each with the title above it: sentences that cite the same, in a list each row."""
        titles = {block.start: block.title for block in self.blocks}
        rows = {n for b in self.blocks if b.kind is BlockKind.ROWS for n in range(b.start, b.end)}
        found: list[tuple[str, list[Sentence]]] = []
        for place, sentence in enumerate(self.sentences):
            begins = place in titles or (place in rows and bool(sentence.lead))
            if found and not begins and found[-1][1][-1].citations == sentence.citations:
                found[-1][1].append(sentence)
            else:
                found.append((titles.get(place, ""), [sentence]))
        return found

    @property
    def text(self) -> str:
        """The answer as plain text with [1] markers."""
        return plain_text(self)

    def shortened(self, sentences: int) -> "Answer":
        """The answer with its first sentences alone, and what they cite."""
        kept = self.sentences[:sentences]
        cited = {n for sentence in kept for n in sentence.citations}
        citations = tuple(citation for citation in self.citations if citation.n in cited)
        blocks = tuple(
            replace(block, end=min(block.end, sentences)) for block in self.blocks if block.start < sentences
        )
        return replace(
            self, sentences=kept, citations=citations, blocks=blocks, tallies=(), banner=banner(citations)
        )


def banner(citations: Iterable[Citation]) -> Marking | None:
    """The highest level with all caveats of the cited paragraphs; None where nothing is cited."""
    return merge_markings(citation.evidence.marking for citation in citations)


def plain_text(answer: Answer) -> str:
    """The paragraphs of an answer under their titles, each with the markers of what it cites."""
    lines: list[str] = []
    for title, sentences in answer.paragraphs:
        if title:
            lines.append(title if title.endswith("?") else f"{title}:")
        if words := " ".join(filter(None, (sentence.words for sentence in sentences))):
            lines.append(words + "".join(f" [{n}]" for n in sentences[0].citations))
    return "\n\n".join([*lines, answer.gap] if answer.gap else lines)
