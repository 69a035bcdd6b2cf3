"""An exchange as HTML: question, what was searched, sentences with their markers, sources, evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from markupsafe import Markup

from cables.glossary import tag_name
from qa.answer import Answer, BlockKind, Citation, Kind, Sentence, Slot, SlotKind
from qa.export.citation_style import CitationStyle, records
from vectorstore.retrieval.evidence import Evidence
from web.render.charts import timeline
from web.render.evidence import FoundItem, Source, found_items, further_questions, nearest_cables, sources_of
from web.render.export import render_save
from web.render.filters import filter_words
from web.render.formatting import counted
from web.render.templating import render
from web.services.conversation import Conversation, Exchange

KINDS = {
    Kind.PASSAGE: "passage",
    Kind.LIST: "list",
    Kind.COUNT: "count",
    Kind.LATEST: "latest cable",
    Kind.TIMELINE: "timeline",
    Kind.OVERVIEW: "overview",
    Kind.PROFILE: "profile",
    Kind.COMPARISON: "comparison",
    Kind.CABLE: "one cable",
    Kind.PHRASE: "exact words",
    Kind.KEYWORD: "keywords",
    Kind.ABOUT: "about Reftel",
}
"""What a reader calls each kind of answer."""
LIKELY_KINDS = {
    Kind.PASSAGE: (Kind.LIST, Kind.TIMELINE, Kind.OVERVIEW),
    Kind.LIST: (Kind.PASSAGE, Kind.COUNT, Kind.OVERVIEW),
    Kind.COUNT: (Kind.LIST, Kind.LATEST, Kind.PASSAGE),
    Kind.LATEST: (Kind.TIMELINE, Kind.LIST, Kind.PASSAGE),
    Kind.TIMELINE: (Kind.OVERVIEW, Kind.LIST, Kind.PASSAGE),
    Kind.OVERVIEW: (Kind.TIMELINE, Kind.LIST, Kind.PASSAGE),
    Kind.PROFILE: (Kind.TIMELINE, Kind.PASSAGE, Kind.LIST),
    Kind.COMPARISON: (Kind.OVERVIEW, Kind.TIMELINE, Kind.PASSAGE),
    Kind.CABLE: (Kind.PASSAGE, Kind.OVERVIEW, Kind.LIST),
    Kind.PHRASE: (Kind.COUNT, Kind.KEYWORD, Kind.PASSAGE),
    Kind.KEYWORD: (Kind.PASSAGE, Kind.COUNT, Kind.PHRASE),
    Kind.ABOUT: (Kind.PASSAGE, Kind.COUNT, Kind.LIST),
}
"""As what else a question of each kind may be meant."""


@dataclass(frozen=True, slots=True)
class SentenceGroup:
    """Sentences with the same sources, and the citations whose markers stand behind the last."""

    sentences: Sequence[Sentence]
    citations: Sequence[Citation]


@dataclass(frozen=True, slots=True)
class Column:
    """Sentences under a title, which may be empty."""

    title: str
    groups: Sequence[SentenceGroup]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of an answer: prose, rows, or the columns of a table beside each other."""

    kind: BlockKind
    columns: list[Column]


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """What exchange.html shows of an exchange besides its answer; `id` is unique on the page."""

    id: str
    place: int
    kind: str = ""
    likely_kinds: Sequence[Kind] = ()
    other_kinds: Sequence[Kind] = ()
    slots: Sequence[tuple[Slot, str]] = ()
    """What was read out of the question, with its words."""
    limits: Sequence[str] = ()
    """The filters that the reader had set, in words."""
    searchable: str = ""
    """What of the question can be searched in all texts: its names and phrases."""
    segments: Sequence[Segment] = ()
    nearest: Sequence[Evidence] = ()
    sources: Sequence[Source] = ()
    records: str = ""
    """Of the cables cited, in citation styles that have records."""
    found: Sequence[FoundItem] = ()
    timeline: Markup | None = None
    save: Markup | None = None
    save_all: Markup | None = None
    how: str = ""
    further: Sequence[str] = ()


def render_transcript(conversation: Conversation) -> Markup:
    """All exchanges but the last, which streams in a place of its own."""
    places = range(len(conversation.exchanges) - 1)
    return Markup().join(render_exchange(conversation, place) for place in places)


def render_live(conversation: Conversation) -> Markup:
    """The last exchange."""
    last = len(conversation.exchanges) - 1
    return render_exchange(conversation, last) if conversation.exchanges else Markup()


