"""The page as an application, before anybody has asked."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, expect
from servers import Servers

ROOT = Path(__file__).parents[2]
IMPORTS = """
import sys
import web.application
print({"langchain_core", "tantivy", "chromadb", "openvino", "torch"} & set(sys.modules))
"""


def test_the_page_starts_without_what_only_answers_need() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


def test_the_page_works_after_that_of_another_server_on_this_machine(
    browser: Browser, serve: Servers, address: str, tmp_path: Path
) -> None:
    page = browser.new_page()
    page.goto(serve(tmp_path / "nothing"))
    expect(page.locator(".begin")).to_be_visible()
    page.goto(address)
    page.get_by_role("link", name="Archive", exact=True).click()
    expect(page.locator(".cables tbody tr").first).to_be_visible()
    page.close()
