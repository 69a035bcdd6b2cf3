"""Past conversations and filters, in a real browser over the samples."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

Ask = Callable[[str], None]
QUESTION = "Why did China refuse Japan's bid?"


def test_a_conversation_comes_back_after_a_reload(page: Page, ask: Ask) -> None:
    ask(QUESTION)
    page.reload()
    page.locator(".past-title", has_text=QUESTION).click()
    expect(page.locator("#live .marker").first).to_be_visible()
    page.locator("#live .marker").first.click()
    expect(page.locator("#cable .para.current mark").first).to_be_visible()


def test_going_back_to_an_earlier_question_leaves_the_conversation_in_the_list(page: Page, ask: Ask) -> None:
    ask(QUESTION)
    ask("What does Embassy Tokyo say about that?")
    page.locator("#earlier .question").hover()
    page.locator("#earlier").get_by_role("button", name="Edit").click()
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    ask("Who wants a seat?")
    expect(page.locator(".past-title")).to_have_count(2)


def test_two_tabs_on_one_conversation_lose_no_exchange(page: Page, ask: Ask, address: str) -> None:
    ask(QUESTION)
    other = page.context.new_page()
    other.goto(address)
    other.locator(".past-title", has_text=QUESTION).click()
    expect(other.locator("#live .foot")).to_be_visible()
    ask("What does Embassy Tokyo say about that?")
    other.get_by_label("Your question").fill("Who wants a seat?")
    other.keyboard.press("Enter")
    expect(other.locator("#live h2")).to_have_text("Who wants a seat?")
    expect(other.locator("#live .foot")).to_be_visible()
    expect(other.locator(".past-title")).to_have_count(2)
    kept = set()
    for n in range(2):
        title = other.locator(".past-title").nth(n)
        title.click()
        expect(title).to_have_attribute("aria-current", "true")
        expect(other.locator("#earlier")).to_contain_text(QUESTION)
        kept.add(other.locator("#live h2").text_content())
    assert kept == {"Who wants a seat?", "What does Embassy Tokyo say about that?"}
    other.close()


def test_a_conversation_can_be_renamed_searched_and_deleted(page: Page, ask: Ask) -> None:
    ask(QUESTION)
    page.get_by_role("button", name="New question").click()
    expect(page.locator("#live .exchange")).to_have_count(0)
    ask("How many sure votes did India's permanent mission count for the G-4 draft?")
    item = page.locator("#past li", has_text=QUESTION)
    item.hover()
    item.get_by_role("button", name="Rename").click()
    page.get_by_label("New title").fill("The refusal")
    page.keyboard.press("Enter")
    expect(page.locator(".past-title", has_text="The refusal")).to_be_visible()
    page.get_by_label("Search your conversations").fill("refusal")
    expect(page.locator("#past li")).to_have_count(1)
    page.locator("#past li").hover()
    page.get_by_role("button", name="Delete The refusal").click()
    page.get_by_text("Really delete?").click()
    expect(page.locator("#past li")).to_have_count(0)


def test_another_browser_does_not_see_the_conversations(page: Page, ask: Ask, address: str) -> None:
    ask(QUESTION)
    other = page.context.browser.new_context().new_page()
    other.goto(address)
    expect(other.locator(".past-none")).to_be_attached()
    other.context.close()


def test_a_filter_limits_the_answer_and_its_chip_removes_it(page: Page, ask: Ask) -> None:
    page.get_by_role("button", name="Filters").click()
    page.locator("#filter-form label", has_text="Embassy Tokyo").click()
    expect(page.locator(".chip")).to_contain_text("Embassy Tokyo")
    page.keyboard.press("Escape")
    ask(QUESTION)
    cables = page.locator("#live .sources b").all_text_contents()
    assert cables
    assert all(cable.startswith("08TOKYO90031") for cable in cables)
    expect(page.locator("#live .only")).to_have_text("Embassy Tokyo")
    page.get_by_role("button", name="Remove the filter Embassy Tokyo").click()
    expect(page.locator(".chip")).to_have_count(0)


def test_choices_show_how_many_cables_they_would_leave(page: Page) -> None:
    page.get_by_role("button", name="Filters").click()
    expect(page.locator("#filter-form label", has_text="Embassy Beijing").locator("b")).to_have_text("2")


def test_dragging_over_the_histogram_sets_the_period(page: Page) -> None:
    page.get_by_role("button", name="Filters").click()
    box = page.locator(".histogram").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.98, box["y"] + 10, steps=4)
    page.mouse.up()
    expect(page.locator(".chip")).to_have_text(re.compile(r"^\w+ 200\d to \w+ 2010"))


def test_what_the_question_names_is_shown_apart_from_filters(page: Page, ask: Ask) -> None:
    ask("What did Embassy Tokyo report in May 2008 about the seat?")
    expect(page.locator("#live .slot").first).to_be_visible()
    expect(page.locator("#live .only")).to_have_count(0)
