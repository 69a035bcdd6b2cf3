"""The conversation pane: asking, streaming, stopping, asking again."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from qa.answer import Question
from vectorstore.view import Filters
from web.access import clearance_of
from web.conversation import Conversation, Exchange
from web.desk import Desk, NotReady
from web.render_answer import render_live, render_transcript

log = logging.getLogger(__name__)

States = Iterator[tuple[Conversation, str, str]]
"""(conversation, earlier exchanges as HTML, last exchange as HTML), as often as something is new."""


def ask(
    desk: Desk, text: str, conversation: Conversation, filters: Filters, request: gr.Request | None
) -> States:
    """Ask a question in a conversation; every state is whole."""
    question = Question(text.strip(), conversation.history(), filters)
    if not question.text:
        yield shown(conversation)
        return
    conversation = conversation.asking(question.text, filters)
    yield shown(conversation)
    exchange = conversation.exchanges[-1]
    try:
        for answer in desk.chain(clearance_of(request)).stream(question):
            exchange = replace(exchange, answer=answer)
            yield shown(conversation.with_last(exchange))
    except NotReady as problem:
        yield shown(conversation.with_last(replace(exchange, problem=str(problem))))


def shown(conversation: Conversation) -> tuple[Conversation, str, str]:
    """A conversation with its HTML."""
    return conversation, str(render_transcript(conversation)), str(render_live(conversation))


def stopped(conversation: Conversation) -> tuple[Conversation, str, str]:
    """A conversation whose last answer was cut off by the reader."""
    if not conversation.exchanges:
        return shown(conversation)
    last: Exchange = conversation.exchanges[-1]
    if last.answer is not None and last.answer.done:
        return shown(conversation)
    if last.answer is None:
        return shown(conversation.with_last(replace(last, problem="You stopped this question.")))
    return shown(conversation.with_last(replace(last, answer=replace(last.answer, done=True), stopped=True)))


def data_of(event: gr.EventData) -> dict[str, Any]:
    """What the page sent along with an event."""
    return event._data if isinstance(event._data, dict) else {}
