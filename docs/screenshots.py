"""Takes the pictures of the chat in docs/screenshots/: `make screenshots`.

Indexes samples/ into a folder of its own, serves the chat over it and drives Chromium through it, in both
themes and at three widths.
"""

import shutil
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import settings

settings.offline()

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "screenshots"
CHROMIUM = Path("/usr/bin/chromium")
WIDTHS = {1440: 900, 768: 1024, 360: 740}
QUESTION = "Why did China refuse Japan's bid?"


def serve(data: Path) -> str:
    """The chat over the samples, in a thread; its address."""
    import uvicorn

    from vectorstore.archive import Archive
    from vectorstore.embedding.embedder import SentenceEmbedder
    from vectorstore.indexing.indexer import Indexer
    from web.application import build_app
    from web.services.archive_service import ArchiveService

    archive = Archive(data, SentenceEmbedder())
    Indexer(archive).run([ROOT / "samples"])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = build_app(ArchiveService(data, lambda: archive))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.1)
    return f"http://127.0.0.1:{port}"


def take(page: Page, name: str) -> None:
    """One picture, after what moves has come to rest."""
    page.wait_for_timeout(400)
    page.screenshot(path=OUT / f"{name}.png")


def tour(browser: Browser, address: str, width: int, theme: str) -> None:
    """Every pane at one width in one theme."""
    context = browser.new_context(viewport={"width": width, "height": WIDTHS[width]}, color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    page.locator(".examples button").first.wait_for(timeout=60_000)
    mark = f"{width}-{theme}"
    take(page, f"welcome-{mark}")
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator("#live .foot").wait_for()
    take(page, f"answer-{mark}")
    page.locator("#live .marker").first.click()
    page.locator("#cable .para.current").wait_for()
    take(page, f"reader-{mark}")
    page.get_by_role("button", name="Close the cable").click()
    page.locator("#live .kinds").get_by_role("button", name="timeline").click()
    page.locator("#live .rows li").first.wait_for()
    take(page, f"timeline-{mark}")
    page.get_by_role("button", name="Filters").click()
    page.locator("#filter-form").wait_for()
    take(page, f"filters-{mark}")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Archive", exact=True).click()
    page.locator(".cables tbody tr").first.wait_for()
    page.get_by_label("Search all texts").fill("security council")
    page.locator(".snippet").first.wait_for()
    take(page, f"archive-{mark}")
    context.close()


def main() -> None:
    """All pictures."""
    OUT.mkdir(exist_ok=True)
    folder = Path(tempfile.gettempdir()) / "reftel"  # the page names it
    shutil.rmtree(folder, ignore_errors=True)
    with sync_playwright() as playwright:
        address = serve(folder / "data")
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for width in WIDTHS:
            for theme in ("light", "dark"):
                tour(browser, address, width, theme)
        browser.close()


if __name__ == "__main__":
    main()
