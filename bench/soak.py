"""Twenty people: questions, reading, an upload a minute, one restart. `python bench/soak.py --minutes 30`

Serves the samples with accounts in a process of its own and lets people of several clearances at it at once.
Counts what was lost (a question without an answer, an upload that is not there afterwards), what was mixed
(somebody else's question, a paragraph above somebody's clearance) and how the server's memory goes.
Asks over HTTP, as the page does and as programs do.
"""

import argparse
import json
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "web")]

import settings  # noqa: E402

settings.offline()

from hostile import cable_text  # noqa: E402
from people import Caller  # noqa: E402

from cables import Level  # noqa: E402
from vectorstore.access import ALL, EVERYTHING, Clearance  # noqa: E402
from web.security.accounts import Accounts, UserRole  # noqa: E402

PEOPLE = 20
SUBJECTS = [
    "Japan's bid for a permanent seat",
    "wheat farms abroad",
    "the phosphate basin",
    "the gas war",
    "the volcano",
    "vacuum pumps",
    "the fighters for Brazil",
    "banks in every pocket",
    "the African summit",
]
SECRET_WORDS = ("vacuum pump", "general of the operations branch")
"""Words of cables above CONFIDENTIAL."""


class Server:
    """`reftel serve` over a data directory, which can be restarted."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self.address = f"http://127.0.0.1:{port}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-c", "from cli.main import app; app()", "serve"]
        command += ["--data", str(self.data), "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True)
        while Caller(self.address).safely("/ready")[0] != 200:
            time.sleep(0.5)

    def stop(self) -> float:
        """Ask it to end; seconds that it took."""
        clock = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return time.monotonic() - clock

    def megabytes(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


class Counts:
    """What has happened so far; shared by all threads."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.lost: list[str] = []
        self.mixed: list[str] = []
        self.seconds: list[float] = []
        self.memory: list[float] = []


def person(n: int, caller: Caller, clearance: Clearance, counts: Counts, ending: threading.Event) -> None:
    """Asks, reads and lists by turns; a call that a restart cut off is made again, as a browser does."""
    chance = random.Random(n)
    while not ending.is_set():
        subject = chance.choice(SUBJECTS)
        mark = f"number {n}-{chance.randrange(10**6)}"
        question = f"What do the cables say about {subject}? ({mark})"
        clock = time.monotonic()
        answer = again(lambda q=question: caller.tool("ask", q, [], ""), '"citations"', ending)
        if answer is None:
            if not ending.is_set():
                counts.lost.append(f"{n}: {question}")
            continue
        counts.done["questions"] += 1
        counts.seconds.append(time.monotonic() - clock)
        if clearance.level < Level.SECRET and any(word in answer.lower() for word in SECRET_WORDS):
            counts.mixed.append(f"{n} saw a secret: {answer[:200]}")
        cited = re.findall(r'"cable": "(\w+)"', answer)
        if cited:
            cable = chance.choice(cited)
            read = again(lambda c=cable: caller.tool("read_cable", c), '"found"', ending)
            if read is not None and f'"id": "{cable}"' not in read:
                counts.mixed.append(f"{n} asked for {cable} and got {read[:200]}")
            counts.done["cables read"] += read is not None
        page(n, caller, mark, counts)
        ending.wait(chance.uniform(5, 25))


def page(n: int, caller: Caller, mark: str, counts: Counts) -> None:
    """Ask on the page as well; what comes back must be this person's own question."""
    session = f"s{n}x{random.randrange(10**9)}"
    sent = json.dumps(
        {"data": [f"Who was there? ({mark})", None, None, None], "fn_index": ASK[0], "session_hash": session}
    )
    if caller.safely("/gradio_api/queue/join", sent.encode(), Content_Type="application/json")[0] != 200:
        return
    alive = Request(f"{caller.address}/gradio_api/heartbeat/{session}", headers=caller.headers)
    try:
        with urlopen(alive, timeout=Caller.timeout):  # as a tab that is open, and then closed
            shown = caller.safely(f"/gradio_api/queue/data?session_hash={session}")[1]
    except OSError:
        return
    counts.done["pages asked"] += f"({mark})" in shown
    for other in re.findall(r"\(number (\d+)-\d+\)", shown):
        if int(other) != n:
            counts.mixed.append(f"{n} saw a question of {other}")


