"""An exchange as HTML: question, what was searched, sentences with their markers, sources, evidence.

Pure functions. All text that is not ours goes through Markup.format, which escapes it.
"""

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from cables.glossary import tag_name
from qa.answer import Answer, Citation, Outcome, ProofLevel, Sentence
from vectorstore.query import Filters, QueryHints
from web.render.evidence import (
    further_questions,
    reads,
    render_found,
    render_further,
    render_refusal,
    render_sources,
)
from web.render.export import render_save
from web.render.filters import filter_words
from web.render.formatting import address, day_words, duration, level_class, spoken
from web.render.markup import NOTHING, fill, join
from web.services.conversation import Conversation, Exchange


def render_transcript(conversation: Conversation) -> str:
    """All exchanges but the last, which streams in a place of its own."""
    places = range(len(conversation.exchanges) - 1)
    return "".join(render_exchange(conversation, place) for place in places)


def render_live(conversation: Conversation) -> str:
    """The last exchange."""
    return render_exchange(conversation, len(conversation.exchanges) - 1) if conversation.exchanges else ""


def render_exchange(conversation: Conversation, place: int) -> str:
    """One question with its answer; DOM ids are unique over conversations and places."""
    exchange = conversation.exchanges[place]
    ident = f"{conversation.id}-{place}"
    return fill(
        '<article class="exchange" id="x{ident}" data-place="{place}">'
        '<div class="question"><h2>{question}</h2>{tools}</div>{body}</article>',
        ident=ident,
        place=place,
        question=exchange.question,
        tools=_question_tools(place),
        body=_body(
            exchange,
            ident,
            place,
            last=place == len(conversation.exchanges) - 1,
            earlier=[e.answer for e in conversation.exchanges[:place] if e.answer and e.answer.done],
        ),
    )


def _question_tools(place: int) -> Markup:
    button = Markup('<button type="button" class="tool" data-do="{}" data-place="{}">{}</button>')
    return fill(
        '<div class="tools">{}{}</div>',
        button.format("edit", place, "Edit"),
        button.format("retry", place, "Ask again"),
    )


def _body(exchange: Exchange, ident: str, place: int, last: bool, earlier: Sequence[Answer]) -> Markup:
    answer = exchange.answer
    if exchange.problem:
        return fill('<p class="problem" role="alert">{}</p>', exchange.problem)
    if answer is None:
        return Markup('<p class="searching" role="status">Searching the archive</p>')
    stopped = Markup('<p class="notice">You stopped this answer.</p>') if exchange.stopped else NOTHING
    main = render_refusal(answer) if answer.refused else _prose(answer, ident, place)
    parts = [
        _searched(answer, exchange.filters, place),
        _banner(answer),
        main,
        stopped,
        render_sources(answer, ident, place),
    ]
    if answer.done:
        parts += [render_found(answer, ident), _foot(answer, place, earlier if last else ())]
        parts.append(render_further(further_questions(answer)) if last else NOTHING)
    return fill('<div class="answer" id="a{}">{}</div>', ident, join(parts))


# What was searched


def _searched(answer: Answer, filters: Filters, place: int) -> Markup:
    """How the question was understood, what was read out of it, and the filters that were set by hand."""
    hints = [fill('<span class="hint">{}</span>', text) for text in hint_words(answer.hints)]
    parts: list[Markup] = []
    if answer.interpretation:
        parts.append(fill("<span>Understood as <q>{}</q> {}</span>", answer.interpretation, _alone(place)))
    if hints:
        parts.append(fill("<span>Read out of the question: {}</span>", join(hints, " ")))
    if filters:
        chips = join(
            (fill('<span class="only">{}</span>', words) for _, _, words in filter_words(filters)), " "
        )
        parts.append(fill("<span>Limited by you to: {}</span>", chips))
    return fill('<p class="searched">{}</p>', join(parts, " ")) if parts else NOTHING