def render_exchange(conversation: Conversation, place: int) -> Markup:
    """One question with its answer."""
    exchange = conversation.exchanges[place]
    id = f"{conversation.id}-{place}"
    if exchange.answer is None:
        view = ExchangeView(id, place)
    else:
        earlier = [e.answer for e in conversation.exchanges[:place] if e.answer and e.answer.done]
        last = place == len(conversation.exchanges) - 1
        saved = [*earlier, exchange.answer] if last and earlier else []
        view = replace(
            _view(id, place, exchange, exchange.answer, last, conversation.style),
            save=render_save([exchange.answer], "Save as", conversation.style),
            save_all=render_save(saved, "Save the conversation as", conversation.style) if saved else None,
        )
    return render("exchange.html", exchange=exchange, answer=exchange.answer, view=view, kinds=KINDS)


def _view(
    id: str, place: int, exchange: Exchange, answer: Answer, last: bool, style: CitationStyle
) -> ExchangeView:
    return ExchangeView(
        id,
        place,
        kind=KINDS[answer.kind],
        likely_kinds=LIKELY_KINDS[answer.kind],
        other_kinds=[k for k in KINDS if k is not answer.kind and k not in LIKELY_KINDS[answer.kind]],
        slots=shown_slots(answer.slots),
        limits=[words for _, _, words in filter_words(exchange.filters)],
        searchable=" ".join(
            f'"{s.value}"' for s in answer.slots if s.kind in (SlotKind.NAME, SlotKind.PHRASE)
        ),
        segments=segments_of(answer),
        nearest=nearest_cables(answer.evidence),
        sources=sources_of(answer, style),
        records=records([citation.evidence.found for citation in answer.citations], style),
        found=found_items(answer),
        timeline=timeline(answer),
        how=_how(answer),
        further=further_questions(answer) if last and not answer.refused else (),
    )


def shown_slots(slots: Sequence[Slot]) -> list[tuple[Slot, str]]:
    """The slots with their words, each words once: several TAGS have one name, and a month is also part of a period."""
    period = next((slot.value for slot in slots if slot.kind is SlotKind.PERIOD), "")
    found: dict[str, Slot] = {}
    for slot in slots:
        if slot.kind is not SlotKind.NAME or slot.value not in period:
            found.setdefault(slot_words(slot), slot)
    return [(slot, words) for words, slot in found.items()]


def slot_words(slot: Slot) -> str:
    """What a reader calls what was read out of a question."""
    if slot.kind is SlotKind.TAG:
        return tag_name(slot.value) or slot.value
    return f"“{slot.value}”" if slot.kind is SlotKind.PHRASE else slot.value


def segments_of(answer: Answer) -> list[Segment]:
    """The answer's blocks, the columns of a table together, and as prose what stands in none."""
    segments: list[Segment] = []
    at = 0
    for block in answer.blocks:
        if block.start > at:
            segments.append(Segment(BlockKind.PROSE, [_column(answer, at, block.start)]))
        column = _column(answer, block.start, block.end, block.kind, block.title)
        if block.kind is BlockKind.TABLE and segments and segments[-1].kind is BlockKind.TABLE:
            segments[-1].columns.append(column)
        else:
            segments.append(Segment(block.kind, [column]))
        at = block.end
    if at < len(answer.sentences):
        segments.append(Segment(BlockKind.PROSE, [_column(answer, at, len(answer.sentences))]))
    return segments


def _column(
    answer: Answer, start: int, end: int, kind: BlockKind = BlockKind.PROSE, title: str = ""
) -> Column:
    """Sentences `start` to `end`, each a row, or those with the same sources together."""
    citations = {citation.n: citation for citation in answer.citations}
    numbered = list(enumerate(answer.sentences[start:end]))
    grouped = groupby(numbered, key=lambda one: one if kind is BlockKind.ROWS else one[1].citations)
    groups = [[sentence for _, sentence in group] for _, group in grouped]
    return Column(
        title,
        [SentenceGroup(own, [citations[n] for n in own[0].citations if n in citations]) for own in groups],
    )


def _how(answer: Answer) -> str:
    """How the answer came about."""
    if answer.refused:
        return "Searched"
    if not answer.model:
        return "Quoted word for word"
    usage = answer.usage
    searches = len(answer.steps) + 1
    parts = [
        f"Written by {answer.model}, checked against the paragraphs",
        f"{searches} {'search' if searches == 1 else 'searches'}",
    ]
    if usage.calls:
        tokens = counted(usage.tokens_in + usage.tokens_out, "token")
        parts.append(f"{tokens} in {counted(usage.calls, 'call')}")
    return ", ".join(parts)
