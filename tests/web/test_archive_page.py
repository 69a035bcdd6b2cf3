"""The archive page in a real browser: the table, adding cables, what failed and why."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

CABLE = """VZCZCXRO0001
RR RUEHC
DE RUEHRO #9101/01 1080900
ZNY CCCCC ZZH
R 170900Z APR 08
FM AMEMBASSY ROME
TO RUEHC/SECSTATE WASHDC 0001
BT
C O N F I D E N T I A L ROME 009101

E.O. 12958: DECL: 04/17/2018
TAGS: PREL, IT
SUBJECT: FERRY STRIKE LEAVES SARDINIA WITHOUT LEMONS

1. (C) The ferry strike entered its ninth day on April 16 and no lemons have reached Cagliari since.
"""


@pytest.fixture
def archive(
    browser: Browser, serve: Callable[[Path], str], sample_data: Path, tmp_path: Path
) -> Iterator[Page]:
    """The archive page over a copy of the samples, so that a test may add to it."""
    data = tmp_path / "data"
    shutil.copytree(sample_data, data)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{serve(data)}/#archive")
    page.locator(".cables tbody tr").first.wait_for(timeout=60_000)
    yield page
    page.close()


def test_the_table_lists_all_cables_the_latest_first(archive: Page) -> None:
    expect(archive.locator(".cables tbody tr")).to_have_count(18)
    expect(archive.locator(".cables .id a").first).to_have_text("10REYKJAVIK90004")


def test_a_heading_sorts_and_sorts_the_other_way(archive: Page) -> None:
    archive.get_by_role("button", name="Cable", exact=True).click()
    expect(archive.locator(".cables .id a").first).to_have_text("79CAIRO90003")
    archive.get_by_role("columnheader", name="Post").get_by_role("button").click()
    expect(archive.locator("th[aria-sort='descending']")).to_contain_text("Post")
    archive.get_by_role("columnheader", name="Post").get_by_role("button").click()
    expect(archive.locator(".cables tbody tr").first).to_contain_text("Embassy Addis Ababa")


def test_cables_are_found_by_words_of_their_subject(archive: Page) -> None:
    archive.get_by_label("Find cables").fill("wheat saudi")
    expect(archive.locator(".cables .id a")).to_have_text(["09RIYADH90187"])


def test_a_row_opens_its_cable_in_the_reader(archive: Page) -> None:
    archive.locator(".cables .id a", has_text="09RIYADH90187").click()
    expect(archive.locator("#cable h2")).to_contain_text("SAUDI ARABIA GIVES UP WHEAT")


def test_added_cables_are_indexed_reported_and_can_be_asked_about(archive: Page, tmp_path: Path) -> None:
    good, bad = tmp_path / "08ROME9101.txt", tmp_path / "photo.txt"
    good.write_text(CABLE)
    bad.write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20)
    archive.locator("input[type=file]").first.set_input_files([good, bad])
    expect(archive.locator("#run")).to_contain_text("1 new, 0 changed, 0 unchanged, 1 failed", timeout=60_000)
    expect(archive.locator("#run .failures")).to_contain_text("photo.txt")
    expect(archive.locator(".cables tbody tr")).to_have_count(19)
    archive.get_by_role("link", name="Ask", exact=True).click()
    archive.get_by_label("Your question").fill("How long has the ferry strike left Sardinia without lemons?")
    archive.keyboard.press("Enter")
    expect(archive.locator("#live")).to_contain_text("08ROME9101", timeout=60_000)


def test_indexing_again_finds_nothing_changed(archive: Page) -> None:
    archive.get_by_role("button", name="Index again").click()
    expect(archive.locator("#run")).to_contain_text(
        "0 new, 0 changed, 18 unchanged, 0 failed", timeout=60_000
    )
