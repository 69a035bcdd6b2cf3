"""The chat in a real browser over the samples: asking, reading what is cited, sharing a link."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

Ask = Callable[[str], None]
Open = Callable[[str], Page]
QUESTION = "Why did China refuse Japan's bid?"


def test_an_answer_shows_markers_sources_and_banner(page: Page, ask: Ask) -> None:
    ask(QUESTION)
    expect(page.locator("#live .marker").first).to_have_text("1")
    expect(page.locator("#live .sources")).to_contain_text("08BEIJING90014")
    expect(page.locator("#live .banner")).to_contain_text("CONFIDENTIAL")


def test_every_marker_opens_its_cable_at_the_cited_paragraph_with_the_quote_marked(
    page: Page, ask: Ask
) -> None:
    ask(QUESTION)
    markers = page.locator("#live .marker")
    for i in range(markers.count()):
        key = markers.nth(i).get_attribute("data-key") or ""
        quoted = page.locator(f"#{markers.nth(i).get_attribute('data-tip')} mark").all_text_contents()
        markers.nth(i).click()
        current = page.locator(f"#cable[data-key='{key}'] .para.current")
        expect(current).to_be_in_viewport()
        marked = current.locator("mark").all_text_contents()
        assert marked == quoted


def test_a_refusal_offers_the_nearest_cables(page: Page, ask: Ask) -> None:
    ask("Who won the 1987 chess championship in Zagreb?")
    expect(page.locator("#live .refusal h3")).to_have_text("The archive does not answer this.")
    page.locator("#live .nearest a").first.click()
    expect(page.locator("#cable .para.current")).to_be_visible()


def test_an_example_question_is_asked_with_one_click(page: Page) -> None:
    example = page.locator(".examples button").first
    text = example.text_content() or ""
    example.click()
    expect(page.locator("#live h2")).to_have_text(text)
    expect(page.locator("#live .marker").first).to_be_visible()


def test_a_link_to_a_paragraph_opens_it(new_page: Open, address: str) -> None:
    page = new_page(f"{address}/?cable=08BEIJING90014&para=2")
    expect(page.locator("#cable .para.current .number")).to_have_text("¶2")
    expect(page.locator("#cable .para.current")).to_be_in_viewport()


def test_the_address_names_the_paragraph_that_is_open(page: Page, ask: Ask) -> None:
    ask(QUESTION)
    page.locator("#live .marker").first.click()
    expect(page).to_have_url(re.compile(r"\?cable=\w+&para=\d+"))
    page.get_by_role("button", name="Close the cable").click()
    expect(page).not_to_have_url(re.compile("cable="))


def test_next_citation_walks_through_the_answers_sources(page: Page, ask: Ask) -> None:
    ask(QUESTION)
    page.locator("#live .marker").first.click()
    page.get_by_role("button", name="Next citation").click()
    expect(page.locator(".walk span")).to_have_text(re.compile("^2 of"))


def test_a_reference_opens_the_cable_that_it_names(new_page: Open, address: str) -> None:
    page = new_page(f"{address}/?cable=08BEIJING90014")
    page.locator("#cable dd > a", has_text="05ADDISABABA90088").click()
    expect(page.locator("#cable h2")).to_contain_text("AFRICAN SUMMIT")


def test_hovering_a_marker_shows_subject_date_speaker_and_the_quote_among_its_neighbours(
    page: Page, ask: Ask
) -> None:
    ask(QUESTION)
    page.locator("#live .marker").first.hover()
    card = page.locator("#tip")
    expect(card.locator("strong")).to_contain_text("SECURITY COUNCIL REFORM")
    expect(card.locator(".card-head")).to_contain_text("Embassy Beijing, 18 April 2008. Report")
    expect(card.locator("mark").first).to_contain_text("Asked why China had refused")
    quotes = card.locator("mark").all_text_contents()
    assert len(card.locator("p").last.text_content() or "") > sum(map(len, quotes)) + len(quotes)


def test_id_and_subject_stay_in_sight_while_the_reader_scrolls(new_page: Open, address: str) -> None:
    page = new_page(f"{address}/?cable=08BEIJING90014")
    title = page.locator(".reader-title")
    expect(title).to_be_hidden()
    page.locator("#cable .para").last.scroll_into_view_if_needed()
    expect(title).to_have_text(re.compile("08BEIJING90014 .*SECURITY COUNCIL REFORM"))
    expect(title).to_be_in_viewport()


def test_hovering_an_acronym_explains_it(new_page: Open, address: str) -> None:
    page = new_page(f"{address}/?cable=08BEIJING90014")
    acronym = page.locator("#cable abbr").first
    words = acronym.get_attribute("title") or ""
    acronym.hover()
    expect(page.locator("#tip")).to_have_text(words)


def test_the_original_is_shown_as_stored(new_page: Open, address: str) -> None:
    page = new_page(f"{address}/?cable=08BEIJING90014")
    page.get_by_role("button", name="Original").click()
    expect(page.locator("#cable .original")).to_contain_text("VZCZC")


def test_the_quotes_stay_marked_after_a_look_at_the_original(page: Page, ask: Ask) -> None:
    ask(QUESTION)
    page.locator("#live .marker").first.click()
    page.get_by_role("button", name="Original").click()
    expect(page.locator("#cable .original")).to_be_visible()
    page.get_by_role("button", name="Reading text").click()
    expect(page.locator("#cable .para.current mark").first).to_be_visible()
    expect(page.locator(".walk span")).to_have_text(re.compile("^1 of"))


def test_a_question_is_changed_and_sent_again_and_its_answer_stays_until_then(page: Page, ask: Ask) -> None:
    ask(QUESTION)
    page.locator("#live .question").hover()
    page.get_by_role("button", name="Edit").click()
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    expect(page.locator("#live .marker").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Your question")).to_have_value("")
    page.get_by_role("button", name="Edit").click()
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    ask("What does Embassy Tokyo say about the seat?")
    expect(page.locator("#earlier .exchange")).to_have_count(0)
    expect(page.locator(".past-title")).to_have_text(["What does Embassy Tokyo say about the seat?"])


def test_asking_again_answers_the_same_question_once_more(page: Page, ask: Ask) -> None:
    ask(QUESTION)
    page.locator("#live .question").hover()
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator("#live .foot")).to_be_visible()
    expect(page.locator("h2", has_text=QUESTION)).to_have_count(1)


def test_a_question_that_was_taken_for_a_follow_up_is_asked_on_its_own(page: Page, ask: Ask) -> None:
    ask(QUESTION)
    ask("And what did they say about India?")
    expect(page.locator("#live .searched q")).to_contain_text("Japan")
    page.get_by_role("button", name="Ask it on its own").click()
    expect(page.locator("#live .searched q")).to_have_count(0)
    expect(page.locator("#live .foot")).to_be_visible()
    expect(page.locator("#live h2")).to_have_text("And what did they say about India?")


def test_an_answer_is_copied_with_its_sources_and_a_paragraph_as_a_footnote(page: Page, ask: Ask) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(QUESTION)
    page.get_by_role("button", name="Copy with sources").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert (
        "\n\n[1] Embassy Beijing to State, telegram 08BEIJING90014, 18 April 2008, Confidential, ¶3.\n"
        in copied
    )
    assert re.search(r"^\[2\] Ibid\., ¶\d+\.$", copied, re.MULTILINE)
    page.locator("#live .marker").first.click()
    page.get_by_role("button", name="Copy footnote", exact=True).click()
    expect(page.locator(".reader-bar").get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "Embassy Beijing to State, telegram 08BEIJING90014, 18 April 2008, Confidential, ¶3."


def test_evidence_that_is_not_cited_is_one_click_away_and_says_why_it_was_found(page: Page, ask: Ask) -> None:
    ask(QUESTION)
    page.locator("#live .found > summary").click()
    page.get_by_text("Why was this found?").first.click()
    expect(page.locator("#live .found .why").first).to_contain_text("near in meaning")
    page.locator("#live .as-table summary").click()
    expect(page.locator("#live .as-table")).to_contain_text("18 April 2008")


def test_a_follow_up_is_suggested_and_asked_with_one_click(page: Page, ask: Ask) -> None:
    ask(QUESTION)
    page.locator("#live .further button").first.click()
    expect(page.locator("#earlier")).to_contain_text(QUESTION)
    expect(page.locator("#live .foot")).to_be_visible()


def test_ids_in_the_page_are_unique_over_several_answers(page: Page, ask: Ask) -> None:
    ask(QUESTION)
    ask("How many sure votes did India's permanent mission count for the G-4 draft?")
    repeated = page.evaluate(
        "() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id);"
        " return ids.filter((id, i) => id && ids.indexOf(id) !== i); }"
    )
    assert repeated == []