ASK = [0]
"""The function behind the composer, as the page's configuration says."""


def again(call: object, expected: str, ending: threading.Event) -> str | None:
    """The answer of a call, made again while the server is away; None where it stays wrong."""
    for _ in range(600):  # a restart may take minutes on a busy machine
        try:
            text = call()  # type: ignore[operator]
            if expected in text.replace("\\", ""):
                return text.replace('\\"', '"')
        except (OSError, HTTPException):
            pass
        if ending.wait(2):
            return None
    return None


def add(n: int, editor: Caller, counts: Counts) -> str:
    """Add one cable as the page does; its id."""
    import test_uploads

    serial = 92000 + n
    text = (
        cable_text(f"Ferry number {serial}")
        .replace("091001", f"0{serial}")
        .replace("#1001", f"#{serial - 90000}")
    )
    status, paths = test_uploads.send(editor, [(f"07LISBON{serial}.txt", text.encode())])
    if status == 200:
        test_uploads.index(editor, paths, f"adding{n}")
        counts.done["uploads"] += 1
        return f"07LISBON{serial}"
    return ""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=30)
    minutes = options.parse_args().minutes
    from vectorstore.archive import Archive
    from vectorstore.embedding.embedder import SentenceEmbedder
    from vectorstore.indexing.indexer import Indexer

    Caller.timeout = 300.0  # what is slow is not lost
    data = Path(tempfile.mkdtemp(prefix="reftel-soak-"))
    Indexer(Archive(data, SentenceEmbedder())).run([ROOT / "samples"])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    accounts = Accounts.of(data)
    levels = [
        Clearance(level, ALL) for level in (Level.UNCLASSIFIED, Level.SBU, Level.CONFIDENTIAL, Level.SECRET)
    ]
    cleared = [levels[n % 4] for n in range(PEOPLE)]
    for n, clearance in enumerate(cleared):
        accounts.add(f"p{n}", None, UserRole.READER, clearance)
    accounts.add("ed", None, UserRole.EDITOR, EVERYTHING)
    server = Server(data, port)

    def signed_in(name: str) -> Caller:
        return Caller(server.address, Authorization=f"Bearer {accounts.new_token(name)}")

    editor, counts, ending = signed_in("ed"), Counts(), threading.Event()
    config = json.loads(editor("/config")[1])
    ASK[0] = next(d["id"] for d in config["dependencies"] if any(t[1] == "submit" for t in d["targets"]))
    threads = [
        threading.Thread(target=person, args=(n, signed_in(f"p{n}"), cleared[n], counts, ending), daemon=True)
        for n in range(PEOPLE)
    ]
    for thread in threads:
        thread.start()
    begun, added, stopping = time.monotonic(), list[str](), 0.0
    for minute in range(int(minutes)):
        added.append(add(minute, editor, counts))
        if minute == int(minutes) // 2:
            stopping = server.stop()
            server.start()
        time.sleep(max(begun + 60 * (minute + 1) - time.monotonic(), 0))
        counts.memory.append(server.megabytes())
        print(
            f"{minute + 1} min: {dict(counts.done)}, {len(counts.lost)} lost, {len(counts.mixed)} mixed, "
            f"{counts.memory[-1]:.0f} MB",
            flush=True,
        )
    ending.set()
    for thread in threads:
        thread.join(90)
    for cable in filter(None, added):
        if '"found": true' not in editor.tool("read_cable", cable):
            counts.lost.append(f"upload {cable}")
    server.stop()
    report(counts, minutes, stopping)


def report(counts: Counts, minutes: float, stopping: float) -> None:
    taken = sorted(counts.seconds) or [0.0]
    half = len(counts.memory) // 2
    print(f"\n{minutes:.0f} minutes, {PEOPLE} people: {dict(counts.done)}")
    print(f"lost {len(counts.lost)}, mixed {len(counts.mixed)}; stopping took {stopping:.1f} s")
    print(f"a question took {taken[len(taken) // 2]:.1f} s, p95 {taken[int(len(taken) * 0.95)]:.1f} s")
    print(f"memory before the restart {counts.memory[:half]}, after it {counts.memory[half:]} MB")
    for line in (*counts.lost[:10], *counts.mixed[:10]):
        print(line)
    sys.exit(1 if counts.lost or counts.mixed else 0)


if __name__ == "__main__":
    main()
