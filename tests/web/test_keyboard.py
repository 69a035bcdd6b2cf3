"""The page by keyboard, and on a phone's width."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

Ask = Callable[[str], None]
QUESTION = "Why did China refuse Japan's bid?"


def test_j_and_k_walk_through_the_citations_of_the_answer(page: Page, ask: Ask) -> None:
    ask(QUESTION)
    page.keyboard.press("Escape")
    page.locator("#live .question").click()
    page.keyboard.press("j")
    expect(page.locator(".walk span")).to_contain_text("1 of")
    page.keyboard.press("j")
    expect(page.locator(".walk span")).to_contain_text("2 of")
    page.keyboard.press("k")
    expect(page.locator(".walk span")).to_contain_text("1 of")


def test_letters_that_are_typed_into_the_question_are_no_commands(page: Page) -> None:
    page.get_by_label("Your question").press_sequentially("jk?/")
    expect(page.get_by_label("Your question")).to_have_value("jk?/")
    expect(page.locator("dialog.keys")).to_have_count(0)


def test_a_question_mark_lists_the_keys_and_escape_closes_the_list_alone(page: Page, ask: Ask) -> None:
    ask(QUESTION)
    page.locator("#live .marker").first.click()
    expect(page.locator("#cable .para.current")).to_be_visible()
    page.locator("#cable .para.current").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Read the next citation")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#cable")).to_be_visible()


def test_on_a_phone_nothing_lies_over_the_open_list_and_escape_closes_it(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_role("button", name="Conversations").click()
    pane = page.locator("#past-pane")
    box = pane.bounding_box()
    assert box is not None
    corner = (box["x"] + box["width"] - 12, box["y"] + box["height"] - 40)
    on_top = "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('#past-pane'))"
    assert page.evaluate(on_top, corner)
    page.keyboard.press("Escape")
    expect(pane).to_be_hidden()


def test_on_a_phone_a_row_of_the_table_begins_with_its_subject(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_role("link", name="Archive", exact=True).click()
    row = page.locator(".cables tbody tr").first
    subject, number = (row.locator(f".{name}").bounding_box() for name in ("subject", "id"))
    assert subject is not None
    assert number is not None
    assert subject["y"] < number["y"]
    assert subject["x"] + subject["width"] <= 360
