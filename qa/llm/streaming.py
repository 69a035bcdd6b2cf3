"""What comes from a chat model: a stream of prose or a whole reply, bounded in time and length."""

import json
import logging
import queue
import re
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage

from qa.answer import Usage

log = logging.getLogger(__name__)

_Item = TypeVar("_Item")

MAX_CHARS = 12_000
"""Read of a stream: two dozen long sentences with their quotes. Thoughts do not count."""
POLL_SECONDS = 0.5
"""Silence after which an empty chunk comes, so that a reader who has left is noticed."""
MAX_CHUNKS_AHEAD = 50
"""Chunks that are read ahead of what is checked: a flood must not take the processor from the checks."""
CHARS_PER_TOKEN = 4
"""Where a model does not tell its tokens, they are estimated."""
_NO_ANSWER_RE = re.compile(r"\W*no[ _]answer\b[\s.:–—-]*(?P<why>[^\n]*)", re.IGNORECASE)
_THOUGHT_RE = re.compile(r"<(think|thinking|reasoning|thought)>.*?</\1>", re.DOTALL)
_FENCE_RE = re.compile(r"\A```\w*|```\Z")


class ModelFailed(Exception):
    """The model gave no answer that can be shown; the message is a notice for the reader."""


class FoundNoAnswer(ModelFailed):
    """The model says that the evidence does not answer; `why` is what it says of it."""

    def __init__(self, why: str = "") -> None:
        super().__init__("The model found no answer in these passages.")
        self.why = why


class Meter:
    """Adds up what the chat models are asked for one answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.usage = Usage()

    def add(self, usage: Usage) -> None:
        """Count a call, from any thread."""
        with self._lock:
            self.usage += usage


def stream_prose(
    chat: BaseChatModel, messages: Sequence[BaseMessage], timeout: float, meter: Meter | None = None
) -> Iterator[str]:
    """The model's prose in chunks, within `timeout` seconds in all; empty ones while it says nothing.

    Raises ModelFailed, with what there was before it already given.
    """
    return _prose(_without_thoughts(_chunks(chat, messages, timeout, meter or Meter())))


def whole_reply(
    chat: BaseChatModel, messages: Sequence[BaseMessage], timeout: float, meter: Meter | None = None
) -> str:
    """The model's reply as it is, without thoughts. Raises ModelFailed."""
    return "".join(_without_thoughts(_chunks(chat, messages, timeout, meter or Meter())))


def _chunks(
    chat: BaseChatModel, messages: Sequence[BaseMessage], timeout: float, meter: Meter
) -> Iterator[str]:
    """The stream's text, metered; empty chunks while the model says nothing. Raises ModelFailed."""
    start = time.monotonic()
    tokens_in = sum(len(str(message.content)) for message in messages) // CHARS_PER_TOKEN
    chars = tokens_out = 0
    stream = _StreamReader(chat, messages)
    try:
        while (left := start + timeout - time.monotonic()) > 0:
            chunk = stream.next(min(POLL_SECONDS, left))
            if chunk is None:
                return
            if counted := chunk.usage_metadata:
                tokens_in = counted["input_tokens"] or tokens_in
                tokens_out += counted["output_tokens"]
            text = str(chunk.text)
            chars += len(text)
            yield text
        raise ModelFailed(f"The model did not finish within {timeout:g} seconds.")
    finally:
        stream.stop()
        tokens_out = tokens_out or chars // CHARS_PER_TOKEN
        meter.add(Usage(1, tokens_in, tokens_out, time.monotonic() - start))


class _StreamReader:
    """Reads a model's stream in a thread, since a silent server cannot be left in any other way."""

    def __init__(self, chat: BaseChatModel, messages: Sequence[BaseMessage]) -> None:
        self._received: queue.Queue[AIMessageChunk | Exception | None] = queue.Queue(MAX_CHUNKS_AHEAD)
        self._stopped = threading.Event()
        threading.Thread(target=self._read, args=(chat, messages), name="chat model", daemon=True).start()

    def _read(self, chat: BaseChatModel, messages: Sequence[BaseMessage]) -> None:
        try:
            for chunk in chat.stream(list(messages)):
                self._give(chunk)
                if self._stopped.is_set():
                    return
            self._give(None)
        except Exception as error:  # noqa: BLE001  providers raise their own classes, which share no other base
            self._give(error)

    def _give(self, item: AIMessageChunk | Exception | None) -> None:
        while not self._stopped.is_set():
            try:
                return self._received.put(item, timeout=0.1)
            except queue.Full:
                continue

    def next(self, timeout: float) -> AIMessageChunk | None:
        """The next chunk, an empty one after `timeout` seconds of silence, None at the end. Raises ModelFailed."""
        try:
            chunk = self._received.get(timeout=timeout)
        except queue.Empty:
            return AIMessageChunk(content="")
        if isinstance(chunk, Exception):
            log.warning("the chat model failed: %s", chunk)
            raise ModelFailed(_explained(chunk)) from chunk
        return chunk

    def stop(self) -> None:
        """Let the thread end with the next chunk."""
        self._stopped.set()


def _explained(error: Exception) -> str:
    """What a reader is told of a provider's error; its own words may hold an address or a key."""
    words = str(error).lower()
    if "context" in words or "too long" in words:
        return "The evidence is longer than the model's context; REFTEL_MODEL_CONTEXT tells how many tokens that has."
    if "no generation chunks" in words:  # LangChain's, of a stream that ended before it began
        return "The model answered nothing."
    return f"The model failed ({type(error).__name__})."


def _without_thoughts(chunks: Iterable[str]) -> Iterator[str]:
    """Chunks without what reasoning models put between <think> tags; MAX_CHARS of the rest."""
    held, given = "", 0
    for chunk in chunks:
        held = _THOUGHT_RE.sub("", held + chunk)
        start = held.find("<")
        ready, held = (
            (held, "") if start < 0 or not _may_be_thought(held[start:]) else (held[:start], held[start:])
        )
        given += len(ready)
        yield ready
        if given > MAX_CHARS:
            raise ModelFailed("The model wrote on and on and was stopped.")
    if held and not held.lstrip("<").startswith(("think", "reason", "thought")):
        yield held


def _may_be_thought(text: str) -> bool:
    return any(
        tag.startswith(text[: len(tag)]) for tag in ("<think>", "<thinking>", "<reasoning>", "<thought>")
    )


def _prose(chunks: Iterable[str]) -> Iterator[str]:
    """Chunks of prose; an answer in JSON is unwrapped when it is whole, a refusal is read to its end."""
    held, flows = "", False
    for chunk in chunks:
        if flows:
            yield chunk
            continue
        held += chunk
        begun = held.lstrip()
        whole = len(begun) >= len("NO ANSWER.") and not begun.startswith(("{", "`", "[{", '["', "[\n"))
        if whole and not _NO_ANSWER_RE.match(begun):
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
    if refusal := _NO_ANSWER_RE.match(text):
        raise FoundNoAnswer(refusal["why"].strip())
    plain = _FENCE_RE.sub("", text.strip()).strip()
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


def with_pauses(items: Iterator[_Item]) -> Iterator[_Item | None]:
    """The items, and None now and then while the next one is awaited, so that a reader who has left is noticed."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="waiting")
    try:
        while True:
            future = pool.submit(lambda: next(items, None))
            while not wait([future], POLL_SECONDS).done:
                yield None
            item = future.result()
            if item is None:
                return
            yield item
    finally:
        pool.shutdown(wait=False)
