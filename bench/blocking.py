"""How long one request keeps all others waiting: `python bench/blocking.py [--pieces N]`

A chat is started over the samples and cables whose subject, TAGS, references or body are 300,000 characters of one repeated
piece. Each function of the API is called with such texts, and about such cables, one call at a time, while /health is
asked every ten milliseconds; its slowest answer during a call is what anybody else would have waited. On a busy machine
/health waits without any call too: that is measured first, and printed. Exits with 1 where a call adds more than 200 ms,
or takes ten seconds itself.
"""

import argparse
import http.client
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench"), str(ROOT / "tests"), str(ROOT / "tests/web")]

from growth import CABLE, MAX_CHARS, PIECES  # noqa: E402
from people import Caller  # noqa: E402
from servers import free_port, wait_until  # noqa: E402

MAX_ADDED_SECONDS = 0.2
MAX_CALL_SECONDS = 10.0
IDLE_SECONDS = 20
MAX_ARGUMENT_CHARS = 20_000
MAX_QUESTION_CHARS = 4_000
PLACES = ("tags", "subject", "reference", "body")


def hostile_cables(folder: Path, pieces: list[str]) -> list[str]:
    """Writes them; their ids."""
    ids = []
    for n, piece in enumerate(pieces):
        for m, place in enumerate(PLACES):
            text = (piece * (MAX_CHARS // len(piece) + 1))[:MAX_CHARS]
            filled = dict.fromkeys(PLACES, "") | {place: f"\nREF: {text}\n" if place == "reference" else text}
            number = 10 * (n + 1) + m
            (folder / f"09PARIS{number}.txt").write_text(
                CABLE.format(**filled).replace("090001", f"{number:06}"), "utf-8", errors="replace"
            )
            ids.append(f"09PARIS{number}")
    return ids


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """A chat over the archive; its address."""
    port = free_port()
    environment = os.environ | {"REFTEL_DATA": str(data), "REFTEL_PORT": str(port), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "app.py")], env=environment, cwd=data, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until(lambda: Caller(address).safely("/ready")[0] == 200, seconds=120)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


class Prober:
    """Asks /health again and again; the slowest answer since it was last looked at, in seconds."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
        self.slowest = 0.0
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            clock = time.perf_counter()
            try:
                self._connection.request("GET", "/health")
                self._connection.getresponse().read()
            except (http.client.HTTPException, ConnectionError):
                self._connection.close()  # the next request connects again; what this one waited counts
            self.slowest = max(self.slowest, time.perf_counter() - clock)
            time.sleep(0.01)

    def during(self, call: "threading.Thread") -> float:
        """The slowest answer while a call runs."""
        self.slowest = 0.0
        call.start()
        call.join()
        return self.slowest


def calls(ids: list[str], pieces: list[str]) -> Iterator[tuple[str, str, tuple[object, ...]]]:
    """(what, function, arguments) of each call."""
    for piece in pieces:
        question = (piece * MAX_QUESTION_CHARS)[:MAX_QUESTION_CHARS]
        text = (piece * MAX_ARGUMENT_CHARS)[:MAX_ARGUMENT_CHARS]
        yield f"ask {piece!r}", "ask", (question, [], "")
        yield f"ask after {piece!r}", "ask", ("And in 2009?", [{"role": "user", "content": question}], "")
        yield f"find_paragraphs {piece!r}", "find_paragraphs", (text, 10, [], 0, 0)
        yield f"list_cables {piece!r}", "list_cables", (text, 0, 50)
        yield f"dossier {piece!r}", "dossier", (text,)
        yield f"check {piece!r}", "check", (text,)
    for id in ids:
        yield f"read_cable {id}", "read_cable", (id,)
        yield f"summarise {id}", "ask", (f"Summarise {id}", [], "")
        yield f"dossier {id}", "dossier", (id,)
        yield f"check {id}", "check", (f"The minister spoke ({id} ¶1).",)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pieces", type=int, default=12, help="how many kinds of text, spread over all")
    pieces = PIECES[:: max(1, len(PIECES) // options.parse_args().pieces)]
    with tempfile.TemporaryDirectory() as folder:
        cables, data = Path(folder) / "cables", Path(folder) / "data"
        cables.mkdir()
        ids = hostile_cables(cables, pieces)
        index = [sys.executable, "-m", "reftel", "index", str(ROOT / "samples"), str(cables)]
        environment = os.environ | {"REFTEL_DATA": str(data), "PYTHONPATH": str(ROOT)}
        subprocess.run(index, env=environment, stdout=subprocess.DEVNULL, check=False)
        with serving(data) as address:
            return walk(address, ids, pieces)


def walk(address: str, ids: list[str], pieces: list[str]) -> int:
    """Make the calls; 1 where one held up the others for too long."""
    prober, caller = Prober(address), Caller(address)
    caller.tool("ask", "Why did China refuse Japan's bid?", [], "")
    idle = prober.during(threading.Thread(target=time.sleep, args=(IDLE_SECONDS,)))
    print(f"without a call: {idle * 1000:.0f} ms", flush=True)
    held, taken = [], []
    for what, function, arguments in calls(ids, pieces):
        clock = time.perf_counter()
        held.append((prober.during(threading.Thread(target=caller.tool, args=(function, *arguments))), what))
        taken.append((time.perf_counter() - clock, what))
        if held[-1][0] > idle + MAX_ADDED_SECONDS or taken[-1][0] > MAX_CALL_SECONDS:
            print(f"{what}: others waited {held[-1][0] * 1000:.0f} ms; {taken[-1][0]:.1f} s", flush=True)
    for title, seconds in (("others waited longest for", held), ("what took longest:", taken)):
        worst = sorted(seconds, reverse=True)[:5]
        print(f"{len(seconds)} calls; {title} " + ", ".join(f"{what} {s:.2f} s" for s, what in worst))
    return int(max(held)[0] > idle + MAX_ADDED_SECONDS or max(taken)[0] > MAX_CALL_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
