"""Nobody works on for a reader who has gone: a question that is stopped or left frees its place and its model.

The model here would never come to an end; it notices that it is no longer listened to.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from model_server import ModelRequest, serving
from playwright.sync_api import Browser, Page, expect
from servers import wait_until

from qa.factory import build_chain
from qa.llm.models import ModelOptions
from web.metrics import RUNNING

QUESTION = "Why did China refuse Japan's bid?"
BODY = json.dumps({"data": [QUESTION, [], ""]})
JSON = {"Content-Type": "application/json"}

talking: list[bool] = []
"""One for each prompt that a model is still writing for."""


def endless(asked: ModelRequest) -> Iterator[str]:
    if not asked.keys:  # which further searches to make
        yield "ENOUGH"
        return
    talking.append(True)
    try:
        yield f"China refused Japan's bid [{asked.keys[0]}]. And "
        while not asked.stop.wait(0.02):
            yield "more and "
    finally:
        talking.pop()


@pytest.fixture(scope="module")
def site(serve: Callable[..., str], sample_data: Path) -> Iterator[str]:
    with serving() as model:
        model.script = endless
        yield serve(sample_data, partial(build_chain, models=ModelOptions("openai:m", model.url, "k")))


@pytest.fixture
def freed() -> Iterator[None]:
    """After the test, neither a place nor a model is taken."""
    before = RUNNING._value.get()
    yield
    wait_until(lambda: RUNNING._value.get() == before and not talking)


@pytest.fixture
def asking(browser: Browser, site: str, freed: None) -> Page:
    """A page with an answer that will never end."""
    page = browser.new_page()
    page.goto(site)
    page.locator(".examples button").first.wait_for()
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#live .prose-text")).to_contain_text("China refused")
    wait_until(lambda: bool(talking))  # the quoted answer is there first
    return page


def test_a_question_that_is_stopped_frees_its_work(asking: Page) -> None:
    asking.locator("#composer .stop-button").click()
    wait_until(lambda: not talking)
    asking.close()


def test_a_question_whose_page_is_closed_frees_its_work(asking: Page) -> None:
    asking.close()


def test_a_program_that_hangs_up_frees_its_work(site: str, freed: None) -> None:
    event = json.load(urlopen(Request(f"{site}/gradio_api/call/ask", BODY.encode(), JSON)))["event_id"]
    with urlopen(f"{site}/gradio_api/call/ask/{event}"):
        wait_until(lambda: bool(talking))


def test_a_program_that_hangs_up_on_a_direct_call_frees_its_work(site: str, freed: None) -> None:
    with closing(HTTPConnection(site.removeprefix("http://"))) as connection:
        connection.request("POST", "/gradio_api/run/ask", BODY, JSON)
        wait_until(lambda: bool(talking))
