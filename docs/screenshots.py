"""Takes pictures of every view of the chat: `make screenshots`.

Indexes samples/ into a folder of its own, serves the chat over it and drives Chromium through it, in both themes and at
four widths. All pictures go to the folder that is named (default: one for temporary files), to be looked at; the few
that the documentation shows go to docs/screenshots/, with fewer colours.
"""

import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import settings

settings.offline()

from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
SHOWN = ROOT / "docs" / "screenshots"
SHOWN_PICTURES = (
    "reader-1440-light",
    "timeline-1440-light",
    "search-1440-light",
    "dossier-1440-light",
    "answer-360-dark",
)
"""What the documentation shows."""
COLOURS = 96
CHROMIUM = Path("/usr/bin/chromium")
SIZES = {360: 740, 768: 1024, 1440: 900, 2560: 1440}
"""Widths with their heights."""
DRAFT = """China refused Japan's bid because of public opinion (08BEIJING90014 ¶3). It is said that 45 seats
were offered (08BEIJING90014 ¶3). Saudi Arabia gives up wheat (09RIYADH90187 ¶1)."""


def serve(data: Path) -> str:
    """The chat over a data directory, in a thread; its address."""
    import uvicorn

    from vectorstore.archive import Archive
    from vectorstore.embedding.embedder import SentenceEmbedder
    from web.application import build_app
    from web.services.archive_service import ArchiveService

    embedder = SentenceEmbedder()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = build_app(ArchiveService(data, lambda: Archive(data, embedder)))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.1)
    return f"http://127.0.0.1:{port}"


def index_samples(data: Path) -> None:
    """An archive of the samples."""
    from vectorstore.archive import Archive
    from vectorstore.embedding.embedder import SentenceEmbedder
    from vectorstore.indexing.indexer import Indexer

    Indexer(Archive(data, SentenceEmbedder())).run([ROOT / "samples"])


Take = Callable[[str], None]
"""Takes a picture under a name."""


def ask(page: Page, question: str) -> None:
    """Ask in a new conversation and wait for the whole answer."""
    if page.locator("#live .exchange").count():
        page.evaluate("document.querySelector('.brand').click()")
        page.locator("#live .exchange").wait_for(state="detached")
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.locator("#live .foot").wait_for()


def take_answers(page: Page, take: Take) -> None:
    """The kinds of answers, and the reader."""
    ask(page, "Why did China refuse Japan's bid?")
    take("answer")
    page.locator("#live .sources").scroll_into_view_if_needed()
    page.locator("#live .found > summary").click()
    page.locator("#live .why summary").first.click()
    page.locator("#live .found").evaluate("place => place.scrollIntoView()")
    take("evidence")
    page.locator("#live .marker").first.click()
    page.locator("#cable .para.current").wait_for()
    take("reader")
    page.get_by_role("button", name="Close the cable").click()
    page.locator("#live .kinds").get_by_role("button", name="timeline").click()
    page.locator("#live .rows li").first.wait_for()
    take("timeline")
    for name, question in (
        ("comparison", "Compare what Embassy Beijing and Embassy Tokyo say about the Security Council seat"),
        ("count", "How many cables mention the United States?"),
        ("refusal", "Why did Zanzibar leave the Commonwealth?"),
    ):
        ask(page, question)
        take(name)
    ask(page, "How many cables mention the Security Council?")
    page.get_by_label("Your question").fill("And in 2008?")
    page.keyboard.press("Enter")
    page.locator("#live .slot.carried").wait_for()
    page.locator("#live .foot").wait_for()
    take("follow-up")


def take_panes(page: Page, take: Take) -> None:
    """What lies over the conversation."""
    page.get_by_role("button", name="Filters").click()
    page.locator("#filter-form").wait_for()
    take("filters")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Settings", exact=True).click()
    page.locator("#style-form").wait_for()
    page.get_by_text("Use a remote model").click()
    take("settings")
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('[data-do=\"keys\"]').click()")
    take("keys")
    page.keyboard.press("Escape")
    was_open = page.evaluate("document.documentElement.classList.contains('past-open')")
    if not was_open:
        page.get_by_role("button", name="Conversations").click()
    take("conversations")
    if not was_open:
        page.keyboard.press("Escape")


def take_pages(page: Page, take: Take) -> None:
    """The other pages."""
    page.get_by_role("link", name="Archive", exact=True).click()
    page.locator(".cables tbody tr").first.wait_for()
    take("archive")
    page.get_by_label("Search all texts").fill("security council")
    page.locator(".snippet").first.wait_for()
    page.locator(".pick").first.check()
    take("search")
    page.get_by_label("Search all texts").fill("")
    page.get_by_role("button", name="Manage").click()
    page.locator(".facts").wait_for()
    take("manage")
    page.get_by_role("link", name="Dossiers").click()
    page.get_by_label("New dossier").fill("Security Council reform")
    page.get_by_role("button", name="Compose").click()
    page.locator(".dossier h1", has_text="Security Council reform").wait_for()
    take("dossier")
    page.get_by_label("Watch for what arrives").fill("Why was the ferry cancelled?")
    page.get_by_role("button", name="Watch", exact=True).click()
    watch = page.locator("#watches .dossier-title").first
    watch.click()
    page.locator(".dossier h1", has_text="ferry").wait_for()
    take("watch")
    page.get_by_role("link", name="Check", exact=True).click()
    page.get_by_label("Your text").fill(DRAFT)
    page.locator("#check-pane").get_by_role("button", name="Check").click()
    page.locator("#checked [aria-busy='false']").wait_for()
    take("check")


def tour(browser: Browser, address: str, empty: str, out: Path, width: int, theme: str) -> None:
    """Every view at one width in one theme."""
    scheme = {"color_scheme": theme, "viewport": {"width": width, "height": SIZES[width]}}
    context = browser.new_context(**scheme)  # type: ignore[arg-type]
    page = context.new_page()

    def take(name: str) -> None:
        page.wait_for_timeout(400)  # what moves comes to rest
        page.screenshot(path=out / f"{name}-{width}-{theme}.png")

    page.goto(empty)
    page.locator(".begin").wait_for()
    take("first-visit")
    page.goto(address)
    page.locator(".examples button").first.wait_for(timeout=60_000)
    take("welcome")
    take_answers(page, take)
    take_panes(page, take)
    take_pages(page, take)
    context.close()


def publish(out: Path) -> None:
    """The few pictures of the documentation, small."""
    shutil.rmtree(SHOWN, ignore_errors=True)
    SHOWN.mkdir()
    for name in SHOWN_PICTURES:
        with Image.open(out / f"{name}.png") as picture:
            picture.convert("RGB").quantize(COLOURS).save(SHOWN / f"{name}.png", optimize=True)


def main() -> None:
    """All pictures; `screenshots.py [FOLDER [WIDTH...]]`."""
    folder = Path(tempfile.gettempdir()) / "reftel"  # the page names it
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else folder / "screenshots"
    widths = [int(width) for width in sys.argv[2:]] or list(SIZES)
    out.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "data", ignore_errors=True)
    index_samples(folder / "data")
    with sync_playwright() as playwright:
        address, empty = serve(folder / "data"), serve(folder / "nothing")
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for width in widths:
            for theme in ("light", "dark"):
                tour(browser, address, empty, out, width, theme)
        browser.close()
    if widths == list(SIZES):
        publish(out)


if __name__ == "__main__":
    main()
