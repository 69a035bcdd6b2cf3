"""How a question was read, shown above its answer and changed there, in a real browser over the samples."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

Ask = Callable[[str], None]
SEAT = "What did Embassy Tokyo report in May 2008 about the seat?"


def test_what_the_question_names_is_shown_apart_from_filters(page: Page, ask: Ask) -> None:
    ask(SEAT)
    expect(page.locator("#live .read-as b")).to_have_text("one cable")
    expect(page.locator("#live .slot")).to_contain_text(["Embassy Tokyo", "May 2008"])
    expect(page.locator("#live .only")).to_have_count(0)


def test_one_click_reads_a_question_as_another_kind(page: Page, ask: Ask) -> None:
    ask("Why did China refuse Japan's bid?")
    page.locator("#live .kinds").get_by_role("button", name="timeline").click()
    expect(page.locator("#live .read-as b")).to_have_text("timeline")
    expect(page.locator("#live .rows li").first).to_contain_text("2008")
    expect(page.locator("#live .rows li .marker").first).to_be_visible()
    expect(page.locator("#earlier .exchange")).to_have_count(0)


def test_what_was_not_meant_is_left_out_with_one_click(page: Page, ask: Ask) -> None:
    ask(SEAT)
    page.get_by_role("button", name="Leave out May 2008").click()
    expect(page.locator("#live .slot", has_text="May 2008")).to_have_count(0)
    expect(page.locator("#live .slot", has_text="Embassy Tokyo")).to_be_visible()
    expect(page.locator("#live h2")).to_have_text(SEAT)


def test_a_slot_is_changed_where_it_stands(page: Page, ask: Ask) -> None:
    ask(SEAT)
    page.get_by_role("button", name="Change May 2008").click()
    page.get_by_label("Change what is meant").fill("April 2008")
    page.keyboard.press("Enter")
    expect(page.locator("#live h2")).to_have_text(SEAT.replace("May", "April"))
    expect(page.locator("#live .slot", has_text="April 2008")).to_be_visible()


def test_what_a_follow_up_takes_over_is_marked_and_can_be_left_out(page: Page, ask: Ask) -> None:
    ask("How many cables mention the Security Council?")
    ask("And in 2008?")
    carried = page.locator("#live .slot.carried")
    expect(carried).to_contain_text("from before")
    expect(page.locator("#live .slot:not(.carried)")).to_have_text("2008×")
    page.locator("#live").get_by_role("button", name="Leave out Security Council").click()
    expect(carried).to_have_count(0)


def test_a_comparison_has_a_column_a_side(page: Page, ask: Ask) -> None:
    ask("Compare what Embassy Beijing and Embassy Tokyo say about the Security Council seat")
    expect(page.locator("#live .table section")).to_have_count(2)


def test_a_count_says_what_was_counted_by_year(page: Page, ask: Ask) -> None:
    ask("How many cables mention the United States?")
    expect(page.locator("#live .answer")).to_contain_text("cables hold “United States”")
    expect(page.locator("#live .tally").first).to_contain_text("By year")


def test_a_refusal_offers_what_would_work(page: Page, ask: Ask) -> None:
    page.get_by_role("button", name="Filters").click()
    page.locator("#filter-form label", has_text="Embassy Reykjavik").click()
    expect(page.locator(".chip")).to_contain_text("Embassy Reykjavik")
    page.keyboard.press("Escape")
    ask("Why did Zanzibar leave the Commonwealth?")
    page.get_by_role("button", name="Ask it without your filters").click()
    expect(page.locator("#live .only")).to_have_count(0)
    page.get_by_role("button", name="Search all texts for").click()
    expect(page.get_by_label("Search all texts")).to_have_value('"Zanzibar" "Commonwealth"')
    expect(page.locator("#table")).to_contain_text("Nothing matches")
