"""The archive page in a real browser: searching all texts; adding cables, what failed and why."""

import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

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


Open = Callable[[str], Page]


@pytest.fixture
def listing(new_page: Open, address: str) -> Page:
    """The archive page over the samples, for reading."""
    page = new_page(f"{address}/#archive")
    page.locator(".cables tbody tr").first.wait_for()
    return page


@pytest.fixture
def own_data(sample_data: Path, tmp_path: Path) -> Path:
    """A copy of the samples' archive that a test may change."""
    return shutil.copytree(sample_data, tmp_path / "data")


@pytest.fixture
def own(new_page: Open, serve: Callable[[Path], str], own_data: Path) -> Page:
    """The archive page over an archive of the test's own."""
    page = new_page(f"{serve(own_data)}/#archive")
    page.locator(".cables tbody tr").first.wait_for()
    manage(page)
    return page


def add(page: Page, *files: Path) -> None:
    """Choose files as a person does: by the button."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add cables").click()
    chooser.value.set_files(files)


def test_the_page_lists_all_cables_the_latest_first(listing: Page) -> None:
    expect(listing.locator(".pick")).to_have_count(18)
    expect(listing.locator(".cables .id a").first).to_have_text("10REYKJAVIK90004")


def test_a_heading_sorts_and_sorts_the_other_way(listing: Page) -> None:
    listing.get_by_role("button", name="Cable", exact=True).click()
    expect(listing.locator(".cables .id a").first).to_have_text("79CAIRO90003")
    listing.get_by_role("columnheader", name="Post").get_by_role("button").click()
    expect(listing.locator("th[aria-sort='descending']")).to_contain_text("Post")
    listing.get_by_role("columnheader", name="Post").get_by_role("button").click()
    expect(listing.locator(".cables tbody tr").first).to_contain_text("Embassy Addis Ababa")


def find(page: Page, words: str) -> None:
    page.get_by_label("Search all texts").fill(words)


def test_words_are_found_in_all_texts_and_marked_in_their_paragraphs(listing: Page) -> None:
    find(listing, '"security council" veto*')
    expect(listing.locator(".found-bar strong")).to_have_text("1 paragraph in 1 cable")
    snippet = listing.locator(".snippet").first
    expect(snippet.locator("mark").first).to_have_text(re.compile("security|council|veto", re.IGNORECASE))
    snippet.click()
    expect(listing.locator("#cable .para.current")).to_be_visible()


def test_what_is_found_comes_best_or_latest_first(listing: Page) -> None:
    find(listing, "council")
    listing.get_by_role("button", name="Latest first").click()
    expect(listing.get_by_role("button", name="Latest first")).to_have_attribute("aria-pressed", "true")
    expect(listing.locator(".found-bar strong")).to_have_text(re.compile(r"^\d+ cables$"))
    expect(listing.locator(".snippet mark").first).to_have_text(re.compile("council", re.IGNORECASE))


def test_what_is_typed_while_the_page_is_drawn_stays(new_page: Open, address: str) -> None:
    page = new_page(f"{address}/#archive")
    find(page, "wheat")
    expect(page.locator(".cables .id a")).to_have_text(["09RIYADH90187"])
    page.get_by_label("Select 09RIYADH90187").check()
    expect(page.get_by_label("Search all texts")).to_have_value("wheat")


def test_a_cables_id_finds_that_cable(listing: Page) -> None:
    find(listing, "09 Riyadh 90187")
    expect(listing.locator(".cables .id a")).to_have_text(["09RIYADH90187"])


def test_a_subject_opens_its_cable_in_the_reader(listing: Page) -> None:
    listing.locator(".subject a", has_text="SAUDI ARABIA GIVES UP WHEAT").click()
    expect(listing.locator("#cable h2")).to_contain_text("SAUDI ARABIA GIVES UP WHEAT")


def facet(page: Page, words: str) -> Locator:
    return page.locator("#facets label", has_text=words)


def test_facets_narrow_the_search_and_their_counts_follow_it(listing: Page) -> None:
    expect(facet(listing, "Embassy Beijing").locator("b")).to_have_text("2")
    find(listing, "bid")
    expect(facet(listing, "Embassy Reykjavik")).to_have_count(0)
    facet(listing, "Embassy Beijing").click()
    expect(listing.locator(".cables .id a", has_text="08BEIJING90014")).to_be_visible()
    expect(listing.locator(".cables .id a", has_text="TOKYO")).to_have_count(0)
    listing.get_by_role("button", name="Clear").click()
    expect(listing.locator(".found-bar strong")).to_have_text("18 cables")
    expect(facet(listing, "Embassy Beijing").locator("input")).not_to_be_checked()


def test_names_that_stand_beside_the_words_narrow_the_search(listing: Page) -> None:
    find(listing, "council")
    name = listing.locator(".found-names button", has_text="General Assembly")
    count = name.locator("b").text_content()
    name.click()
    expect(listing.get_by_label("Search all texts")).to_have_value('council "General Assembly"')
    expect(listing.locator(".found-bar strong")).to_have_text(re.compile(r"paragraphs? in \d+ cables?"))
    expect(name).to_have_count(0)
    listing.get_by_role("button", name="Latest first").click()
    expect(listing.locator(".found-bar strong")).to_have_text(f"{count} cables")


def test_a_year_narrows_the_search_and_lets_go_of_it(listing: Page) -> None:
    year = listing.locator(".years button", has_text="1979")
    year.click()
    expect(listing.locator(".cables .id a")).to_have_text(["79CAIRO90003"])
    expect(year).to_have_attribute("aria-pressed", "true")
    year.click()
    expect(listing.locator(".pick")).to_have_count(18)


def test_a_drag_over_the_months_names_them_and_narrows_the_search(listing: Page) -> None:
    box = listing.locator("#browse .histogram").bounding_box()
    assert box is not None
    listing.mouse.move(box["x"] + 0.5, box["y"] + 10)
    listing.mouse.down()
    expect(listing.locator("#browse .dragged")).to_have_text("")
    listing.mouse.move(box["x"] + 2, box["y"] + 10, steps=3)
    expect(listing.locator("#browse .dragged")).to_contain_text("1979")
    listing.mouse.up()
    expect(listing.locator(".cables .id a")).to_have_text(["79CAIRO90003"])


def test_what_is_found_is_saved_as_csv(listing: Page) -> None:
    find(listing, "wheat")
    expect(listing.locator(".snippet").first).to_be_visible()
    with listing.expect_download() as download:
        listing.get_by_role("button", name="Save what was found as CSV").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "cable,paragraph,date,post,classification,subject,snippet"
    assert any(line.startswith("09RIYADH90187,¶1,2009-") for line in lines)


def test_a_question_is_asked_only_of_cables_that_were_selected(listing: Page) -> None:
    listing.get_by_label("Select 08TOKYO90031").check()
    listing.get_by_role("button", name="Ask only these").click()
    expect(listing.locator(".chip")).to_contain_text("08TOKYO90031")
    listing.get_by_label("Your question").fill("Why did China refuse Japan's bid?")
    listing.keyboard.press("Enter")
    listing.locator("#live .foot").wait_for()
    cables = listing.locator("#live .sources b").all_text_contents()
    assert cables
    assert all(cable.startswith("08TOKYO90031") for cable in cables)


def test_cables_stay_selected_while_the_search_goes_on_and_no_other_takes_their_place(listing: Page) -> None:
    listing.get_by_label("Select 08TOKYO90031").check()
    find(listing, "wheat")
    expect(listing.locator(".cables .id a")).to_have_text(["09RIYADH90187"])
    expect(listing.get_by_label("Select 09RIYADH90187")).not_to_be_checked()
    expect(listing.locator(".selection")).to_contain_text("1 selected")
    find(listing, "")
    expect(listing.get_by_label("Select 08TOKYO90031")).to_be_checked()
    expect(listing.get_by_label("Select 09RIYADH90187")).not_to_be_checked()
    listing.get_by_role("button", name="Select none").click()
    expect(listing.get_by_label("Select 08TOKYO90031")).not_to_be_checked()
    expect(listing.locator(".selection")).to_be_hidden()


def test_a_dossier_is_composed_of_cables_that_were_selected(listing: Page) -> None:
    listing.get_by_label("Select 08TOKYO90031").check()
    listing.get_by_label("Select 08BEIJING90014").check()
    expect(listing.locator(".selection")).to_contain_text("2 selected")
    listing.get_by_role("button", name="Dossier of these").click()
    expect(listing.locator("#dossier")).to_contain_text("08BEIJING90014")
    expect(listing.locator(".dossier-title")).to_have_text(["08TOKYO90031, 08BEIJING90014"])


def test_what_an_answer_has_counted_opens_as_a_list(page: Page, ask: Callable[[str], None]) -> None:
    ask("How many cables mention the Security Council?")
    counted = page.locator("#live .prose p").first.text_content() or ""
    page.get_by_role("button", name="Open the full list").click()
    expect(page.locator(".found-bar strong")).to_have_text(" ".join(counted.split()[:2]))
    expect(page.get_by_label("Search all texts")).to_have_value('"Security Council"')


def manage(page: Page) -> None:
    page.get_by_role("button", name="Manage").click()


def test_what_answers_and_what_it_takes_is_behind_manage(listing: Page) -> None:
    expect(listing.locator(".facts")).to_be_hidden()
    manage(listing)
    expect(listing.locator(".facts")).to_contain_text("all-MiniLM-L6-v2")
    expect(listing.locator(".facts")).to_contain_text("no model is configured")
    expect(listing.locator(".facts")).to_contain_text("MB in")


def test_added_cables_are_indexed_reported_and_can_be_asked_about(own: Page, tmp_path: Path) -> None:
    good, bad = tmp_path / "08ROME9101.txt", tmp_path / "photo.txt"
    good.write_text(CABLE)
    bad.write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20)
    add(own, good, bad)
    expect(own.locator("#run")).to_contain_text("1 new, 0 changed, 0 unchanged, 1 failed")
    expect(own.locator("#run .failures")).to_contain_text("photo.txt")
    expect(own.locator(".pick")).to_have_count(19)
    own.get_by_role("link", name="Ask", exact=True).click()
    own.get_by_label("Your question").fill("How long has the ferry strike left Sardinia without lemons?")
    own.keyboard.press("Enter")
    expect(own.locator("#live")).to_contain_text("08ROME9101")


def test_what_has_come_since_somebody_looked_is_offered_to_be_looked_through(
    own: Page, tmp_path: Path
) -> None:
    expect(own.locator(".examples button").first).to_be_attached()
    file = tmp_path / "08ROME9101.txt"
    file.write_text(CABLE)
    add(own, file)
    expect(own.locator("#run")).to_contain_text("1 new")
    own.get_by_role("link", name="Ask", exact=True).click()
    own.get_by_role("button", name="New question").click()
    news = own.locator(".news")
    expect(news).to_contain_text(re.compile(r"1 new cable since (just now|1 min\. ago): "))
    expect(news).to_contain_text("External political relations (1)")
    own.get_by_role("button", name="See what they are about").click()
    expect(own.locator(".subject a")).to_have_text(["FERRY STRIKE LEAVES SARDINIA WITHOUT LEMONS"])
    own.get_by_role("button", name="Search all cables").click()
    expect(own.locator(".pick")).to_have_count(19)
    own.get_by_role("link", name="Ask", exact=True).click()
    expect(own.locator(".news")).to_be_hidden()


def test_every_upload_on_a_page_is_reported_also_of_the_same_file(own: Page, tmp_path: Path) -> None:
    archive = tmp_path / "cables.zip"
    for text, outcome in (
        (CABLE, "1 new"),
        (CABLE.replace("ninth", "tenth"), "1 changed"),
        (CABLE.replace("ninth", "tenth"), "1 unchanged"),
    ):
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("08ROME9101.txt", text)
        add(own, archive)
        expect(own.locator("#run")).to_contain_text(outcome)
    expect(own.locator("#sending")).to_have_count(0)


def test_files_that_are_dropped_on_the_page_are_added(own: Page) -> None:
    own.evaluate(
        """(text) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], '08ROME9101.txt'));
          document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        CABLE,
    )
    expect(own.locator("#run")).to_contain_text("1 new")


def test_indexing_again_finds_nothing_changed(own: Page) -> None:
    own.get_by_role("button", name="Index again").click()
    expect(own.locator("#run")).to_contain_text("0 new, 0 changed, 18 unchanged, 0 failed")


def test_a_cable_is_withdrawn_when_that_is_meant(own: Page) -> None:
    button = own.get_by_role("button", name="Withdraw 09RIYADH90187", exact=True)
    button.click()
    really = own.get_by_role("button", name="Really withdraw 09RIYADH90187?")
    expect(really).to_be_visible()
    own.get_by_label("Search all texts").focus()  # it was not meant
    expect(really).to_have_count(0)
    button.click()
    really.click()
    expect(own.locator("#run")).to_contain_text("09RIYADH90187 is withdrawn")
    expect(own.locator(".pick")).to_have_count(17)
    expect(own.locator(".cables .id a", has_text="09RIYADH90187")).to_have_count(0)
    own.get_by_text("Indexing runs").click()
    expect(own.locator("#runs")).to_contain_text("0 failed, 1 withdrawn")
    own.get_by_role("button", name="Undo: take 09RIYADH90187 in again").click()
    expect(own.locator("#run")).to_contain_text("1 new")
    expect(own.locator(".pick")).to_have_count(18)
