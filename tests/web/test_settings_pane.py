"""Choosing a model in the page, with a server of models on this machine."""

import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from model_server import ModelRequest, ModelServer, serving
from people import PASSWORD, add_people
from playwright.sync_api import Browser, Locator, Page, expect
from servers import Servers

from web.services.model_choice import PORTS

Ask = Callable[[str], None]
QUESTION = "Why did China refuse Japan's bid?"


def prose(asked: ModelRequest) -> Iterator[str]:
    yield f"China refused Japan's bid for two reasons [{asked.keys[0]}]."


@pytest.fixture
def model() -> Iterator[ModelServer]:
    """A server of models on this machine."""
    with serving() as model:
        model.script = prose
        yield model


@pytest.fixture
def local_model(model: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server listens where the page looks for one."""
    monkeypatch.setitem(PORTS, int(model.url.split(":")[2].partition("/")[0]), "Ollama")


@pytest.fixture
def settings_pane(page: Page) -> Locator:
    """The settings, open."""
    page.get_by_role("button", name="Settings", exact=True).click()
    pane = page.get_by_role("dialog", name="Settings")
    expect(pane.get_by_role("radio", name="quoted")).to_be_checked()
    return pane


@pytest.mark.usefixtures("local_model")
def test_a_local_model_is_found_tried_and_answers_until_quotes_are_chosen_again(
    page: Page, ask: Ask, settings_pane: Locator
) -> None:
    settings_pane.get_by_role("radio", name="written by scripted").check()
    expect(settings_pane).to_contain_text("Nothing leaves it.")
    settings_pane.get_by_role("button", name="Try it").click()
    expect(settings_pane).to_contain_text("written by openai:scripted")
    expect(settings_pane.get_by_role("status")).to_contain_text("First words after")
    expect(settings_pane.locator("blockquote .level").first).to_have_text(
        re.compile("confirmed|cited|verbatim")
    )
    page.keyboard.press("Escape")
    expect(settings_pane).to_be_hidden()
    expect(page.get_by_role("button", name="Settings", exact=True)).to_be_focused()
    expect(page.locator(".writer")).to_contain_text("openai:scripted on this machine")
    ask(QUESTION)
    expect(page.locator("#live .foot")).to_contain_text(
        re.compile(r"Written by openai:scripted.*1 search, [\d,]+ tokens in \d calls?, [\d.]+ s")
    )
    page.get_by_role("button", name="Change who writes").click()
    settings_pane.get_by_role("radio", name="quoted").check()
    expect(page.locator(".writer")).to_have_count(0)
    page.keyboard.press("Escape")
    ask("What does Embassy Tokyo say about the seat?")
    expect(page.locator("#live .foot")).to_contain_text("Quoted word for word")


@pytest.mark.usefixtures("local_model")
def test_a_choice_is_that_of_its_conversation_and_of_the_next_ones(
    page: Page, ask: Ask, settings_pane: Locator
) -> None:
    page.keyboard.press("Escape")
    ask(QUESTION)
    page.get_by_role("button", name="New question").click()
    expect(page.locator("#live .exchange")).to_have_count(0)
    page.get_by_role("button", name="Settings", exact=True).click()
    settings_pane.get_by_role("radio", name="written by scripted").check()
    expect(page.locator(".writer")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".past-title", has_text=QUESTION).click()
    expect(page.locator("#live .foot")).to_contain_text("Quoted word for word")
    expect(page.locator(".writer")).to_have_count(0)
    page.reload()
    page.get_by_role("button", name="New question").click()
    expect(page.locator("#live .exchange")).to_have_count(0)
    page.reload()
    expect(page.locator(".writer")).to_contain_text("openai:scripted")


def test_a_remote_model_is_used_once_its_owner_agrees_and_its_key_is_not_shown_again(
    page: Page, ask: Ask, settings_pane: Locator, model: ModelServer, sample_data: Path
) -> None:
    settings_pane.get_by_text("Use a remote model").click()
    form = settings_pane.locator("#remote-form")
    form.locator("select").select_option("Another, by its address")
    form.get_by_role("textbox", name="Address").fill(model.url)
    form.get_by_role("textbox", name="Model").fill("scripted")
    form.get_by_role("textbox", name="Key").fill("sk-secret")
    expect(form).to_contain_text("go with each question its words")
    form.get_by_role("button", name="Save and use it").click()
    expect(form.locator("[name='consent']:invalid")).to_be_visible()
    form.get_by_label("I agree").check()
    form.get_by_role("button", name="Save and use it").click()
    expect(settings_pane.get_by_role("radio", name="written by scripted")).to_be_checked()
    assert "sk-secret" not in page.content()
    page.keyboard.press("Escape")
    ask(QUESTION)
    expect(page.locator("#live .foot")).to_contain_text("openai:scripted")
    assert model.keys == {"Bearer sk-secret"}
    page.get_by_role("button", name="Settings", exact=True).click()
    settings_pane.get_by_role("button", name="Remove the key").click()
    settings_pane.get_by_role("button", name="Really remove the key").click()
    expect(settings_pane.get_by_role("radio", name="quoted")).to_be_checked()
    expect(page.locator(".writer")).to_have_count(0)
    assert list((sample_data / "private").iterdir()) == []


def test_where_an_administrator_has_locked_it_nobody_chooses(
    new_page: Callable[[str], Page], serve: Servers, sample_data: Path
) -> None:
    page = new_page(serve(sample_data, service_options={"models_locked": True}))
    page.get_by_role("button", name="Settings", exact=True).click()
    expect(page.locator("#settings-pane")).to_contain_text("An administrator decides about that.")
    expect(page.locator("#settings-form, #remote-form")).to_have_count(0)


def test_without_a_server_of_models_the_pane_says_so(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    for port in list(PORTS):
        monkeypatch.delitem(PORTS, port)
    page.get_by_role("button", name="Settings", exact=True).click()
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
    page.get_by_role("button", name="Settings", exact=True).click()
    expect(page.locator("#settings-pane")).to_contain_text("An administrator decides about that.")
    expect(page.locator("#settings-form")).to_have_count(0)
    page.get_by_role("radio", name="BibTeX").check()
    page.reload()
    page.get_by_role("button", name="Settings", exact=True).click()
    expect(page.get_by_role("radio", name="BibTeX")).to_be_checked()
    page.close()


def test_the_style_that_is_chosen_is_that_of_the_reader_and_of_what_is_saved(page: Page, ask: Ask) -> None:
    page.get_by_role("button", name="Settings", exact=True).click()
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
