"""An exchange as HTML: question, what was searched, sentences with their markers, sources, evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from cables.glossary import tag_name
from qa.answer import Answer, Citation, Sentence
from vectorstore.query import QueryHints
from vectorstore.retrieval.evidence import Evidence
from web.render.charts import timeline
from web.render.evidence import FoundItem, Source, found_items, further_questions, nearest_cables, sources_of
from web.render.export import render_save
from web.render.filters import filter_words
from web.render.formatting import day_words
from web.render.templating import render
from web.services.conversation import Conversation, Exchange


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences with the same sources, and the citations whose markers stand behind the last."""

    sentences: Sequence[Sentence]
    citations: Sequence[Citation]


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """What exchange.html shows of an exchange besides its answer; `id` is unique on the page."""

    id: str
    place: int
    hints: Sequence[str] = ()
    """What was read out of the question, a phrase each."""
    limits: Sequence[str] = ()
    """The filters that the reader had set, in words."""
    blocks: Sequence[Block] = ()
    nearest: Sequence[Evidence] = ()
    sources: Sequence[Source] = ()
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
        view = _view(id, place, exchange, exchange.answer, earlier if last else (), last)
    return render("exchange.html", exchange=exchange, answer=exchange.answer, view=view)


def _view(
    id: str, place: int, exchange: Exchange, answer: Answer, earlier: Sequence[Answer], last: bool
) -> ExchangeView:
    return ExchangeView(
        id,
        place,
        hints=hint_words(answer.hints),
        limits=[words for _, _, words in filter_words(exchange.filters)],
        blocks=_blocks(answer),
        nearest=nearest_cables(answer.evidence),
        sources=sources_of(answer),
        found=found_items(answer),
        timeline=timeline(answer),
        save=render_save([answer], "Save as"),
        save_all=render_save([*earlier, answer], "Save the conversation as") if earlier else None,
        how=_how(answer),
        further=further_questions(answer) if last else (),
    )


def hint_words(hints: QueryHints) -> list[str]:
    """What a question names, a phrase each."""
    words = [*hints.cables, *hints.posts, *(tag_name(code) or code for code in hints.tags)]
    words += [level.label.lower() for level in hints.levels]
    if hints.since or hints.until:
        since, until = hints.since, hints.until
        words.append(day_words(since) if since == until else f"{day_words(since)} to {day_words(until)}")
    return words


def _blocks(answer: Answer) -> list[Block]:
    citations = {citation.n: citation for citation in answer.citations}
    return [
        Block(list(sentences), [citations[n] for n in cited if n in citations])
        for cited, sentences in groupby(answer.sentences, key=lambda sentence: sentence.citations)
    ]


def _how(answer: Answer) -> str:
    """How the answer came about."""
    if answer.refused:
        return "Searched"
    if not answer.model:
        return "Quoted word for word"
    usage = answer.usage
    tokens = f"{usage.tokens_in + usage.tokens_out:,} tokens in {usage.calls} calls" if usage.calls else ""
    return ", ".join(filter(None, (f"Written by {answer.model}, checked against the paragraphs", tokens)))
