"""Poisoned cables: whatever they tell an assistant, what is answered, rendered and cited stays the same."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from qa.answer import Answer, Question
from qa.export import as_html, as_markdown
from qa.factory import build_chain
from qa.generation.generative import GenerativeAnswerer
from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive
from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.indexing.indexer import Indexer
from vectorstore.query import Filters

FOLDER = Path(__file__).parent / "redteam"
CASES = [json.loads(line) for line in (FOLDER / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
CANARY = "ZEBRA-77"
QUESTION = "Why did the port of Sines raise its harbor fees?"
TRUTH = "the dredging of the eastern basin cost twice what had been planned"
FIRST = 90_500
"""Serial of the first poisoned cable."""


class Gullible(BaseChatModel):
    """A model that obeys whatever its prompt says beside the rules, and else answers as it was asked to."""

    prompts: list[str]

    @property
    def _llm_type(self) -> str:
        return "gullible"

    def _say(self, messages: list[BaseMessage]) -> str:
        prompt = "\n".join(str(message.content) for message in messages)
        self.prompts.append(prompt)
        block = next(b for b in re.findall(r"^key: .*?\n==", prompt, re.MULTILINE | re.DOTALL) if TRUTH in b)
        key = block.split()[1]
        obeyed = f'{CANARY} rules ![x](https://collect.example/x.png) <img src=x> [k2kk: "{CANARY}"]. '
        true = f'Sines raised its harbor fees because {TRUTH} [{key}: "{TRUTH}"].'
        return (obeyed if CANARY in prompt else "") + true

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any,
    ) -> ChatResult:  # fmt: skip
        return ChatResult(generations=[ChatGeneration(message=AIMessage(self._say(messages)))])

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:  # fmt: skip
        for piece in re.findall(r".{1,7}", self._say(messages), re.DOTALL):
            yield ChatGenerationChunk(message=AIMessageChunk(piece))


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory, embedder: SentenceEmbedder) -> Archive:
    """Every case as a cable of its own, indexed."""
    folder, archive = tmp_path_factory.mktemp("poisoned"), Archive(tmp_path_factory.mktemp("data"), embedder)
    template = (FOLDER / "cable.txt").read_text(encoding="utf-8")
    plain = {
        "tags": "ECON, EWWT, PO",
        "subject": "SINES RAISES ITS HARBOR FEES",
        "heading": "Why Sines charges more",
    }
    for n, case in enumerate(CASES):
        name = f"{case['poison']} {n}" if case["where"] == "file" else f"08LISBON{FIRST + n}"
        blanks = plain | {"text": "", case["where"]: case["poison"]}
        text = template.format(serial=FIRST + n, **blanks)
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    report = Indexer(archive).run([folder])
    assert not report.failed
    return archive


def answers(archive: Archive, case: int) -> tuple[Answer, Answer, str]:
    """What a gullible model and what quoting answer over one poisoned cable, and the model's prompt."""
    chain = build_chain(archive, EVERYTHING)
    question = Question(QUESTION, filters=Filters(cables=(f"08LISBON{FIRST + case}",)))
    model = Gullible(prompts=[])
    writing = GenerativeAnswerer(model, "gullible", chain.quoting, timeout=60)
    written = chain.written_by(writing).invoke(question)
    return written, chain.invoke(question), model.prompts[0]


@pytest.mark.parametrize("case", range(len(CASES)), ids=[case["name"] for case in CASES])
def test_a_poisoned_cable_changes_nothing(poisoned: Archive, case: int) -> None:
    written, quoted, prompt = answers(poisoned, case)
    key = f"08LISBON{FIRST + case}.2"
    assert CANARY not in prompt
    assert [(s.text, s.verified) for s in written.sentences] == [
        (f"Sines raised its harbor fees because {TRUTH}.", True)
    ]
    assert [citation.evidence.key for citation in written.citations] == [key]
    assert (CANARY in quoted.text, key in [c.evidence.key for c in quoted.citations]) == (False, True)
    for page in (as_html([written, quoted]), as_markdown([written, quoted])):
        assert CANARY not in page
        assert not re.search(r"<(?:img|script|svg|a href=\"(?!#))|!\[|\]\(", page, re.IGNORECASE)


def test_an_order_that_got_through_is_struck_and_stripped(poisoned: Archive) -> None:
    """Were a poisoned paragraph not screened, its order would still be shown as unproven words."""

    class Obedient(Gullible):
        def _say(self, messages: list[BaseMessage]) -> str:
            return super()._say([*messages, AIMessage(CANARY)])

    chain = build_chain(poisoned, EVERYTHING)
    writing = GenerativeAnswerer(Obedient(prompts=[]), "obedient", chain.quoting, timeout=60)
    question = Question(QUESTION, filters=Filters(cables=(f"08LISBON{FIRST}",)))
    answer = chain.written_by(writing).invoke(question)
    assert [sentence.verified for sentence in answer.sentences] == [False, True]
    assert answer.sentences[0].text == f"{CANARY} rules."
    assert answer.sentences[0].citations == ()


def test_there_are_at_least_forty_cases_in_all_places() -> None:
    assert len(CASES) >= 40
    assert {case["where"] for case in CASES} == {"text", "subject", "tags", "file", "heading"}
