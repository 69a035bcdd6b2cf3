"""What comes from a chat model over real connections: in pieces, cut, silent, without an end, and left by its reader."""

import threading
from collections.abc import Iterator

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage

from qa.llm.models import open_model
from qa.llm.streaming import (
    MAX_CHARS,
    FoundNoAnswer,
    Meter,
    ModelFailed,
    stream_prose,
    whole_reply,
    with_pauses,
)
from tests.model_server import Broken, ModelRequest, ModelServer, Script, Status

TIMEOUT = 1.0
ASKED = [HumanMessage("Why?")]


@pytest.fixture(params=["openai", "ollama"])
def chat(request: pytest.FixtureRequest, model: ModelServer) -> BaseChatModel:
    """The scripted model, over either protocol."""
    url = model.ollama_url if request.param == "ollama" else model.url
    return open_model(f"{request.param}:scripted", url=url, timeout=5)


def saying(*pieces: str) -> Script:
    return lambda asked: iter(pieces)


def test_prose_comes_in_pieces_and_without_thoughts(chat: BaseChatModel, model: ModelServer) -> None:
    model.script = saying("<think>Well", ".</think>", "China ", "refused ", "the bid.")
    meter = Meter()
    pieces = [piece for piece in stream_prose(chat, ASKED, TIMEOUT * 5, meter) if piece]
    assert "".join(pieces) == "China refused the bid."
    assert len(pieces) > 1
    assert (meter.usage.calls, meter.usage.tokens_out > 0) == (1, True)


def test_a_cut_stream_fails_after_what_came(chat: BaseChatModel, model: ModelServer) -> None:
    def cut(asked: ModelRequest) -> Iterator[str]:
        yield "China refused the bid. "
        raise Broken

    model.script = cut
    got: list[str] = []
    with pytest.raises(ModelFailed):
        got.extend(stream_prose(chat, ASKED, TIMEOUT * 5))
    assert "".join(got) == "China refused the bid. "


def test_a_silent_model_is_left_in_time_and_told_of_meanwhile(
    chat: BaseChatModel, model: ModelServer
) -> None:
    def silent(asked: ModelRequest) -> Iterator[str]:
        asked.stop.wait(60)
        yield ""

    model.script = silent
    pieces = stream_prose(chat, ASKED, TIMEOUT)
    assert next(pieces) == ""  # so that a reader who has left is noticed
    with pytest.raises(ModelFailed, match="within 1 seconds"):
        list(pieces)


def test_a_flood_is_stopped(chat: BaseChatModel, model: ModelServer) -> None:
    def flood(asked: ModelRequest) -> Iterator[str]:
        while not asked.stop.is_set():
            yield "and so on " * 50

    model.script = flood
    got: list[str] = []
    with pytest.raises(ModelFailed, match="on and on"):
        got.extend(stream_prose(chat, ASKED, 30))
    assert len("".join(got)) < 2 * MAX_CHARS


def test_the_server_is_let_go_when_the_reader_leaves(chat: BaseChatModel, model: ModelServer) -> None:
    left = threading.Event()

    def slow(asked: ModelRequest) -> Iterator[str]:
        try:
            while not asked.stop.wait(0.05):
                yield "word "
        finally:
            left.set()  # the handler could not write any more, or the test ended

    model.script = slow
    pieces = stream_prose(chat, ASKED, 30)
    while not next(pieces).strip():
        pass
    pieces.close()  # type: ignore[attr-defined]
    assert left.wait(10)
    assert not model.stop.is_set()


@pytest.mark.parametrize("code", [400, 404, 500])
def test_a_failing_server_is_a_failed_model(chat: BaseChatModel, model: ModelServer, code: int) -> None:
    def failing(asked: ModelRequest) -> Iterator[str]:
        yield from ()
        raise Status(code)

    model.script = failing
    with pytest.raises(ModelFailed, match="The model failed"):
        whole_reply(chat, ASKED, TIMEOUT * 5)


def test_an_overflowing_context_says_what_to_set(chat: BaseChatModel, model: ModelServer) -> None:
    def overflowing(asked: ModelRequest) -> Iterator[str]:
        yield from ()
        raise Status(400, "the request exceeds the available context size")

    model.script = overflowing
    with pytest.raises(ModelFailed, match="REFTEL_MODEL_CONTEXT"):
        whole_reply(chat, ASKED, TIMEOUT * 5)


def test_a_refusal_is_told_with_its_reason(chat: BaseChatModel, model: ModelServer) -> None:
    model.script = saying("NO ", "ANSWER: nothing ", "about it.")
    with pytest.raises(FoundNoAnswer) as refusal:
        list(stream_prose(chat, ASKED, TIMEOUT * 5))
    assert refusal.value.why == "nothing about it."


def test_who_waits_for_slow_items_is_told_now_and_then() -> None:
    go = threading.Event()

    def slow() -> Iterator[str]:
        yield "one"
        go.wait(10)
        yield "two"

    items = with_pauses(slow())
    assert [next(items), next(items)] == ["one", None]
    go.set()
    assert [item for item in items if item] == ["two"]
