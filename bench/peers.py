"""Reftel beside what people would use instead, on the same cables, questions and model, in one run.

    python bench/peers.py [CABLES] [--questions FILE] [--cables N] [--ask N] [--only NAME ...] [--json FILE]

Each peer is installed in an environment of its own in the user's cache folder, indexes the cables in a fresh
process and answers the questions in another. The script of each lies in bench/peers/. A peer that cannot be
installed, or fails, is named with its error. A passage is a hit if it comes from a cable that answers and
shares at least half of its six-word runs, or of the paragraph's, with a paragraph that answers.

Peers stop at the passages; Reftel's times go to the finished quoted answer.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from cables import forms  # noqa: E402
from vectorstore.embedding.cache import cache_home  # noqa: E402
from vectorstore.embedding.embedder import DEFAULT_EMBEDDER, model_folder  # noqa: E402

TORCH = "torch==2.13.0"
"""Installed first: left to themselves some peers fetch a build for GPUs, three times as large."""
LIMIT = 4 * 3600
"""Seconds that a step may take."""


@dataclass(frozen=True)
class Peer:
    """A peer: its script in bench/peers/ and what it installs; Reftel installs nothing."""

    name: str
    script: str
    packages: tuple[str, ...] = ()


PEERS = (
    Peer("Reftel", "reftel_own.py"),
    Peer(
        "LangChain",
        "langchain_stock.py",
        (
            "langchain",
            "langchain-community",
            "langchain-chroma",
            "langchain-huggingface",
            "sentence-transformers",
        ),
    ),
    Peer(
        "LlamaIndex",
        "llamaindex_chroma.py",
        (
            "llama-index-core",
            "llama-index-vector-stores-chroma",
            "llama-index-embeddings-huggingface",
            "llama-index-readers-file",
        ),
    ),
    Peer("txtai", "txtai_hybrid.py", ("txtai",)),
    Peer(
        "Haystack",
        "haystack_chroma.py",
        ("haystack-ai", "chroma-haystack", "sentence-transformers-haystack"),
    ),
)


class Failed(Exception):
    """A step of a peer failed; the message is its error."""


@dataclass
class Measured:
    """What was measured of a peer."""

    values: dict[str, float] = field(default_factory=dict)
    error: str = ""


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("path", type=Path, nargs="?", default=ROOT / "samples")
    options.add_argument("--questions", type=Path, default=ROOT / "tests" / "sample_questions.jsonl")
    options.add_argument(
        "--cables", type=int, default=0, help="index so many, those with answers first; 0: all"
    )
    options.add_argument("--ask", type=int, default=0, help="ask so many questions; 0: all")
    options.add_argument("--only", nargs="*", default=[], help="names of peers")
    options.add_argument("--json", type=Path, help="write what was measured")
    chosen = options.parse_args()
    questions = _questions(chosen.questions)[: chosen.ask or None]
    files = _files(chosen.path, questions, chosen.cables)
    golds = [_gold(question, files) for question in questions]
    kept = [n for n, gold in enumerate(golds) if gold]
    questions, golds = [questions[n] for n in kept], [golds[n] for n in kept]
    size = sum(file.stat().st_size for file in files)
    _tell(f"{len(files)} cables, {size / 1e6:.1f} MB; {len(questions)} questions; {os.cpu_count()} cores\n")
    measured = {}
    for peer in PEERS:
        if not chosen.only or peer.name.lower() in {name.lower() for name in chosen.only}:
            measured[peer.name] = _measure(peer, files, [q["question"] for q in questions], golds, size)
    print(table(measured))
    for name, found in measured.items():
        if found.error:
            print(f"{name}: {found.error}")
    if chosen.json:
        chosen.json.write_text(json.dumps({name: vars(found) for name, found in measured.items()}, indent=1))


# What is asked


def _questions(file: Path) -> list[dict[str, Any]]:
    """Answerable questions without history: a peer of a few lines has no conversation."""
    rows = [json.loads(line) for line in file.read_text().splitlines() if line.strip()]
    return [row for row in rows if row["answerable"] and not row.get("history")]


def _files(path: Path, questions: Sequence[dict[str, Any]], limit: int) -> list[Path]:
    wanted = {gold["cable"] for question in questions for gold in question["gold"]}
    files = sorted(forms.find_files([path]), key=lambda file: (file.stem not in wanted, file.name))
    files = [file for file in files if file.suffix == ".txt"]
    return files[: limit or None]


def _gold(question: dict[str, Any], files: Sequence[Path]) -> dict[str, list[set[tuple[str, ...]]]]:
    """By cable the six-word runs of each paragraph that answers."""
    paths = {file.stem: file for file in files}
    found: dict[str, list[set[tuple[str, ...]]]] = {}
    for gold in [*question["gold"], *question.get("also", [])]:
        path = paths.get(gold["cable"])
        cables = [r.cable for r in forms.read(path) if isinstance(r, forms.Reading)] if path else []
        for paragraph in (p for cable in cables for p in cable.paragraphs if p.number in gold["paragraphs"]):
            found.setdefault(gold["cable"], []).append(_runs(paragraph.text))
    return found


def _runs(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return {tuple(words[n : n + 6]) for n in range(max(1, len(words) - 5))}


def _is_hit(hits: Sequence[tuple[str, str]], gold: dict[str, list[set[tuple[str, ...]]]]) -> bool:
    for cable, text in hits:
        own = _runs(text)
        if any(2 * len(own & runs) >= min(len(own), len(runs)) for runs in gold.get(cable, [])):
            return True
    return False


# Measuring


def _measure(
    peer: Peer, files: Sequence[Path], questions: Sequence[str], golds: Sequence[Any], size: int
) -> Measured:
    found = Measured()
    with tempfile.TemporaryDirectory() as folder:
        job = {
            "files": [str(file) for file in files],
            "model": str(model_folder(DEFAULT_EMBEDDER)),
            "embedder": DEFAULT_EMBEDDER,
            "index": str(Path(folder) / "index"),
            "questions": list(questions),
        }
        try:
            python = _installed(peer)
            _tell(f"{peer.name}: indexing ...")
            indexed = next(_lines(python, peer, "index", job, Path(folder)))[1]
            found.values |= {
                "passages": indexed["passages"],
                "read": indexed["read"],
                "index rate": size / 1000 / indexed["seconds"],
                "index size": _size(Path(folder) / "index") / 1e6,
                "index memory": indexed["memory"] / 1e6,
            }
            _tell(" asking ...")
            first = next(
                _lines(python, peer, "ask", job | {"questions": job["questions"][:1]}, Path(folder))
            )[0]
            answers = list(_lines(python, peer, "ask", job, Path(folder)))
            found.values |= _asked(min(first, answers[0][0]), [answer for _, answer in answers], golds)
            _tell(" done\n")
        except Failed as error:
            found.error = str(error)
            _tell(f" {error}\n")
    return found


def _asked(cold: float, answers: Sequence[dict[str, Any]], golds: Sequence[Any]) -> dict[str, float]:
    warm = sorted(answer["seconds"] * 1000 for answer in answers[1:]) or [float("nan")]
    return {
        "cold": cold,
        "p50": median(warm),
        "p95": quantiles(warm, n=20)[-1] if len(warm) > 1 else warm[0],
        "memory": answers[-1]["memory"] / 1e6,
        "hits": sum(map(_is_hit, (answer["hits"] for answer in answers), golds)) / len(golds),
    }


def _installed(peer: Peer) -> str:
    """The interpreter with the peer's packages, which are installed if they are not; raises Failed."""
    if not peer.packages:
        return sys.executable
    folder = cache_home() / "bench" / "peers" / peer.script.partition("_")[0]
    python = str(folder / "env" / "bin" / "python")
    wanted, marker = "\n".join((TORCH, *peer.packages)), folder / "installed"
    if not marker.exists() or marker.read_text() != wanted:
        _tell(f"{peer.name}: installing ...")
        shutil.rmtree(folder, ignore_errors=True)
        pip = [python, "-m", "pip", "install", "--quiet"]
        commands = [
            [sys.executable, "-m", "venv", str(folder / "env")],
            [*pip, TORCH],
            [*pip, *peer.packages],
        ]
        for command in commands:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
            if done.returncode:
                raise Failed(f"cannot be installed: {_last_line(done.stderr)}")
        marker.write_text(wanted)
    return python


