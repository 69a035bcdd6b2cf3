"""A question of the page and its answer, state by state."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import gradio as gr

from qa.answer import Question, Slot, SlotKind
from qa.understanding.corrections import changed
from web.errors import message_for
from web.panes.models import chain_for
from web.render.answer import slot_words
from web.security import audit_log
from web.security.access import principal_of
from web.security.concurrency import question_slot
from web.services.archive_service import ArchiveService
from web.services.conversation import Conversation, Exchange
from web.services.questions import MAX_QUESTION_CHARS, checked_kind, checked_text, checked_turns

MAX_EXCHANGES = 100
"""Of a conversation, which is kept as a whole after each answer."""
FULL = f"This conversation has {MAX_EXCHANGES} questions, the most there can be: begin a new one."


def ask(
    service: ArchiveService,
    exchange: Exchange,
    conversation: Conversation,
    request: gr.Request | None,
    *,
    standalone: bool = False,
) -> Iterator[Conversation]:
    """The conversation with the question of an exchange and, more and more, its answer; every state is whole.

    `standalone`: the reader says that it is no follow-up.
    """
    text = exchange.question.strip()
    if not text:
        yield conversation
        return
    turns = checked_turns(conversation.history())
    exchange = replace(exchange, question=text[:MAX_QUESTION_CHARS])
    if len(conversation.exchanges) >= MAX_EXCHANGES:
        refused = replace(exchange, problem=FULL)
        full = len(conversation.exchanges) > MAX_EXCHANGES
        yield conversation.with_last(refused) if full else conversation.asking(refused)
        return
    conversation = conversation.asking(exchange)
    yield conversation
    audit_log.note(request, "ask", question=exchange.question)
    try:
        text = checked_text(text)
        question = Question(text, turns, exchange.filters, standalone, exchange.kind, exchange.dropped)
        with question_slot(principal_of(request)):
            for answer in chain_for(service, exchange.model, request).stream(question):
                exchange = replace(exchange, answer=answer)
                yield conversation.with_last(exchange)
    except BaseException as error:  # noqa: BLE001 - where all errors of a question end
        # Here and not on Gradio's failure event, which a question that was stopped may raise as well.
        yield conversation.with_last(replace(exchange, problem=message_for(error)))


def corrected(exchange: Exchange, data: Mapping[str, Any]) -> Exchange:
    """The question of an exchange as its reader wants it read: as another kind, without a slot, or with other words."""
    again = replace(exchange, answer=None, problem="", stopped=False)
    if data.get("kind"):
        return replace(again, kind=checked_kind(str(data["kind"])))
    slot = Slot(SlotKind(data["slot"]), str(data["value"]), bool(data.get("carried")))
    words = str(data.get("words", "")).strip()
    question = changed(exchange.question, slot, words) if words else exchange.question
    dropped = (*exchange.dropped, *_alike(slot, exchange)) if slot.carried or not words else exchange.dropped
    return replace(again, question=question, dropped=dropped)


def _alike(slot: Slot, exchange: Exchange) -> list[Slot]:
    """A slot with those of the answer that are shown as one with it."""
    slots = exchange.answer.slots if exchange.answer else ()
    return [slot, *(one for one in slots if slot_words(one) == slot_words(slot) and one != slot)]


def stopped(conversation: Conversation) -> Conversation:
    """The conversation, whose last answer was cut off by the reader."""
    if not conversation.unfinished:
        return conversation
    last = conversation.exchanges[-1]
    if last.answer is None:
        return conversation.with_last(replace(last, problem="You stopped this question."))
    return conversation.with_last(replace(last, answer=replace(last.answer, done=True), stopped=True))
