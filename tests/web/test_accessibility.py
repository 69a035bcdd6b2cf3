"""What axe-core finds on every pane, in both themes, on a desktop and on a phone; and the keyboard."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

Ask = Callable[[str], None]
QUESTION = "Why did China refuse Japan's bid?"


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's source, which the package axe-playwright-python carries."""
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or not found.submodule_search_locations:
        pytest.skip("axe-playwright-python is not installed: pip install axe-playwright-python")
    return (Path(found.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")


def findings(page: Page, axe: str) -> list[Any]:
    page.evaluate(axe)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    grave = [v for v in found["violations"] if v["impact"] in {"serious", "critical"}]
    return [(v["id"], [node["html"][:160] for node in v["nodes"][:3]]) for v in grave]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_serious(page: Page, ask: Ask, axe: str, theme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(
        f"() => setTimeout(() => document.body.classList.toggle('dark', {str(theme == 'dark').lower()}))"
    )
    assert findings(page, axe) == []
    ask(QUESTION)
    page.locator("#live .found > summary").click()
    assert findings(page, axe) == []
    page.locator("#live .marker").first.click()
    expect(page.locator("#cable .para.current")).to_be_visible()
    assert findings(page, axe) == []
    page.get_by_role("button", name="Close the cable").click()
    page.get_by_role("button", name="Filters").click()
    expect(page.locator("#filter-form")).to_be_visible()
    assert findings(page, axe) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Settings").click()
    expect(page.locator("#settings-form")).to_be_visible()
    assert findings(page, axe) == []
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Archive", exact=True).click()
    expect(page.locator(".cables tbody tr").first).to_be_visible()
    assert findings(page, axe) == []
    page.get_by_role("link", name="Dossiers").click()
    page.get_by_label("New dossier").fill("Japan")
    page.get_by_role("button", name="Compose").click()
    expect(page.locator(".dossier h1")).to_have_text("Japan")
    page.get_by_text("Add a note").click()
    assert findings(page, axe) == []


def test_a_checked_text_has_no_finding(page: Page, axe: str) -> None:
    page.get_by_role("link", name="Check").click()
    page.get_by_label("Your text").fill("Beijing said no to Tokyo (08BEIJING90014 ¶3).")
    page.locator("#check-pane").get_by_role("button", name="Check").click()
    expect(page.locator("#checked .claim")).to_have_count(1)
    assert findings(page, axe) == []


def test_a_question_is_asked_read_and_closed_with_the_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator("body").press("/")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator("#live .foot").wait_for()
    page.locator("#live .marker").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#cable .para.current")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#live .marker").first).to_be_focused()


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_is_wider_than_the_screen(page: Page, ask: Ask, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    ask(QUESTION)
    page.locator("#live .marker").first.click()
    expect(page.locator("#cable .para.current")).to_be_visible()
    wide = page.evaluate(
        "() => { const [reader, top] = ['#reader', '.top'].map((name) => document.querySelector(name));"
        " const wide = [reader, top].map((pane) => pane.scrollWidth - pane.clientWidth);"
        " return [document.documentElement.scrollWidth, ...wide]; }"
    )
    assert wide == [width, 0, 0]


def test_the_dark_theme_stays_after_a_reload(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.get_by_role("button", name="Dark").click()
    page.reload()
    expect(page.locator("body.dark")).to_be_attached()
    expect(page.get_by_role("button", name="Light")).to_be_visible()
    page.close()