def _lines(
    python: str, peer: Peer, what: str, job: dict[str, Any], folder: Path
) -> Iterator[tuple[float, Any]]:
    """(seconds since the process was started, object) for each line that the peer's script prints."""
    (folder / "job.json").write_text(json.dumps(job))
    command = [python, str(ROOT / "bench" / "peers" / peer.script), what, str(folder / "job.json")]
    environment = os.environ | ({} if peer.packages else {"PYTHONPATH": str(ROOT)})
    clock, answered = time.perf_counter(), 0
    with (folder / "errors").open("w+") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("#"):
                answered += 1
                yield time.perf_counter() - clock, json.loads(line[1:])
        if process.wait(LIMIT) or not answered:
            errors.seek(0)
            raise Failed(f"{what} failed: {_last_line(errors.read())}")


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "no word why")[:300]


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _tell(text: str) -> None:
    print(text, end="", file=sys.stderr, flush=True)


# The table

ROWS: tuple[tuple[str, str, Callable[[float], str], int], ...] = (
    ("index rate", "indexing, KB of cables a second", "{:.1f}".format, 1),
    ("read", "share of the stored text that the model reads", "{:.0%}".format, 0),
    ("passages", "passages stored", "{:.0f}".format, 0),
    ("index size", "index on disk, MB", "{:.1f}".format, -1),
    ("index memory", "memory while indexing, MB", "{:.0f}".format, -1),
    ("cold", "cold start to the first answer, s", "{:.2f}".format, -1),
    ("p50", "question p50, ms", "{:.0f}".format, -1),
    ("p95", "question p95, ms", "{:.0f}".format, -1),
    ("memory", "memory while asking, MB", "{:.0f}".format, -1),
    ("hits", "questions with a hit among the first five", "{:.2f}".format, 1),
)
"""Name, words, format, and whether more (1) or less (-1) is better."""


def table(measured: dict[str, Measured]) -> str:
    """The table in Markdown; in brackets how many times better Reftel is than the peer."""
    names = [name for name, found in measured.items() if found.values]
    own = measured["Reftel"].values if "Reftel" in measured else {}
    lines = ["| | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    for key, words, show, better in ROWS:
        cells = []
        for name in names:
            value = measured[name].values.get(key)
            cell = "–" if value is None else show(value)
            if value and own.get(key) and better and name != "Reftel":
                cell += f" ({(own[key] / value) ** better:.2f})"
            cells.append(cell)
        lines.append(f"| {words} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
