"""What a reader waits for in the real page: `python bench/chatting.py DATA [QUESTIONS] [--people 10]`.

Serves the archive in DATA from a process of its own and drives Chromium. First one reader: from sending a
question to its first sentence, from clicking a marker to the cited paragraph, errors on the console, requests
to other hosts. Then several readers at once, each in a browser context of its own and five questions each:
the first sentence of each answer, and whether every page shows its own questions and nobody else's.

QUESTIONS is a file of lines of JSON with a "question"; by default the questions over samples/ of the tests.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
CHROMIUM = Path("/usr/bin/chromium")
SAMPLE_QUESTIONS = ROOT / "tests" / "sample_questions.jsonl"
FIRST = "#live .prose-text p, #live .refusal"
"""What a first answer looks like: a sentence, or a refusal."""
WATCH = """(first) => {
  window.seen = {};
  const look = () => {
    const shown = document.querySelector('#live h2')?.textContent;
    const answered = shown === window.asked && document.querySelector(first);
    if (answered && !(shown in seen)) seen[shown] = performance.now();
    if (window.wanted && document.querySelector(`#cable[data-key="${window.wanted}"] .para.current`)) {
      window.opened = performance.now(); window.wanted = '';
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  document.addEventListener('click', (e) => {
    const marker = e.target.closest('.marker');
    if (marker) { window.clicked = performance.now(); window.wanted = marker.dataset.key; window.opened = 0; }
  }, true);
  document.addEventListener('keydown', (e) => {
    if (e.key === 'Enter') { window.asked = e.target.value; window.sent = performance.now(); }
  }, true);
}"""
"""Times are taken inside the page, so that what drives the browser does not count."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("data", type=Path)
    options.add_argument("questions", type=Path, nargs="?", default=SAMPLE_QUESTIONS)
    options.add_argument("--people", type=int, default=10)
    options.add_argument("--each", type=int, default=5, help="questions that each of them asks")
    chosen = options.parse_args()
    lines = chosen.questions.read_text(encoding="utf-8").splitlines()
    questions = list(dict.fromkeys(json.loads(line)["question"] for line in lines if line.strip()))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "REFTEL_DATA": str(chosen.data.resolve()), "REFTEL_PORT": str(port)},
    )
    try:
        drive(f"http://127.0.0.1:{port}", questions, chosen.people, chosen.each)
    finally:
        server.terminate()
        server.wait()


def drive(address: str, questions: list[str], people: int, each: int) -> None:
    """Everything that is measured, printed."""
    answering(address)
    with sync_playwright() as playwright:
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        errors: list[str] = []
        elsewhere: list[str] = []

        own = (address, "data:", "blob:")

        def reader() -> Page:
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            page.set_default_timeout(120_000)
            page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on("request", lambda r: None if r.url.startswith(own) else elsewhere.append(r.url))
            page.goto(address)
            page.locator(".examples button").first.wait_for()
            page.evaluate(WATCH, FIRST)
            return page

        alone(reader(), questions[: 2 * each])
        together([reader() for _ in range(people)], questions, each)
        print(f"errors on the consoles           {len(errors)}  {errors[:2] or ''}")
        print(f"requests to other hosts          {len(elsewhere)}")
        browser.close()


def answering(address: str) -> None:
    """Wait until the server answers."""
    for _ in range(600):
        try:
            urllib.request.urlopen(address).close()
            return
        except OSError:
            time.sleep(0.2)


def send(page: Page, question: str) -> None:
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")


def first_seen(page: Page, question: str) -> float:
    """Seconds from sending the question to its first sentence."""
    page.wait_for_function("(q) => q in seen", arg=question)
    return float(page.evaluate("(q) => seen[q] - sent", question)) / 1000


def alone(page: Page, questions: list[str]) -> None:
    answers, openings = [], []
    for question in questions:
        send(page, question)
        answers.append(first_seen(page, question))
        page.locator("#live .foot").wait_for()
        if page.locator("#live .marker").count():
            page.locator("#live .marker").first.click()
            page.wait_for_function("window.opened > 0")
            openings.append(float(page.evaluate("opened - clicked")))
            page.keyboard.press("Escape")
    print(f"first answer, one reader         {latency(answers)}  ({len(answers)} questions)")
    print(f"reader open after a click        {latency([ms / 1000 for ms in openings])}")


def together(pages: list[Page], questions: list[str], each: int) -> None:
    answers, mixed = [], 0
    for turn in range(each):
        asked = [questions[(n * each + turn) % len(questions)] for n in range(len(pages))]
        for page, question in zip(pages, asked, strict=True):
            send(page, question)
        for page, question in zip(pages, asked, strict=True):
            answers.append(first_seen(page, question))
            page.locator("#live .foot").wait_for()
    for n, page in enumerate(pages):
        own = [questions[(n * each + turn) % len(questions)] for turn in range(each)]
        mixed += page.locator(".exchange h2").all_text_contents() != own
    print(f"first answer, {len(pages):2} readers at once  {latency(answers)}  ({len(answers)} questions)")
    print(f"pages with others' questions     {mixed}")


def latency(seconds: list[float]) -> str:
    """median, p95 and worst, in milliseconds."""
    if not seconds:
        return "none"
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    marks = {"median": statistics.median(ordered), "p95": p95, "worst": ordered[-1]}
    return ", ".join(f"{name} {1000 * value:5.0f} ms" for name, value in marks.items())


if __name__ == "__main__":
    main()
