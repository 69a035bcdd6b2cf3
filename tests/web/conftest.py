"""A real archive of the samples, a real server over it, and a real browser; one of each for all tests.

Nothing waits for a fixed time: everything is expected, and expected for long, for a slow machine.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
from people import Caller, add_people
from servers import Servers

import settings
from web.security.accounts import Accounts

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from vectorstore.archive import Archive
    from vectorstore.embedding.embedder import SentenceEmbedder

settings.offline()

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE = 60_000
"""Milliseconds that a page has for anything that is expected of it."""


@pytest.fixture(scope="session")
def sample_data(archive: "Archive", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the samples indexed."""
    return shutil.copytree(archive.data, tmp_path_factory.mktemp("chat") / "data")


@pytest.fixture(scope="session")
def serve(embedder: "SentenceEmbedder") -> Iterator[Servers]:
    """Starts servers, and ends them."""
    servers = Servers(embedder)
    yield servers
    for server in servers.running.values():
        server.should_exit = True


@pytest.fixture(scope="session")
def address(serve: Callable[..., str], sample_data: Path) -> str:
    """Where the chat over the samples answers."""
    return serve(sample_data)


@pytest.fixture(scope="module")
def team_data(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the samples and the accounts of all people, of one module's tests alone."""
    data = shutil.copytree(sample_data, tmp_path_factory.mktemp("team") / "data")
    add_people(data)
    return data


@pytest.fixture(scope="module")
def site(serve: Callable[..., str], team_data: Path) -> str:
    """The chat over the samples, with accounts."""
    return serve(team_data)


@pytest.fixture(scope="module")
def people(site: str, team_data: Path) -> dict[str, Caller]:
    """Programs that sign in by the tokens of a reader, an editor and an admin, by name."""
    accounts = Accounts.of(team_data)
    names = ("una", "cora", "ed", "ada")
    return {name: Caller(site, Authorization=f"Bearer {accounts.new_token(name)}") for name in names}


@pytest.fixture(scope="module")
def cora(people: dict[str, Caller]) -> Caller:
    """A reader who is cleared for CONFIDENTIAL."""
    return people["cora"]


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Debian's Chromium, or the one that Playwright brought."""
    from playwright.sync_api import Error, expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        try:
            opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except Error as error:
            pytest.skip(f"no Chromium to drive: {str(error).splitlines()[0]}")
        yield opened
        opened.close()


class Watched:
    """What a page did that it should not: errors on its console, requests to other hosts."""

    def __init__(self, page: "Page", address: str) -> None:
        self.errors: list[str] = []
        self.elsewhere: list[str] = []
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda r: self._request(r.url, address))

    def _request(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:", "blob:")):
            self.elsewhere.append(url)


@pytest.fixture(scope="session")
def context(browser: "Browser") -> "BrowserContext":
    """One profile for the tests that need no other, so that the page's scripts are compiled once."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture
def new_page(context: "BrowserContext") -> Iterator[Callable[[str], "Page"]]:
    """Opens a page at an address as a new reader on a desktop.

    After the test: no errors on its console, no request to another host.
    """
    opened: list[tuple[Page, Watched]] = []

    def open_page(address: str) -> "Page":
        context.clear_cookies()
        page = context.new_page()
        page.set_viewport_size({"width": 1440, "height": 900})
        opened.append((page, Watched(page, urljoin(address, "/"))))
        page.goto(address)
        return page

    yield open_page
    for page, watched in opened:
        page.evaluate("localStorage.clear()")
        page.close()
        assert watched.errors == []
        assert watched.elsewhere == []


@pytest.fixture
def page(new_page: Callable[[str], "Page"], address: str) -> "Page":
    """The chat over the samples, ready to be asked."""
    page = new_page(address)
    page.locator(".examples button").first.wait_for()
    return page


@pytest.fixture
def ask(page: "Page") -> Callable[[str], None]:
    """Sends a question and waits for the whole answer."""

    def send(question: str) -> None:
        page.get_by_label("Your question").fill(question)
        page.keyboard.press("Enter")
        page.locator("#live h2", has_text=question).wait_for()
        page.locator("#live .foot").wait_for()

    return send
