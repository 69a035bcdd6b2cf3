"""Checking a text in the page: each sentence with its level and its paragraph, a model that reads, and a stop."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from model_server import ModelRequest, serving
from playwright.sync_api import Page, expect

from qa.chain import Chain
from qa.factory import build_chain
from qa.llm.models import ModelOptions
from vectorstore.access import Clearance
from vectorstore.archive import Archive

QUOTE = "the Chinese public would not accept a permanent seat for Japan"
DRAFT = f"""Beijing said no to Tokyo (08BEIJING90014 ¶3). It is a lie that {QUOTE} [08 Beijing 90014, para 3].
China agreed to 45 new seats (08BEIJING90014 ¶3). Nobody knows of this cable at all (09PARIS1 ¶2).

<b>The war was still a living memory</b> in all of this.
"""


def check(page: Page, text: str) -> None:
    page.get_by_role("link", name="Check").click()
    page.get_by_label("Your text").fill(text)
    page.locator("#check-pane").get_by_role("button", name="Check").click()


def test_each_sentence_stands_beside_its_paragraph_with_its_level(page: Page) -> None:
    check(page, DRAFT)
    expect(page.locator("#checked [aria-busy]")).to_have_attribute("aria-busy", "false")
    claims = page.locator("#checked .claim")
    expect(claims).to_have_count(5)
    expect(claims.nth(0)).to_contain_text("nobody has confirmed it")
    expect(claims.nth(0).locator("figcaption")).to_contain_text("08BEIJING90014 ¶3 Embassy Beijing")
    expect(claims.nth(0).locator(".marking")).to_have_text("CONFIDENTIAL")
    expect(claims.nth(1).locator(".verdict b")).to_have_text("cited")
    expect(claims.nth(1).locator("mark").first).to_contain_text(QUOTE)
    expect(claims.nth(2)).to_contain_text("45 does not stand in the cited paragraph")
    expect(claims.nth(3)).to_contain_text("The archive does not hold 09PARIS1 ¶2")
    expect(claims.nth(4).locator("figcaption")).to_contain_text("¶")  # found by a search
    expect(page.get_by_role("status").filter(has_text="refuted")).to_contain_text("2 refuted")
    claims.nth(0).get_by_role("link").click()
    expect(page.locator("#reader #cable")).to_contain_text("08BEIJING90014")
    assert page.url.endswith("?cable=08BEIJING90014&para=3#check")


def test_a_text_without_a_sentence_is_told(page: Page) -> None:
    check(page, "# A title")
    expect(page.locator("#checked")).to_contain_text("There is no sentence in this text.")
    check(page, " ")
    expect(page.locator("#checked")).to_contain_text("There is no text to check.")


def test_markup_of_a_text_is_shown_and_not_run(page: Page) -> None:
    check(page, "The envoys <img src=x onerror=alert(1)> met in Paris that day.")
    expect(page.locator("#checked .claim")).to_have_count(1)
    expect(page.locator("#checked img")).to_have_count(0)


@pytest.fixture
def reading_page(
    new_page: Callable[[str], Page], serve: Callable[..., str], sample_data: Path
) -> Iterator[tuple[Page, list[ModelRequest]]]:
    """The page of a server whose model confirms what it reads, but for controls; from the second batch on it waits."""

    def reading(asked: ModelRequest) -> Iterator[str]:
        if len(model.asked) > 1:
            asked.stop.wait(60)
        for key, sentence in asked.read_sentences:
            yield f"{key} {'yes' if 'Beijing' in sentence else 'no'}\n"

    with serving() as model:
        model.script = reading

        def build(archive: Archive, clearance: Clearance, models: ModelOptions | None = None) -> Chain:
            return build_chain(archive, clearance, ModelOptions("openai:scripted", model.url, timeout=20))

        page = new_page(serve(sample_data, build))
        page.locator(".examples button").first.wait_for()
        yield page, model.asked


def test_a_model_confirms_and_what_was_checked_stays_when_it_is_stopped(
    reading_page: tuple[Page, list[ModelRequest]],
) -> None:
    page, asked = reading_page
    check(
        page,
        " ".join(f"Beijing said no to Tokyo's bid, part {n} of it (08BEIJING90014 ¶3)." for n in "abcdefghi"),
    )
    claims = page.locator("#checked .claim")
    expect(claims).to_have_count(6)
    expect(claims.first.locator(".verdict b")).to_have_text("confirmed")
    expect(page.locator("#checked")).to_contain_text("6 sentences checked so far")
    page.locator("#check-pane").get_by_role("button", name="Stop").click()
    expect(page.locator("#checked [aria-busy]")).to_have_attribute("aria-busy", "false")
    check(page, "Beijing said no.")  # the next check does not wait for the one that was stopped
    expect(claims).to_have_count(0)
    assert len(asked) >= 2
