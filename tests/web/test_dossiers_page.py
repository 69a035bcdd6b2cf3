"""The dossiers page in a real browser: composed, read, added to by hand, saved."""

import csv
import io
import re
from base64 import b64decode
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def dossiers(page: Page) -> Page:
    """The dossiers page of a new reader over the samples."""
    page.get_by_role("link", name="Dossiers").click()
    page.get_by_label("New dossier").wait_for()
    return page


@pytest.fixture
def japan(dossiers: Page) -> Page:
    """The dossier about Japan, open."""
    compose(dossiers, "Japan")
    return dossiers


def compose(page: Page, about: str) -> None:
    page.get_by_label("New dossier").fill(about)
    page.get_by_role("button", name="Compose").click()
    page.locator(".dossier h1", has_text=about).wait_for()


def add_note(page: Page, note: str) -> None:
    page.get_by_text("Add a note").click()
    page.get_by_label("Note", exact=True).fill(note)
    page.get_by_role("button", name="Add the note").click()


def test_a_name_becomes_a_page_of_dated_quotes_each_of_which_opens_its_paragraph(japan: Page) -> None:
    expect(japan.locator(".extent")).to_contain_text("6 cables hold “Japan”")
    expect(japan.locator(".dossier .banner")).to_contain_text("CONFIDENTIAL")
    expect(japan.locator(".lines li")).to_have_count(6)
    expect(japan.locator(".lines li").first).to_contain_text("8 August 2005 Embassy Addis Ababa")
    expect(japan.get_by_role("row", name="Embassy Beijing")).to_contain_text("1")
    expect(japan.locator(".names", has_text="General Assembly")).to_be_visible()
    expect(japan.locator(".refers li", has_text="08TOKYO90031 refers to").first).to_be_visible()
    for place in (".lines li >> a", ".names a", ".refers a"):
        link = japan.locator(place).first
        link.click()
        expect(japan.locator("#cable")).to_have_attribute("data-cable", link.get_attribute("data-read") or "")
        expect(japan.locator(".dossier h1")).to_be_visible()
        japan.get_by_role("button", name="Close the cable").click()
        expect(japan.locator("#cable")).to_have_count(0)


def test_it_is_kept_renamed_and_deleted(japan: Page) -> None:
    japan.reload()
    japan.get_by_role("link", name="Japan", exact=True).click()
    expect(japan.locator(".lines li")).to_have_count(6)
    japan.get_by_role("button", name="Rename Japan").click()
    japan.get_by_label("New title").fill("The seat")
    japan.keyboard.press("Enter")
    expect(japan.locator(".dossier h1")).to_have_text("The seat")
    expect(japan.locator(".lines li")).to_have_count(6)
    japan.get_by_role("button", name="Delete The seat").click()
    japan.get_by_role("button", name="Really delete The seat?").click()
    expect(japan.locator(".dossier-title")).to_have_count(0)
    expect(japan.locator(".dossier")).to_have_count(0)


def test_the_same_name_opens_the_dossier_that_there_is(japan: Page) -> None:
    add_note(japan, "Mine.")
    expect(japan.locator(".pin .own")).to_have_text("Mine.")
    compose(japan, "Japan")
    expect(japan.locator(".dossier-title")).to_have_count(1)
    expect(japan.locator(".pin .own")).to_have_text("Mine.")


def test_a_paragraph_of_the_reader_and_a_source_of_an_answer_are_pinned(
    japan: Page, ask: Callable[[str], None]
) -> None:
    japan.locator(".lines a", has_text="China refused").click()
    japan.get_by_role("button", name="Pin paragraph 2", exact=True).click()
    expect(japan.locator(".pinned")).to_have_text("Pinned to Japan.")
    japan.get_by_role("button", name="Close the cable").click()
    japan.get_by_role("link", name="Ask", exact=True).click()
    ask("Why did China refuse Japan's bid?")
    japan.get_by_role("button", name="Pin source 1").click()
    japan.locator(".pinned").get_by_role("link", name="Japan").click()
    expect(japan.locator(".pin")).to_have_count(2)
    expect(japan.locator(".pin").first).to_contain_text("08BEIJING90014 ¶2")
    japan.get_by_role("button", name="Remove 08BEIJING90014").first.click()
    japan.get_by_role("button", name="Really remove 08BEIJING90014?").click()
    expect(japan.locator(".pin")).to_have_count(1)


def test_a_pin_without_a_dossier_begins_one(page: Page, ask: Callable[[str], None]) -> None:
    ask("Why did China refuse Japan's bid?")
    page.get_by_role("button", name="Pin source 1").click()
    expect(page.locator(".pinned")).to_have_text("Pinned to Pinned paragraphs.")


def test_chosen_cables_make_a_dossier_and_a_name_that_is_nowhere_is_said_to_be_nowhere(
    dossiers: Page,
) -> None:
    compose(dossiers, "08BEIJING90014, 08TOKYO90031")
    expect(dossiers.locator(".extent")).to_contain_text("2 cables chosen by hand.")
    expect(dossiers.locator(".lines li")).to_have_count(2)
    compose(dossiers, "Blomqvistdottir")
    expect(dossiers.locator(".extent")).to_have_text("No cable holds “Blomqvistdottir”.")


def test_it_is_saved_in_every_form_and_without_a_model_no_summary_is_offered(japan: Page) -> None:
    expect(japan.get_by_role("button", name="Write a summary")).to_have_count(0)
    links = japan.locator(".dossier .save a")
    saved = {}
    for link in links.all():
        data = re.fullmatch(r"data:[\w/-]+;charset=utf-8;base64,(.+)", link.get_attribute("href") or "")
        assert data
        saved[link.get_attribute("download")] = b64decode(data[1]).decode()
    assert set(saved) == {f"reftel-japan.{ending}" for ending in ("md", "html", "csv", "ris", "bib")}
    assert saved["reftel-japan.md"].startswith("# Japan\n")
    assert len(list(csv.DictReader(io.StringIO(saved["reftel-japan.csv"])))) == 6


def test_markup_in_a_title_or_note_is_shown_as_text(dossiers: Page) -> None:
    compose(dossiers, "<b>Japan</b>")
    add_note(dossiers, "<img src=x onerror=alert(1)>")
    expect(dossiers.locator(".pin .own")).to_have_text("<img src=x onerror=alert(1)>")
