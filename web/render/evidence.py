"""What an answer rests on, and what else was found: evidence with reasons, nearest cables, what to ask next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cables.glossary.name_words import full_names
from qa.answer import Answer, Citation, Kind
from qa.export.citation_style import CitationStyle, NoteSequence
from vectorstore.retrieval.evidence import Evidence
from web.render.formatting import SIGNALS
from web.render.text import find_quote, marked

MAX_NEAREST_CABLES = 5
MAX_FOUND_PARAGRAPHS = 12
MAX_FURTHER_QUESTIONS = 3
MIN_SIGNAL = 0.005
"""A smaller part of the score, of either sign, is not worth a line."""
STRENGTHS = ((0.5, "strongly"), (0.15, "partly"), (0.0, "slightly"))
"""What a signal's part of the score is called, from this share on."""


@dataclass(frozen=True, slots=True)
class Source:
    """A cited paragraph with its quotes marked: among the sentences around them, and the whole of it."""

    citation: Citation
    context: Markup
    paragraph: Markup
    note: str
    """Its footnote, as it stands behind those before it."""


def sources_of(answer: Answer, style: CitationStyle) -> list[Source]:
    """The answer's citations, each with what its card shows, and its note."""
    notes = NoteSequence(style)
    return [
        Source(
            citation,
            marked(context_of(citation), citation.quotes),
            marked(citation.evidence.text, citation.quotes),
            notes.note(citation.evidence.found),
        )
        for citation in answer.citations
    ]


def context_of(citation: Citation) -> str:
    """The paragraph's text from the sentence before the first quote to the one behind the last."""
    text, pieces = citation.evidence.text, [sentence.piece for sentence in citation.evidence.sentences]
    spans = [span for quote in citation.quotes if (span := find_quote(text, quote))]
    if not spans:
        return text
    start, stop = min(spans)[0], max(end for _, end in spans)
    before = [piece.start for piece in pieces if piece.end <= start]
    after = [piece.end for piece in pieces if piece.start >= stop]
    return text[before[-1] if before else 0 : after[0] if after else len(text)].strip()


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason why a paragraph was found, how much it counted in words, and as a share from 0 to 1."""

    words: str
    strength: str
    share: float


@dataclass(frozen=True, slots=True)
class FoundItem:
    """A paragraph that was found, and why."""

    evidence: Evidence
    signals: Sequence[Signal]


def found_items(answer: Answer) -> list[FoundItem]:
    """Evidence that the answer does not cite."""
    cited = {citation.evidence.key for citation in answer.citations}
    others = [evidence for evidence in answer.evidence if evidence.key not in cited]
    return [FoundItem(evidence, _signals(evidence)) for evidence in others[:MAX_FOUND_PARAGRAPHS]]


def _signals(evidence: Evidence) -> list[Signal]:
    return [
        Signal(SIGNALS.get(name, name), _strength(value), min(max(value, 0.0), 1.0))
        for name, value in evidence.why.items()
        if abs(value) >= MIN_SIGNAL
    ]


def _strength(value: float) -> str:
    return next((words for least, words in STRENGTHS if value >= least), "speaks against it")


def nearest_cables(evidence: Iterable[Evidence]) -> list[Evidence]:
    """The best paragraph of each of the nearest cables."""
    best: dict[str, Evidence] = {}
    for item in evidence:
        best.setdefault(item.cable_id, item)
    return list(best.values())[:MAX_NEAREST_CABLES]


def further_questions(answer: Answer) -> list[str]:
    """Questions that the cited paragraphs themselves answer: their cable as a whole, where they name somebody."""
    if not answer.citations:
        return []
    asked = answer.question.lower()
    cables = dict.fromkeys(citation.evidence.cable_id for citation in answer.citations)
    quoted = " ".join(quote for citation in answer.citations for quote in citation.quotes)
    names = [name for name in full_names(quoted) if name.lower() not in asked]
    whole = [f"Summarise {id}" for id in cables if answer.kind is not Kind.CABLE and id.lower() not in asked]
    about = [f"How many cables mention {names[0]}?", f"When is {names[0]} first mentioned?"] if names else []
    return [*whole[:1], *about][:MAX_FURTHER_QUESTIONS]
