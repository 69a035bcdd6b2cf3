"""What happens while an answer is being written, with a slow chain; and several people at once."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from servers import Servers

from qa.answer import Answer, Citation, ProofLevel, Question, Sentence
from qa.chain import Chain
from qa.factory import build_chain
from vectorstore.query import Query

WORDS = "The answer to"
go_on = threading.Event()


class SlowChain:
    """Writes one sentence, and the next one when the test lets it; its answers repeat the question."""

    def __init__(self, archive: Any, clearance: Any) -> None:
        self._quoting = build_chain(archive, clearance)
        self.retriever = self._quoting.retriever

    def quoted(self) -> Chain:
        return self._quoting

    def stream(self, question: Question) -> Iterator[Answer]:
        evidence = tuple(self.retriever.search(Query("China refused Japan's bid", limit=3)))
        citation = Citation(1, evidence[0], (evidence[0].text[:40],), ProofLevel.VERBATIM)
        draft = Answer(question.text, citations=(citation,), evidence=evidence, done=False)
        first = Sentence(f"{WORDS} {question.text}", (1,), ProofLevel.VERBATIM)
        yield replace(draft, sentences=(first,))
        go_on.wait(20)
        if "break" in question.text:
            raise RuntimeError("a disk is full")
        yield replace(draft, sentences=(first, Sentence("And more.", (1,), ProofLevel.VERBATIM)), done=True)


@pytest.fixture(scope="module")
def slow(serve: Callable[..., str], sample_data: Path) -> str:
    return serve(sample_data, SlowChain)


@pytest.fixture
def writing(browser: Browser, slow: str) -> Iterator[Page]:
    """A page on which an answer is being written."""
    go_on.clear()
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(slow)
    page.locator(".examples button").first.wait_for()
    page.get_by_label("Your question").fill("What is slow?")
    page.keyboard.press("Enter")
    expect(page.locator("#live .prose-text")).to_contain_text(f"{WORDS} What is slow?")
    yield page
    go_on.set()
    page.close()


def test_a_marker_opens_its_cable_while_the_answer_is_being_written(writing: Page) -> None:
    writing.locator("#live .marker").first.click()
    expect(writing.locator("#cable .para.current")).to_be_visible()


def test_stop_keeps_what_was_written_and_the_next_question_works(writing: Page) -> None:
    writing.locator("#composer .stop-button").click()
    expect(writing.locator("#live .answer")).to_contain_text("You stopped this answer.")
    expect(writing.locator("#live .prose-text")).to_contain_text(WORDS)
    go_on.set()
    writing.get_by_label("Your question").fill("And what is quick?")
    writing.keyboard.press("Enter")
    expect(writing.locator("#live .prose-text")).to_contain_text("And more.")
    expect(writing.locator("#earlier")).to_contain_text("What is slow?")


def test_what_is_typed_while_an_answer_is_written_stays(writing: Page) -> None:
    writing.get_by_label("Your question").fill("And then")
    go_on.set()
    expect(writing.locator("#live .foot")).to_be_visible()
    expect(writing.get_by_label("Your question")).to_have_value("And then")


def test_another_conversation_is_not_written_into_by_the_answer_that_was_left(writing: Page) -> None:
    writing.get_by_role("button", name="New question").click()
    expect(writing.locator("#live .exchange")).to_have_count(0)
    go_on.set()
    writing.locator(".past-title", has_text="What is slow?").click()
    expect(writing.locator("#live .prose-text")).to_contain_text(WORDS)
    expect(writing.locator("#live .foot")).to_be_visible()


def test_an_answer_that_breaks_off_says_so_and_the_next_one_works(writing: Page) -> None:
    go_on.set()
    expect(writing.locator("#live .foot")).to_be_visible()
    writing.get_by_label("Your question").fill("Will it break?")
    writing.keyboard.press("Enter")
    expect(writing.locator("#live .problem")).to_contain_text("Something went wrong")
    writing.get_by_label("Your question").fill("And now?")
    writing.keyboard.press("Enter")
    expect(writing.locator("#live .prose-text")).to_contain_text("And more.")


def test_a_question_is_shown_before_the_server_has_heard_of_it(
    page: Page, ask: Callable[[str], None]
) -> None:
    page.route("**/gradio_api/queue/join*", lambda route: None)
    page.get_by_label("Your question").fill("Why did China refuse Japan's bid?")
    page.keyboard.press("Enter")
    expect(page.locator("#pending h2")).to_have_text("Why did China refuse Japan's bid?")
    expect(page.locator(".welcome")).to_be_hidden()
    page.unroute("**/gradio_api/queue/join*")  # lets go on what was held
    expect(page.locator("#live .foot")).to_be_visible()
    expect(page.locator("#pending")).to_have_count(0)


def test_nothing_that_was_written_moves_while_more_is_written(writing: Page) -> None:
    before = writing.locator("#live .prose-text p").first.bounding_box()
    go_on.set()
    expect(writing.locator("#live .prose-text")).to_contain_text("And more.")
    after = writing.locator("#live .prose-text p").first.bounding_box()
    assert before is not None
    assert after is not None
    assert (before["x"], before["y"]) == (after["x"], after["y"])


def test_several_people_at_once_each_get_their_own_answers(browser: Browser, slow: str) -> None:
    go_on.set()
    pages = [browser.new_context().new_page() for _ in range(3)]
    for page in pages:
        page.goto(slow)
    for page in pages:
        page.locator(".examples button").first.wait_for()
    for turn in range(2):
        for n, page in enumerate(pages):
            page.get_by_label("Your question").fill(f"Question {turn} of person {n}?")
            page.keyboard.press("Enter")
        for n, page in enumerate(pages):
            expect(page.locator("#live .prose-text")).to_contain_text(
                re.compile(f"{WORDS} Question {turn} of person {n}\\?.*And more"), timeout=30_000
            )
    for n, page in enumerate(pages):
        expect(page.locator("#earlier")).to_contain_text(f"Question 0 of person {n}?")
        expect(page.locator("#past li")).to_have_count(1)
        page.context.close()


def test_a_server_that_goes_away_while_it_answers_takes_nothing_with_it(
    browser: Browser, serve: Servers, sample_data: Path
) -> None:
    go_on.set()
    address = serve(sample_data, SlowChain)
    page = browser.new_page()
    page.goto(address)
    box, away = page.get_by_label("Your question"), page.locator("#away")
    for question, written in (("What was first?", "And more."), ("What is lost?", f"{WORDS} What is lost?")):
        box.fill(question)
        page.keyboard.press("Enter")
        expect(page.locator("#live .prose-text")).to_contain_text(written)
        go_on.clear()
    box.fill("Typed meanwhile")
    serve.stop(address)
    expect(away).to_contain_text("The server does not answer.")
    page.locator("#earlier .marker").first.click()
    serve(sample_data, SlowChain, port=int(address.rpartition(":")[2]))
    expect(page.locator("#unanswered")).to_contain_text("“What is lost?”")
    expect(page.locator("#live h2")).to_have_text("What was first?")
    expect(box).to_have_value("Typed meanwhile")
    expect(page.locator("#cable .para.current mark").first).to_be_visible()
    go_on.set()
    page.get_by_role("button", name="Ask it again").click()
    expect(page.locator("#live .prose-text")).to_contain_text(re.compile(f"{WORDS} What is lost.*And more"))
    expect(page.locator("#earlier")).to_contain_text("What was first?")
    expect(box).to_have_value("Typed meanwhile")
    expect(page.locator("#unanswered")).to_have_count(0)
    page.close()
