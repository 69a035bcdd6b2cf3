"""A real archive of the samples, a real server over it, and a real browser."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

settings.offline()

SAMPLES = Path(__file__).parents[2] / "samples"
CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the samples indexed."""
    from vectorstore.archive import Archive
    from vectorstore.embeddings import Embedder
    from vectorstore.indexer import Indexer

    data = tmp_path_factory.mktemp("archive")
    Indexer(Archive(data, Embedder())).run([SAMPLES])
    return data


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., str]]:
    """Serves the chat over a data directory and returns its address; all servers end with the tests.

    `build` may put another chain in place of the real one, `house` other rules in place of one person's.
    """
    import uvicorn

    servers: list[uvicorn.Server] = []

    def start(data: Path, build: Callable[..., Any] | None = None, house: Any = None, **options: Any) -> str:
        from qa.build import build_chain
        from vectorstore.archive import Archive
        from vectorstore.embeddings import Embedder
        from web.desk import Desk
        from web.serve import build_app

        desk = Desk(data, lambda: Archive(data, Embedder()), build or build_chain)
        port = free_port()
        server = uvicorn.Server(
            uvicorn.Config(build_app(desk, house), port=port, log_level="warning", **options)
        )
        servers.append(server)
        threading.Thread(target=server.run, daemon=True).start()
        wait_until(partial(getattr, server, "started"))
        return f"http://127.0.0.1:{port}"

    yield start
    for server in servers:
        server.should_exit = True


@pytest.fixture(scope="session")
def address(serve: Callable[..., str], sample_data: Path) -> str:
    """Where the chat over the samples answers."""
    return serve(sample_data)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Debian's Chromium, or the one that Playwright brought."""
    from playwright.sync_api import Error, sync_playwright

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


@pytest.fixture
def page(browser: "Browser", address: str) -> Iterator["Page"]:
    """The chat on a desktop, ready to be asked. After the test: no errors, no request to another host."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    watched = Watched(page, address)
    page.goto(address)
    page.locator(".examples button").first.wait_for(timeout=60_000)
    yield page
    context.close()
    assert watched.errors == []
    assert watched.elsewhere == []


@pytest.fixture
def ask(page: "Page") -> Callable[[str], None]:
    """Sends a question and waits for the whole answer."""

    def send(question: str) -> None:
        page.get_by_label("Your question").fill(question)
        page.keyboard.press("Enter")
        page.locator("#live h2", has_text=question).wait_for()
        page.locator("#live .foot").wait_for(timeout=30_000)

    return send


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Return when the condition holds; fail after a while."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
