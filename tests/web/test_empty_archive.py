"""The page before there is an archive."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, expect


def test_without_an_archive_the_page_says_how_to_make_one(
    browser: Browser, serve: Callable[[Path], str], tmp_path: Path
) -> None:
    page = browser.new_page()
    page.goto(serve(tmp_path / "nothing"))
    expect(page.locator(".welcome h1")).to_have_text("There is no archive yet")
    expect(page.locator(".welcome")).to_contain_text("reftel index")
    page.close()
