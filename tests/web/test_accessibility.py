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


@pytest.fixture(params=[("light", 360), ("dark", 1440)], ids=["a light phone", "a dark desktop"])
def themed(page: Page, request: pytest.FixtureRequest) -> Page:
    theme, width = request.param
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(reduced_motion="reduce")  # colours that are on their way are none of the theme's
    page.evaluate(
        f"() => setTimeout(() => document.body.classList.toggle('dark', {str(theme == 'dark').lower()}))"
    )
    return page


def test_axe_finds_nothing_serious_in_the_conversation(themed: Page, ask: Ask, axe: str) -> None:
    assert findings(themed, axe) == []
    ask(QUESTION)
    themed.locator("#live .found > summary").click()
    themed.locator("#live .why summary").first.click()
    assert findings(themed, axe) == []
    themed.locator("#live .marker").first.click()
    expect(themed.locator("#cable .para.current")).to_be_visible()
    assert findings(themed, axe) == []
    themed.get_by_role("button", name="Close the cable").click()
    ask("And what did they say about India?")
    assert findings(themed, axe) == []
    themed.get_by_role("button", name="Filters").click()
    expect(themed.locator("#filter-form")).to_be_visible()
    assert findings(themed, axe) == []
    themed.keyboard.press("Escape")
    themed.get_by_role("button", name="Settings", exact=True).click()
    themed.get_by_text("Use a remote model").click()
    assert findings(themed, axe) == []


def test_axe_finds_nothing_serious_on_the_other_pages(themed: Page, axe: str) -> None:
    themed.get_by_role("link", name="Archive", exact=True).click()
    expect(themed.locator(".cables tbody tr").first).to_be_visible()
    themed.get_by_role("button", name="Manage").click()
    assert findings(themed, axe) == []
    themed.get_by_label("Search all texts").fill("wheat")
    expect(themed.locator(".snippet").first).to_be_visible()
    themed.locator(".pick").first.check()
    assert findings(themed, axe) == []
    themed.get_by_role("link", name="Dossiers").click()
    themed.get_by_label("New dossier").fill("Japan")
    themed.get_by_role("button", name="Compose").click()
    expect(themed.locator(".dossier h1")).to_have_text("Japan")
    themed.get_by_text("Add a note").click()
    assert findings(themed, axe) == []
    themed.get_by_label("Watch for what arrives").fill("Sardinia")
    themed.get_by_role("button", name="Watch", exact=True).click()
    themed.locator("#watches").get_by_role("link", name="Sardinia").click()
    expect(themed.locator(".dossier h1")).to_have_text("Sardinia")
    assert findings(themed, axe) == []
    themed.get_by_role("link", name="Check").click()
    themed.get_by_label("Your text").fill("Beijing said no to Tokyo (08BEIJING90014 ¶3).")
    themed.locator("#check-pane").get_by_role("button", name="Check").click()
    expect(themed.locator("#checked .claim")).to_have_count(1)
    assert findings(themed, axe) == []


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
