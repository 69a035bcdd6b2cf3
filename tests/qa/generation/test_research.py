"""Further searches that a chat model asks for, over the samples and a real HTTP server."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from qa.answer import Answer, Question
from qa.chain import Chain
from qa.generation.research import MAX_ROUNDS, MAX_SEARCHES, Researcher, with_neighbours
from qa.llm.models import open_model
from qa.llm.streaming import Meter
from qa.understanding.request import Request
from tests.model_server import ModelRequest, ModelServer, Script, Status
from vectorstore.query import Filters

QUESTION = "Why did China refuse Japan's bid?"


@pytest.fixture
def researcher(chain: Chain, model: ModelServer) -> Researcher:
    chat = open_model("openai:scripted", url=model.url, timeout=5)
    return Researcher(chat, chain.retriever)


@pytest.fixture
def request_(chain: Chain) -> Request:
    return chain.read(Question(QUESTION))


@pytest.fixture
def draft(chain: Chain, request_: Request) -> Answer:
    return chain.gather(request_)


def planning(*plans: str) -> Script:
    """Says one plan after the other, then that it is enough."""
    left = list(plans)
    return lambda asked: iter([left.pop(0) if left else "ENOUGH"])


def test_what_further_searches_find_joins_the_evidence_and_each_is_a_step(
    researcher: Researcher, model: ModelServer, request_: Request, draft: Answer
) -> None:
    model.script = planning("SEARCH: harbor fees | Embassy Madrid | 2004-2005\nSEARCH: wheat farms | - | -")
    states = list(researcher.gather(request_, draft, Meter()))
    assert states[-1].steps == (
        "Searching “harbor fees”, Embassy Madrid, 2004 to 2005",
        "Searching “wheat farms”",
    )
    assert [len(state.steps) for state in states] == sorted(len(state.steps) for state in states)
    keys = [one.key for one in states[-1].evidence]
    assert {one.key for one in draft.evidence} < set(keys)
    assert len(keys) == len(set(keys))
    assert states[-1].evidence[0] == draft.evidence[0]


@pytest.mark.parametrize(
    "reply", ["ENOUGH", "", "I would search for cables.", "SEARCH: | |", "{}", "SEARCH: a"]
)
def test_a_model_without_a_plan_leaves_the_first_search(
    researcher: Researcher, model: ModelServer, request_: Request, draft: Answer, reply: str
) -> None:
    model.script = lambda asked: iter([reply])
    *_, state = researcher.gather(request_, draft, Meter())
    assert (state.steps, state.evidence[0]) == ((), draft.evidence[0])


def test_a_failing_model_leaves_the_first_search(
    researcher: Researcher, model: ModelServer, request_: Request, draft: Answer
) -> None:
    def failing(asked: ModelRequest) -> Iterator[str]:
        yield from ()
        raise Status(500)

    model.script = failing
    assert {state.steps for state in researcher.gather(request_, draft, Meter())} == {()}


def test_rounds_and_searches_are_bounded(
    researcher: Researcher, model: ModelServer, request_: Request, draft: Answer
) -> None:
    def eager(asked: ModelRequest) -> Iterator[str]:
        yield from (f"SEARCH: topic number {len(model.asked)}{n} | - | -\n" for n in range(9))

    model.script = eager
    *_, state = researcher.gather(request_, draft, Meter())
    assert len(state.steps) <= MAX_SEARCHES
    assert len(model.asked) <= MAX_ROUNDS


def test_further_searches_keep_the_readers_filters(
    researcher: Researcher, model: ModelServer, request_: Request, draft: Answer
) -> None:
    model.script = planning("SEARCH: wheat farms | - | -")
    only = Filters(cables=("08BEIJING90014",))
    *_, state = researcher.gather(replace(request_, filters=only), draft, Meter())
    known = {one.key for one in draft.evidence}
    assert {one.cable_id for one in state.evidence if one.key not in known} <= {"08BEIJING90014"}


def test_the_best_paragraphs_bring_their_neighbours_and_their_cables_summary(
    chain: Chain, request_: Request, draft: Answer
) -> None:
    best = [one for one in draft.evidence if one.key == "08BEIJING90014.3"]
    keys = [one.key for one in with_neighbours(best, chain.retriever.view, Filters())]
    assert keys[0] == "08BEIJING90014.3"
    assert {"08BEIJING90014.1", "08BEIJING90014.2", "08BEIJING90014.4"} <= set(keys)
    assert "08BEIJING90014.6" not in keys