def _alone(place: int) -> Markup:
    return fill(
        '<button type="button" class="tool" data-do="retry" data-alone="1" data-place="{}">Ask it on its own</button>',
        place,
    )


def hint_words(hints: QueryHints) -> list[str]:
    """What a question names, a phrase each."""
    words = [*hints.cables, *hints.posts, *(tag_name(code) or code for code in hints.tags)]
    words += [level.label.lower() for level in hints.levels]
    if hints.since or hints.until:
        since, until = hints.since, hints.until
        words.append(day_words(since) if since == until else f"{day_words(since)} to {day_words(until)}")
    return words


def _banner(answer: Answer) -> Markup:
    if answer.banner is None:
        return NOTHING
    return fill(
        '<p class="banner {}"><strong>{}</strong> '
        "<span>highest marking cited, as marked at the time</span></p>",
        level_class(answer.banner),
        answer.banner,
    )


# Sentences


def _prose(answer: Answer, ident: str, place: int) -> Markup:
    parts: list[Markup] = []
    if answer.outcome is Outcome.CLOSEST:
        parts.append(
            Markup('<p class="notice">The archive does not say this outright. The closest passages:</p>')
        )
    if answer.notice:
        parts.append(fill('<p class="notice">{}</p>', answer.notice))
    for _, group in groupby(answer.sentences, key=lambda sentence: sentence.citations):
        parts.append(_block(list(group), answer, ident, place))
    return fill(
        '<div class="prose-text" aria-live="polite" aria-busy="{}">{}</div>',
        "false" if answer.done else "true",
        join(parts),
    )


def _block(sentences: Sequence[Sentence], answer: Answer, ident: str, place: int) -> Markup:
    """Sentences with the same sources, with the markers behind the last."""
    citations = {citation.n: citation for citation in answer.citations}
    words = join((_sentence(sentence) for sentence in sentences), " ")
    markers = join(_marker(citations[n], ident, place) for n in sentences[-1].citations if n in citations)
    return fill("<p>{}{}</p>", words, fill("&#8288;{}", markers) if markers else "")


def _sentence(sentence: Sentence) -> Markup:
    text = fill(
        "<span{}>{}{}</span>",
        Markup(' class="around"') if sentence.around else "",
        "[…] " if sentence.elided else "",
        sentence.text,
    )
    if sentence.level is ProofLevel.REFUTED:
        text = fill(
            '<s>{}</s> <span class="unverified" title="{}">not verified</span>',
            text,
            sentence.reason or "The cited paragraph does not bear this sentence out.",
        )
    lead = fill('<span class="lead">{}</span> ', sentence.lead) if sentence.lead else NOTHING
    return lead + text


def _marker(citation: Citation, ident: str, place: int) -> Markup:
    evidence = citation.evidence
    return fill('<a class="marker{}" href="{}" {} aria-label="Source {}: {}, {}" data-tip="q{}-{}">{}</a>', 
        "" if citation.verified else " doubtful", address(evidence.cable_id, evidence.key),
        reads(evidence, place, citation.n), citation.n, evidence.cable_id, spoken(evidence.found.paragraph),
        ident, citation.n, citation.n,
    )  # fmt: skip


def _foot(answer: Answer, place: int, earlier: Sequence[Answer]) -> Markup:
    """How the answer came about, and ways to take it along, or the conversation that it ends."""
    how = (
        f"Written by {answer.model}, checked against the paragraphs"
        if answer.model
        else "Quoted word for word"
    )
    if answer.refused:
        how = "Searched"
    copy = Markup(
        '<button type="button" class="tool" data-do="copy" data-place="{}">Copy with sources</button>'
    )
    return fill(
        '<div class="foot">{}{}{}<span>{}, {}</span></div>',
        copy.format(place) if not answer.refused else "",
        render_save([answer], "Save as"),
        render_save([*earlier, answer], "Save the conversation as") if earlier else "",
        how,
        duration(answer.seconds),
    )
