"""What comes from a chat model: a stream of prose, bounded in time and length, or a notice for the reader."""

import json
import logging
import queue
import re
import threading
import time
from collections.abc import Iterable, Iterator, Sequence

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage

log = logging.getLogger(__name__)

CHARACTERS = 8_000
"""Read of a stream, at most: a dozen long sentences with their quotes. Thoughts do not count."""
BEAT = 0.5
"""Seconds of silence after which an empty chunk comes, so that whoever listens can leave."""
AHEAD = 50
"""Chunks that are read ahead of what is checked: a flood must not take the processor from the checks."""
_SENTINEL = re.compile(r"\W*no[ _]answer\b", re.IGNORECASE)
_THOUGHT = re.compile(r"<(think|thinking|reasoning|thought)>.*?</\1>", re.DOTALL)
_FENCED = re.compile(r"\s*(?:```\w*\s*)?(.*?)\s*(?:```)?\s*", re.DOTALL)


class ModelFailed(Exception):
    """The model gave no answer that can be shown; the message is a notice for the reader."""


class FoundNoAnswer(ModelFailed):
    """The model says that the evidence does not answer."""


def listen(chat: BaseChatModel, messages: Sequence[BaseMessage], timeout: float) -> Iterator[str]:
    """The model's prose in chunks, within `timeout` seconds in all; empty ones while it says nothing.

    Raises ModelFailed, with what there was before it already given.
    """
    return _prose(_without_thoughts(_chunks(chat, messages, timeout)))


def _chunks(chat: BaseChatModel, messages: Sequence[BaseMessage], timeout: float) -> Iterator[str]:
    """The stream's text. A thread reads it, since a silent server cannot be left in any other way."""
    heard: queue.Queue[str | Exception | None] = queue.Queue(AHEAD)
    enough = threading.Event()

    def give(item: str | Exception | None) -> None:
        while not enough.is_set():
            try:
                return heard.put(item, timeout=0.1)
            except queue.Full:
                continue

    def read() -> None:
        try:
            for chunk in chat.stream(list(messages)):
                give(str(chunk.text))
                if enough.is_set():
                    return
            give(None)
        except Exception as error:  # noqa: BLE001  providers raise their own classes, which share no other base
            give(error)

    threading.Thread(target=read, name="chat model", daemon=True).start()
    end = time.monotonic() + timeout
    try:
        while True:
            try:
                chunk = heard.get(timeout=max(0.0, min(BEAT, end - time.monotonic())))
            except queue.Empty:
                if time.monotonic() < end:
                    yield ""
                    continue
                raise ModelFailed(f"The model did not finish within {timeout:g} seconds.") from None
            if chunk is None:
                return
            if isinstance(chunk, Exception):
                log.warning("the chat model failed: %s", chunk)
                raise ModelFailed(f"The model failed ({type(chunk).__name__}).") from chunk
            yield chunk
    finally:
        enough.set()


def _without_thoughts(chunks: Iterable[str]) -> Iterator[str]:
    """Chunks without what reasoning models put between <think> tags; CHARACTERS of the rest."""
    held, given = "", 0
    for chunk in chunks:
        held = _THOUGHT.sub("", held + chunk)
        start = held.find("<")
        ready, held = (
            (held, "") if start < 0 or not _may_be_thought(held[start:]) else (held[:start], held[start:])
        )
        given += len(ready)
        yield ready
        if given > CHARACTERS:
            raise ModelFailed("The model wrote on and on and was stopped.")
    if held and not held.lstrip("<").startswith(("think", "reason", "thought")):
        yield held


def _may_be_thought(text: str) -> bool:
    return any(
        tag.startswith(text[: len(tag)]) for tag in ("<think>", "<thinking>", "<reasoning>", "<thought>")
    )


def _prose(chunks: Iterable[str]) -> Iterator[str]:
    """Chunks of prose; an answer in JSON is unwrapped when it is whole."""
    held, flows = "", False
    for chunk in chunks:
        if flows:
            yield chunk
            continue
        held += chunk
        begun = held.lstrip()
        if len(begun) >= len("NO ANSWER.") and not begun.startswith(("{", "`", "[{", '["', "[\n")):
            if _SENTINEL.match(begun):
                raise FoundNoAnswer("The model found no answer in these passages.")
            flows = True
            yield held
        else:
            yield ""
    if not flows:
        yield _unwrapped(held)


def _unwrapped(text: str) -> str:
    """The prose inside a short or odd answer. Raises ModelFailed where there is none."""
    if not text.strip():
        raise ModelFailed("The model answered nothing.")
    if _SENTINEL.match(text):
        raise FoundNoAnswer("The model found no answer in these passages.")
    inner = _FENCED.fullmatch(text)
    plain = inner[1] if inner else text
    if not plain.startswith(("{", "[")):
        return plain
    try:
        value = json.loads(plain)
    except json.JSONDecodeError as error:
        raise ModelFailed("The model answered in a form that cannot be read.") from error
    answer = value.get("answer") if isinstance(value, dict) else None
    if not isinstance(answer, str):
        raise ModelFailed("The model answered in a form that cannot be read.")
    return answer
