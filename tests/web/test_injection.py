"""Markup from cables, models, file names and addresses: none of it runs in a real browser."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hostile import HEAD
from playwright.sync_api import Browser, Page

from cables import Marking
from cables.model import Level
from qa.answer import Answer, Block, BlockKind, Citation, Outcome, ProofLevel, Question, Sentence
from qa.factory import build_chain
from vectorstore.archive import Archive
from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.indexing.indexer import Indexer
from vectorstore.query import Query

HARM = "window.harmed=1"
PAYLOADS = [
    f"<script>{HARM}</script>",
    f"<img src=x onerror={HARM}>",
    f"<svg onload={HARM}>",
    f'"><svg/onload={HARM}>',
    f"'><img src=x onerror='{HARM}'>",
    f"<iframe srcdoc='<script>parent.{HARM}</script>'></iframe>",
    f'<a href="javascript:{HARM}">here</a>',
    f"[here](javascript:{HARM})",
    f'![x](x" onerror="{HARM})',
    f"<details open ontoggle={HARM}>",
    f"<input autofocus onfocus={HARM}>",
    f"<style onload={HARM}></style>",
    f"</textarea><script>{HARM}</script>",
    f"</title><script>{HARM}</script>",
    f"</mark><script>{HARM}</script>",
    f"<math><mtext><script>{HARM}</script></mtext></math>",
    f'<object data="javascript:{HARM}"></object>',
    f'<embed src="javascript:{HARM}">',
    f'<form><button formaction="javascript:{HARM}">x</button></form>',
    f'<meta http-equiv=refresh content="0;url=javascript:{HARM}">',
    f'<base href="javascript:{HARM}//">',
    f"&lt;script&gt;{HARM}&lt;/script&gt;",
    f"\\u003cscript\\u003e{HARM}\\u003c/script\\u003e",
    f"${{{HARM}}}",
    f"{{{{constructor.constructor('{HARM}')()}}}}",
    f"<video><source onerror={HARM}></video>",
    f"<body onload={HARM}>",
    f"<x onclick={HARM} style=position:fixed;inset:0>x</x>",
    f"<!--><script>{HARM}</script>",
    f"<link rel=stylesheet href=//127.0.0.1:9/x.css onload={HARM}>",
]
POISONED = "07LISBON91001"
OWN_IMAGE_FAILS = """() => new Promise((resolve) => {
  const image = new Image();
  image.onerror = resolve;
  image.src = 'no-such-image';
})"""
"""What the markup asked the browser to load was asked for before this, and has failed when this has."""


class Poisoned:
    """Answers with markup in every place that an answer has."""

    def __init__(self, archive: Any, clearance: Any) -> None:
        self.retriever = build_chain(archive, clearance).retriever

    def stream(self, question: Question) -> Iterator[Answer]:
        found = self.retriever.search(Query("captain " + POISONED, limit=12))
        levels = tuple(ProofLevel)
        citations = tuple(Citation(n, e, (e.text[:60],), levels[n % 4]) for n, e in enumerate(found, 1))
        sentences = [
            Sentence(p, ((n % len(found)) + 1,), levels[n % 4], p, p, p) for n, p in enumerate(PAYLOADS)
        ]
        everywhere = " ".join(PAYLOADS)
        whole = Answer(
            question.text,
            outcome=Outcome.CLOSEST,
            sentences=tuple(sentences),
            citations=citations,
            evidence=tuple(found),
            blocks=tuple(Block(kind, everywhere, n, n + 1) for n, kind in enumerate(BlockKind)),
            banner=Marking(Level.SECRET, tuple(PAYLOADS)),
            notice=everywhere,
            absent=tuple(PAYLOADS),
            meaning=everywhere,
            interpretation=everywhere,
            model=everywhere,
            gap=everywhere,
            steps=tuple(PAYLOADS),
        )
        yield replace(whole, done=False)
        yield whole


@pytest.fixture(scope="module")
def poisoned(
    serve: Callable[..., str],
    sample_data: Path,
    embedder: SentenceEmbedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """The samples and a cable with markup in its subject, TAGS, headings, paragraphs and file name."""
    root = tmp_path_factory.mktemp("poisoned")
    shutil.copytree(sample_data, root / "data")
    head = HEAD.format(subject="CAPTAIN " + PAYLOADS[1]).replace("TAGS: PREL", f"TAGS: {PAYLOADS[2]}, PREL")
    body = "\n\n".join(
        f"{n}. (C) The captain said {payload} and left." for n, payload in enumerate(PAYLOADS, 1)
    )
    (root / f"{POISONED} (img src=x onerror={HARM}).txt").write_text(
        f"{head}{PAYLOADS[0]}\n----------\n\n{body}\n\nOAK\n"
    )
    report = Indexer(Archive(root / "data", embedder)).run([root / next(root.glob("*.txt")).name])
    assert report.new == [POISONED]
    return serve(root / "data", Poisoned)


@pytest.fixture
def watched(browser: Browser, poisoned: str) -> Iterator[tuple[Page, str]]:
    """A page over the poisoned archive, and its address; afterwards nothing of the markup has run."""
    page = browser.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    yield page, poisoned
    page.evaluate(OWN_IMAGE_FAILS)
    harmed = page.evaluate("window.harmed")
    page.close()
    assert (harmed, dialogs) == (None, [])


def test_markup_in_an_answer_and_its_question_does_not_run(watched: tuple[Page, str]) -> None:
    page, address = watched
    page.goto(address)
    page.get_by_label("Your question").fill(" ".join(PAYLOADS))
    page.keyboard.press("Enter")
    page.locator("#live .foot").wait_for(timeout=120_000)
    assert PAYLOADS[0] in page.locator("#live").inner_text()
    page.locator("#live .marker").first.click()
    page.locator("#reader #cable, #reader article").first.wait_for(timeout=60_000)


def test_markup_in_a_cable_and_in_an_address_does_not_run(watched: tuple[Page, str]) -> None:
    page, address = watched
    for query in (f"cable={POISONED}&para=2", f"cable={quote(PAYLOADS[1])}&para={quote(PAYLOADS[3])}"):
        page.goto(f"{address}/?{query}#{quote(PAYLOADS[0])}")
        page.locator("#reader :is(article, #cable, p)").first.wait_for(timeout=120_000)
    page.goto(f"{address}/?cable={POISONED}")
    page.get_by_text(PAYLOADS[0]).first.wait_for(timeout=60_000)


def test_the_policy_stops_what_would_have_got_through(watched: tuple[Page, str]) -> None:
    page, address = watched
    page.goto(address)
    page.locator("#composer").wait_for(timeout=120_000)
    page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", "".join(PAYLOADS[1:6]))
    page.evaluate(
        "code => { const s = document.createElement('script'); s.textContent = code; document.body.append(s); }",
        HARM,
    )
