"""Searches that a chat model plans: shown as they happen, and ended by Stop, over a real server of models."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from model_server import ModelRequest, serving
from playwright.sync_api import Page, expect
from servers import Servers

from qa.chain import Chain
from qa.factory import build_chain
from qa.generation.generative import WRITING
from qa.llm.models import ModelOptions
from vectorstore.access import Clearance
from vectorstore.archive import Archive

QUESTION = "Why did China refuse Japan's bid?"
STEP = "Searching “harbor fees”, Embassy Madrid, 2004 to 2005"


class PlanningModel:
    """Plans a search, then takes its time to plan another; then writes."""

    def __init__(self) -> None:
        self.plans = 0
        self.go_on = threading.Event()

    def __call__(self, asked: ModelRequest) -> Iterator[str]:
        if "further searches" in asked.text:
            self.plans += 1
            if self.plans == 1:
                yield "SEARCH: harbor fees | Embassy Madrid | 2004-2005"
            else:
                self.go_on.wait(60)
                yield "ENOUGH"
        elif asked.keys:
            yield f"China refused Japan's bid for two reasons [{asked.keys[0]}]."


@pytest.fixture
def planner() -> Iterator[PlanningModel]:
    planner = PlanningModel()
    yield planner
    planner.go_on.set()


@pytest.fixture
def planning(
    new_page: Callable[[str], Page], serve: Servers, sample_data: Path, planner: PlanningModel
) -> Iterator[Page]:
    """A page on which a model plans its second search."""
    with serving() as model:
        model.script = planner

        def build(archive: Archive, clearance: Clearance, models: ModelOptions | None = None) -> Chain:
            options = ModelOptions("openai:scripted", model.url, timeout=30, check_model="none")
            return build_chain(archive, clearance, models or options)

        page = new_page(serve(sample_data, build))
        page.locator(".examples button").first.wait_for()
        page.get_by_label("Your question").fill(QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator("#live .steps li")).to_have_text([STEP])
        yield page


def test_a_search_is_shown_while_the_next_one_is_planned(planning: Page, planner: PlanningModel) -> None:
    expect(planning.locator("#live .prose-text")).to_contain_text(WRITING)
    expect(planning.locator("#live .foot")).to_have_count(0)
    planner.go_on.set()
    expect(planning.locator("#live .foot")).to_contain_text("2 searches")
    expect(planning.locator("#live .steps li")).to_have_text([STEP])
    expect(planning.locator("#live .prose-text")).to_contain_text("for two reasons")
    expect(planning.locator("#live .prose-text")).not_to_contain_text(WRITING)


def test_stop_ends_the_planning_and_the_next_question_works(planning: Page, planner: PlanningModel) -> None:
    planning.get_by_role("button", name="Stop").click()
    expect(planning.locator("#live .answer")).to_contain_text("You stopped this answer.")
    expect(planning.locator("#live .steps li")).to_have_text([STEP])
    planner.go_on.set()
    planning.get_by_label("Your question").fill("What does Embassy Tokyo say about the seat?")
    planning.keyboard.press("Enter")
    expect(planning.locator("#live .foot")).to_contain_text("Written by openai:scripted")
    expect(planning.locator("#earlier")).to_contain_text("You stopped this answer.")
