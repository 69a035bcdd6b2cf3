"""Fails on a regression in speed: `python bench/guard.py`, or `make guard`.

Each figure is a ratio to a baseline that is measured beside it in the same run, so that a slow or busy
machine changes both: embedding to sentence-transformers' defaults, indexing to its own embedding, a
question to its own forward passes, the start to the start of the interpreter with its command line
library. Over some of samples/: about a minute on two cores.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

os.environ["HF_HUB_OFFLINE"] = "1"
ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from cables import forms  # noqa: E402
from qa.answer import Question  # noqa: E402
from qa.factory import build_chain  # noqa: E402
from vectorstore.access import EVERYTHING  # noqa: E402
from vectorstore.archive import ArchiveConfig, open_archive, open_to_ask  # noqa: E402
from vectorstore.embedding import chunking  # noqa: E402
from vectorstore.embedding.embedder import DEFAULT_EMBEDDER, SentenceEmbedder, model_folder  # noqa: E402
from vectorstore.indexing.indexer import Indexer  # noqa: E402

ROUNDS = 3
FILES = sorted((ROOT / "samples").glob("*.txt"))[::3]
"""The cables that are indexed: some 40 paragraphs."""
LEAST_EMBEDDING = {"float32": 1.15, "bfloat16": 2.5, "float16": 5.0}
"""Texts a second against sentence-transformers' defaults, by the number format that the machine allows."""
MOST = {"indexing": 2.5, "indexing again": 0.15, "indexing known texts": 0.5, "question": 3.0, "help": 2.0}
"""Time against its baseline. What is measured lies well below: these are regressions, not noise."""


def main() -> int:
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    embedder = SentenceEmbedder()
    texts = _windows()
    found = {"help": _help()}
    ratio = _embedding(embedder, texts)
    with tempfile.TemporaryDirectory() as folder:
        found |= _indexing(embedder, texts, Path(folder))
        found["question"] = _question(Path(folder) / "0")
    least = LEAST_EMBEDDING.get(embedder.backend.precision, 1.0)
    failed = ratio < least
    print(f"{'FAILED' if failed else 'ok':8}{'embedding':22}{ratio:6.2f} of stock's rate, at least {least}")
    for name, share in found.items():
        failed |= share > MOST[name]
        verdict = "FAILED" if share > MOST[name] else "ok"
        print(f"{verdict:8}{name:22}{share:6.2f} of its baseline, at most {MOST[name]}")
    return int(failed)


def _windows() -> list[str]:
    """The passages of the cables."""
    readings = [r for file in FILES for r in forms.read(file)]
    cables = [r.cable for r in readings if isinstance(r, forms.Reading)]
    return [window for cable in cables for p in cable.paragraphs for window in chunking.windows(cable, p)]


def _embedding(embedder: SentenceEmbedder, texts: list[str]) -> float:
    """How many times sentence-transformers' rate; both on the same device."""
    from sentence_transformers import SentenceTransformer

    stock = SentenceTransformer(str(model_folder(DEFAULT_EMBEDDER)))
    embedder.encode(texts[:8])
    return 1 / _ratio(lambda: embedder.encode(texts), lambda: stock.encode(texts, show_progress_bar=False))


def _indexing(embedder: SentenceEmbedder, texts: list[str], folder: Path) -> dict[str, float]:
    """Indexing against embedding alone; indexing again, and known texts embedded again, against indexing at first."""
    fresh, embedded, again, known = [], [], [], []
    for number in range(ROUNDS):
        archive = open_archive(ArchiveConfig(folder / str(number), vector_cache=folder / f"cache{number}"))
        archive.embedder.backend.encode(texts[:8], lambda n: None)
        fresh.append(_seconds(lambda archive=archive: Indexer(archive).run(FILES)))
        embedded.append(_seconds(lambda: embedder.encode(texts)))
        again.append(_seconds(lambda archive=archive: Indexer(archive).run(FILES)))
        other = open_archive(ArchiveConfig(folder / f"other{number}", vector_cache=folder / f"cache{number}"))
        known.append(_seconds(lambda other=other: Indexer(other).run(FILES)))
    return {
        "indexing": _median_share(fresh, embedded),
        "indexing again": _median_share(again, fresh),
        "indexing known texts": _median_share(known, fresh),
    }


def _question(data: Path) -> float:
    """A question to its quoted answer, against the forward passes in it."""
    lines = (ROOT / "tests" / "sample_questions.jsonl").read_text(encoding="utf-8").splitlines()[:6]
    questions = [Question(json.loads(line)["question"]) for line in lines]
    archive = open_to_ask(ArchiveConfig(data))
    chain = build_chain(archive, EVERYTHING)
    encode, passes = archive.embedder.backend.encode, []

    def timed(*arguments: object) -> object:
        start = time.perf_counter()
        result = encode(*arguments)
        passes.append(time.perf_counter() - start)
        return result

    archive.embedder.backend.encode = timed  # type: ignore[method-assign]
    for question in questions:
        chain.invoke(question)
    passes.clear()
    whole = _seconds(lambda: [chain.invoke(question) for question in questions])
    return whole / sum(passes)


def _help() -> float:
    """`reftel --help` against the interpreter with typer, in processor time: starts are short."""
    ours = [str(Path(sys.executable).with_name("reftel")), "--help"]
    theirs = [sys.executable, "-c", "import typer"]
    return _median_share([_processor(ours) for _ in range(5)], [_processor(theirs) for _ in range(5)])


def _processor(command: list[str]) -> float:
    before = os.times()
    subprocess.run(command, check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def _ratio(one: Callable[[], object], other: Callable[[], object]) -> float:
    """Time of one to that of the other, in alternating rounds."""
    pairs = [(_seconds(one), _seconds(other)) for _ in range(ROUNDS)]
    return _median_share([pair[0] for pair in pairs], [pair[1] for pair in pairs])


def _median_share(one: list[float], other: list[float]) -> float:
    return median(a / b for a, b in zip(one, other, strict=True))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    raise SystemExit(main())
