"""Watches in a real browser: saved, told of after an index run, seen."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from archives import cable_text
from playwright.sync_api import Page, expect

Open = Callable[[str], Page]


@pytest.fixture
def own(new_page: Open, serve: Callable[[Path], str], sample_data: Path, tmp_path: Path) -> Page:
    """The dossiers page over an archive of the test's own."""
    page = new_page(f"{serve(shutil.copytree(sample_data, tmp_path / 'data'))}/#dossiers")
    page.get_by_label("Watch for what arrives").wait_for()
    return page


def save(page: Page, text: str) -> None:
    page.get_by_label("Watch for what arrives").fill(text)
    page.get_by_role("button", name="Watch", exact=True).click()
    expect(page.locator("#watches li", has_text=text)).to_contain_text("nothing new")


def add_cable(page: Page, folder: Path) -> None:
    """A cable is added by the button of the archive page."""
    file = folder / "ferry.txt"
    text = "(U) The ferry to Sardinia was cancelled because its engine had burned out."
    file.write_text(cable_text("09LISBON91001", [text]), encoding="utf-8")
    page.get_by_role("link", name="Archive", exact=True).click()
    page.get_by_role("button", name="Manage").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add cables").click()
    chooser.value.set_files(file)
    expect(page.locator("#run")).to_contain_text("1 new")


def test_after_an_index_run_the_page_says_what_is_new_until_it_was_seen(own: Page, tmp_path: Path) -> None:
    text, question = "Sardinia", "Why was the ferry to Sardinia cancelled?"
    save(own, text)
    save(own, question)
    add_cable(own, tmp_path)
    expect(own.locator("nav [data-fresh='2']")).to_be_visible()
    own.locator("nav [data-page='dossiers']").click()
    own.locator("#watches").get_by_role("link", name=question).click()
    expect(own.locator(".dossier .extent")).to_have_text("Answered by 1 new cable.")
    own.locator("#watches").get_by_role("link", name=text, exact=True).click()
    expect(own.locator(".dossier .extent")).to_have_text("Held by 1 new cable.")
    own.locator(".dossier .lines a").click()
    expect(own.locator("#cable")).to_have_attribute("data-cable", "09LISBON91001")
    own.get_by_role("button", name="Close the cable").click()
    own.get_by_role("button", name="Seen").click()
    expect(own.locator(".dossier .hint-text")).to_contain_text("Nothing has arrived")
    expect(own.locator("nav [data-fresh='1']")).to_be_visible()


def test_a_watch_is_deleted(own: Page) -> None:
    save(own, "Sardinia")
    own.get_by_role("button", name="Delete the watch Sardinia").click()
    own.get_by_role("button", name="Really delete the watch Sardinia?").click()
    expect(own.locator("#watches li")).to_have_count(0)
