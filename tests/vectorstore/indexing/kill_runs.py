"""Kills indexing runs at random moments and counts what the next run leaves wrong. Run by test_indexer.py.

    python kill_runs.py FOLDER KILLS SEED

Prints a JSON object: cut (runs that were really cut off), swaps (those cut off while they changed to another
build), problems. Runs are forked from a process
that has opened nothing, so that a kill costs a tenth of a second and not a start of Python.
"""

import itertools
import json
import os
import random
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import chromadb.api.rust  # imported once, here, and not in every run
import chromadb.telemetry.product.posthog  # noqa: F401
import tantivy  # noqa: F401
from archives import cables_in, disagreements, open_hashed, write_cable

from cables import forms
from vectorstore.indexing.indexer import Indexer
from vectorstore.maintenance import doctor
from vectorstore.storage import chroma
from vectorstore.storage.catalog import SqliteCatalog

forms.forms()

EMBEDDERS = ("hash", "other")
chroma.SHARD_VECTORS = 60  # so that runs are also killed while a shard is begun


def change(folder: Path, chance: random.Random, trial: int) -> None:
    """Add, change and delete some files."""
    for _ in range(chance.randint(1, 6)):
        number = chance.randint(1, 12)
        file = folder / f"{number}.txt"
        if file.exists() and chance.random() < 0.25:
            file.unlink()
            continue
        texts = [f"Report {n} on the harbor. word{trial}x{number}x{n}" for n in range(chance.randint(1, 30))]
        if chance.random() < 0.3:
            texts[0] = "The harbor is long. " * 120 + texts[0]
        write_cable(file, f"07LISBON{91000 + number}", texts, subject=chance.choice(["PIERS", "TIDES"]))


def forked(work: Callable[[], list[str]]) -> tuple[int, int]:
    """Start `work` in a process of its own; (process id, file descriptor on which its findings come)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    os.close(reading)
    code = 1
    try:
        os.write(writing, json.dumps(work()).encode())
        code = 0
    except Exception:
        traceback.print_exc()
        raise
    finally:
        os._exit(code)


def index(data: Path, folder: Path, embedder: str, in_swap: float | None) -> list[str]:
    """One run; with `in_swap` it kills itself that many seconds after the change to a new build began."""
    swap = SqliteCatalog.swap

    def cut_off(catalog: SqliteCatalog, facts: Mapping[str, str]) -> None:
        assert in_swap is not None
        threading.Timer(in_swap, os.kill, (os.getpid(), signal.SIGKILL)).start()
        swap(catalog, facts)

    if in_swap is not None:
        SqliteCatalog.swap = cut_off  # type: ignore[method-assign]
    Indexer(open_hashed(data, embedder)).run([folder], prune=True)
    return []


def index_and_count(data: Path, folder: Path, embedder: str) -> list[str]:
    index(data, folder, embedder, None)
    found = map(str, doctor.check(open_hashed(data, embedder)))
    return [*found, *disagreements(data, cables_in(folder), embedder)]


def main(root: Path, kills: int, seed: int) -> dict[str, object]:
    chance = random.Random(seed)
    data, folder = root / "data", root / "cables"
    folder.mkdir()
    embedder, longest, cut, swaps, problems = EMBEDDERS[0], 0.2, 0, 0, []
    for trial in itertools.count():
        if cut == kills or trial == 4 * kills:  # some runs end before they are killed
            break
        change(folder, chance, trial)
        before, embedder = embedder, chance.choice(EMBEDDERS) if chance.random() < 0.4 else embedder
        changed = embedder != before
        in_swap = chance.uniform(0, 0.02) if changed and chance.random() < 0.5 else None
        child, pipe = forked(partial(index, data, folder, embedder, in_swap))
        if in_swap is None:
            time.sleep(chance.uniform(0, longest))
            os.kill(child, signal.SIGKILL)
        killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        cut, swaps = cut + killed, swaps + (killed and in_swap is not None)
        os.close(pipe)
        clock = time.monotonic()
        child, pipe = forked(partial(index_and_count, data, folder, embedder))
        with open(pipe, "rb") as findings:
            said = findings.read()
        status = os.waitpid(child, 0)[1]
        longest = 0.5 * longest + 0.5 * min(time.monotonic() - clock, 3.0)
        problems += [
            f"kill {trial}: {p}" for p in (json.loads(said) if said else [f"the next run failed ({status})"])
        ]
    return {"cut": cut, "swaps": swaps, "problems": problems}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))  # noqa: T201 - what the test reads
