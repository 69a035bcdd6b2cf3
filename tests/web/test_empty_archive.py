"""The page before there is an archive."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def empty(new_page: Callable[[str], Page], serve: Callable[[Path], str], tmp_path: Path) -> Page:
    """The page over a folder without an archive."""
    page = new_page(serve(tmp_path / "nothing"))
    expect(page.locator(".welcome h1")).to_have_text("There is no archive yet")
    return page


def test_without_an_archive_the_page_says_how_to_make_one(empty: Page) -> None:
    expect(empty.locator(".welcome")).to_contain_text("reftel index")


def test_one_click_fills_the_archive_with_the_samples_and_suggests_questions(empty: Page) -> None:
    empty.get_by_role("button", name="Try the samples").click()
    example = empty.locator(".examples button").first
    example.wait_for()
    question = example.text_content() or ""
    example.click()
    expect(empty.locator("#live h2")).to_have_text(question)
    expect(empty.locator("#live .marker").first).to_be_visible()


def test_files_that_are_dropped_on_the_page_make_an_archive(empty: Page, sample_data: Path) -> None:
    text = next((Path(__file__).parents[2] / "samples").glob("09RIYADH*.txt")).read_text()
    empty.evaluate(
        """(text) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], '09RIYADH90187.txt'));
          document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        text,
    )
    expect(empty.locator(".welcome h1")).to_have_text("What do you want to know?")
    expect(empty.locator("#summary")).to_contain_text("1 cable")
