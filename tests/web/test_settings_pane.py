"""Choosing a model in the page, with a server of models on this machine."""

import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from model_server import ModelRequest, serving
from people import PASSWORD, add_people
from playwright.sync_api import Browser, Page, expect

from web.services.model_choice import PORTS

Ask = Callable[[str], None]
QUESTION = "Why did China refuse Japan's bid?"


def prose(asked: ModelRequest) -> Iterator[str]:
    yield f"China refused Japan's bid for two reasons [{asked.keys[0]}]."


@pytest.fixture
def local_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server of models where the page looks for one."""
    with serving() as model:
        model.script = prose
        monkeypatch.setitem(PORTS, int(model.url.split(":")[2].partition("/")[0]), "Ollama")
        yield


@pytest.mark.usefixtures("local_model")
def test_a_local_model_is_found_tried_and_answers_until_quotes_are_chosen_again(page: Page, ask: Ask) -> None:
    page.get_by_role("button", name="Settings").click()
    pane = page.get_by_role("dialog", name="Settings")
    expect(pane.get_by_role("radio", name="quoted")).to_be_checked()
    pane.get_by_role("radio", name="written by scripted").check()
    expect(pane).to_contain_text("Nothing leaves it.")
    pane.get_by_role("button", name="Try it").click()
    expect(pane).to_contain_text("written by openai:scripted")
    page.keyboard.press("Escape")
    expect(pane).to_be_hidden()
    expect(page.get_by_role("button", name="Settings")).to_be_focused()
    ask(QUESTION)
    expect(page.locator("#live .foot")).to_contain_text("openai:scripted")
    page.get_by_role("button", name="Settings").click()
    pane.get_by_role("radio", name="quoted").check()
    expect(pane.get_by_role("radio", name="quoted")).to_be_checked()
    page.keyboard.press("Escape")
    ask("What does Embassy Tokyo say about the seat?")
    expect(page.locator("#live .foot")).to_contain_text("Quoted word for word")


def test_without_a_server_of_models_the_pane_says_so(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    for port in list(PORTS):
        monkeypatch.delitem(PORTS, port)
    page.get_by_role("button", name="Settings").click()
    expect(page.locator("#settings-pane")).to_contain_text("No server of models was found on this machine.")


def test_who_is_no_administrator_sees_what_is_set_and_chooses_nothing(
    browser: Browser, serve: Callable[[Path], str], tmp_path: Path
) -> None:
    add_people(tmp_path)
    page = browser.new_page()
    page.goto(serve(tmp_path))
    page.get_by_label("Name").fill("cora")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Settings").click()
    expect(page.locator("#settings-pane")).to_contain_text("An administrator decides about that.")
    expect(page.locator("#settings-form")).to_have_count(0)
    page.get_by_role("radio", name="BibTeX").check()
    page.reload()
    page.get_by_role("button", name="Settings").click()
    expect(page.get_by_role("radio", name="BibTeX")).to_be_checked()
    page.close()


def test_the_style_that_is_chosen_is_that_of_the_reader_and_of_what_is_saved(page: Page, ask: Ask) -> None:
    page.get_by_role("button", name="Settings").click()
    expect(page.get_by_role("radio", name="Chicago note")).to_be_checked()
    page.get_by_role("radio", name="BibTeX").check()
    page.keyboard.press("Escape")
    ask(QUESTION)
    page.locator("#live .marker").first.click()
    footnote = page.locator("#cable .para.current [data-do='footnote']")
    expect(footnote).to_have_attribute("data-copy", re.compile(r"^@misc\{08BEIJING90014,"))
    link = page.locator("#live .save a", has_text="Markdown").get_attribute("href") or ""
    saved = b64decode(link.partition("base64,")[2]).decode()
    assert re.search(r"^\[\^1\]: 08BEIJING90014, ¶\d", saved, re.MULTILINE)
    assert "```bibtex\n@misc{08BEIJING90014," in saved
