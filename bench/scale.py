"""What an archive costs as it grows: `python bench/scale.py PATH --sizes 10000 100000 1000000 --work FOLDER`.

Makes cables from the real ones under PATH, each with other names, dates and serial, until an archive has so many
paragraphs, and measures indexing them, indexing again with nothing changed, indexing ten new cables, and asking.
Vectors and tokens come from the words alone (a fixed random vector for each word, summed), in place of a cache of
embedded ones: near texts get near vectors and computing them costs next to nothing, so that what is measured is
reading and storing. Questions are read by the real model, so that they cost what they cost, and answered to the end.
Each step runs in a process of its own, whose peak memory is reported. Results go to FOLDER/scale.jsonl, and
`--plot FILE.svg` draws all that are there.
"""

import argparse
import json
import multiprocessing
import os
import random
import re
import resource
import shutil
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from vectorstore.embedding.tokens import TOKEN_DIMENSION, Tokens
from vectorstore.interfaces import EncodedQuery

if TYPE_CHECKING:
    from vectorstore.embedding.embedder import SentenceEmbedder

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as settings.offline() does
sys.path.insert(0, str(Path(__file__).parents[1]))

NAME = re.compile(r"\b[A-Z][a-z]{3,}\b")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
WORD = re.compile(r"[a-z0-9]+")
QUESTIONS = 120


class WordVectors:
    """In place of an embedder whose vectors are cached: the sum of a fixed random vector for each word."""

    name = fingerprint = "words"
    late_interaction = object()
    """Not None: tokens are kept, as with the default embedder."""
    _table = np.random.default_rng(0).standard_normal((16_384, 384)).astype(np.float32)

    def encode(self, texts: Sequence[str], advance: Callable[[int], None] = lambda n: None) -> np.ndarray:
        """Unit vectors, shape (len(texts), 384)."""
        vectors = np.empty((len(texts), 384), np.float32)
        for n, text in enumerate(texts):
            vectors[n] = self._table[[_place(word) for word in WORD.findall(text.lower())] or [0]].sum(0)
        advance(len(texts))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def encode_passages(
        self, texts: Sequence[str], advance: Callable[[int], None] = lambda n: None
    ) -> tuple[np.ndarray, list[bytes]]:
        """As `encode`, with a token for each word, as many as the default embedder keeps."""
        tokens = []
        for text in texts:
            places = [_place(word) for word in WORD.findall(text.lower())[-KEPT:]]
            words = np.arange(len(places), dtype=np.uint16)[::-1]
            tokens.append(Tokens(_BYTES[places], words).pack())
        return self.encode(texts, advance), tokens

    def encode_query(self, question: str, language: str = "en") -> EncodedQuery:
        """The question as the default embedder reads it."""
        return self._real().ask(question)

    @staticmethod
    @cache
    def _real() -> "SentenceEmbedder":
        from vectorstore.embedding.embedder import SentenceEmbedder

        return SentenceEmbedder()


class Asking(WordVectors):
    """Compares tokens as the default embedder does."""

    def __init__(self) -> None:
        real = self._real()
        self.late_interaction, self.folder = real.late_interaction, real.folder


KEPT = 90
"""Tokens a passage, at most: an archive of real cables holds 90 on average."""
_BYTES = np.random.default_rng(1).integers(-60, 60, (16_384, TOKEN_DIMENSION), np.int8)


@lru_cache(200_000)
def _place(word: str) -> int:
    return crc32(word.encode()) % 16_384


def varied(originals: list[tuple[str, str]], seed: int) -> Iterator[tuple[str, str]]:
    """Endless cables (id, text) made from the originals: other names, years and serials."""
    chance = random.Random(seed)
    names = sorted({name for _, text in originals for name in NAME.findall(text)})
    serial = 100_000 * (1 + seed)
    while True:
        for cable_id, text in originals:
            serial += 1
            known: dict[str, str] = {}
            shift = chance.randint(-4, 4)
            number = re.sub(r"^\d\d\D+", "", cable_id)
            other = NAME.sub(lambda m: known.setdefault(m[0], chance.choice(names)), text)  # noqa: B023
            other = YEAR.sub(lambda m: str(int(m[0]) + shift), other)  # noqa: B023
            other = re.sub(rf"\b0*{number}\b", str(serial), other)
            yield cable_id.removesuffix(number) + str(serial), other


def write(cables: Iterator[tuple[str, str]], folder: Path, paragraphs: float, ratio: float) -> int:
    """Write so many cables that they hold about that many paragraphs; how many cables."""
    count = max(1, round(paragraphs / ratio))
    for n, (cable_id, text) in enumerate(islice(cables, count)):
        below = folder / f"{n // 1000:04d}"
        below.mkdir(parents=True, exist_ok=True)
        (below / f"{cable_id}.txt").write_text(text, encoding="utf-8")
    return count


def apart(work: Callable[..., dict[str, object]], *values: object) -> dict[str, object]:
    """What `work` found in a process of its own, with that process's seconds and largest memory."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, values))


def _measured(work: Callable[..., dict[str, object]], values: Sequence[object]) -> dict[str, object]:
    import chromadb.api.rust  # noqa: F401 - what a start of Python costs is no part of it
    import tantivy  # noqa: F401

    import vectorstore.retrieval.retriever  # noqa: F401

    clock, cpu = time.perf_counter(), time.process_time()
    found = work(*values)
    seconds, used = time.perf_counter() - clock, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"seconds": round(seconds, 2), "cpu": round(used, 2), "memory_mb": memory, **found}


def index(data: Path, folder: Path) -> dict[str, object]:
    """One run of the indexer."""
    from vectorstore.archive import Archive
    from vectorstore.indexing.indexer import Indexer

    report = Indexer(Archive(data, WordVectors())).run([folder])
    return {"new": len(report.new), "embedded": report.embedded, "failed": len(report.failed)}


def ask(data: Path, questions: list[str]) -> dict[str, object]:
    """How long questions take to the finished answer: the first, which opens everything, and the others.

    With the mean milliseconds of those parts that take one or more, of all questions and of the slowest twentieth.
    """
    from questions import PARTS, Clock

    from qa.answer import Question
    from qa.factory import build_chain
    from vectorstore.access import EVERYTHING
    from vectorstore.archive import Archive

    start = time.perf_counter()
    chain = build_chain(Archive(data, Asking()), EVERYTHING)
    chain.invoke(Question(questions[0]))
    first = time.perf_counter() - start
    clock, taken = Clock(), []
    for part in PARTS:
        clock.watch(*part)
    for question in questions[1:]:
        clock.own.clear()
        start = time.perf_counter()
        chain.invoke(Question(question))
        taken.append((1000 * (time.perf_counter() - start), dict(clock.own)))
    taken.sort(key=lambda one: one[0])
    slow = taken[-max(1, len(taken) // 20) :]
    return {
        "first_ms": round(1000 * first),
        "p50_ms": round(statistics.median(ms for ms, _ in taken), 1),
        "p95_ms": round(taken[int(0.95 * len(taken))][0], 1),
        "parts_ms": _means([parts for _, parts in taken]),
        "slowest_parts_ms": _means([parts for _, parts in slow]),
    }


def _means(parts: list[dict[str, float]]) -> dict[str, float]:
    total: Counter[str] = Counter()
    for one in parts:
        total.update(one)
    means = {part: round(1000 * seconds / len(parts), 1) for part, seconds in total.most_common()}
    return {part: mean for part, mean in means.items() if mean >= 1}


def sizes_of(data: Path) -> dict[str, int]:
    """Megabytes of the catalog, the vectors and the words."""
    parts = {
        "catalog_mb": "catalog.sqlite*",
        "tokens_mb": "vectors/*/tokens.sqlite*",
        "vectors_mb": "vectors/*/[!t]*",
        "graph_mb": "vectors/*/*/*",
        "words_mb": "words/**/*",
    }
    return {
        name: sum(f.stat().st_size for f in data.glob(glob) if f.is_file()) >> 20
        for name, glob in parts.items()
    }


def measure(
    size: int, originals: list[tuple[str, str]], questions: list[str], work: Path
) -> dict[str, object]:
    """All figures of one size."""
    folder, data = work / f"cables-{size}", work / f"data-{size}"
    for old in (folder, data):
        shutil.rmtree(old, ignore_errors=True)
    ratio = 11_596 / 1096
    cables = write(varied(originals, 0), folder, size, ratio)
    first = apart(index, data, folder)
    result: dict[str, object] = {
        "size": size,
        "cables": cables,
        "index": first,
        "per_second": round(int(str(first["embedded"])) / float(str(first["seconds"]))),
        **sizes_of(data),
    }
    result["unchanged"] = apart(index, data, folder)
    write(varied(originals[:10], 1), folder / "new", 10 * ratio, ratio)
    result["ten_new"] = apart(index, data, folder)
    result["ask"] = apart(ask, data, questions)
    shutil.rmtree(folder)
    shutil.rmtree(data)
    return result


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("path", type=Path)
    options.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    options.add_argument("--work", type=Path, required=True, help="a folder with room for the archives")
    options.add_argument("--plot", type=Path, help="an SVG to draw of all results in the folder")
    chosen = options.parse_args()
    chosen.work.mkdir(parents=True, exist_ok=True)
    log = chosen.work / "scale.jsonl"
    originals = [
        (file.stem, file.read_text("utf-8", "replace")) for file in sorted(chosen.path.glob("*.txt"))
    ]
    chance = random.Random(5)
    sentences = [s for _, text in originals[::9] for s in re.findall(r"[A-Z][a-z][^.]{60,160}\.", text)[:3]]
    questions = chance.sample(sentences, min(QUESTIONS, len(sentences)))
    for size in chosen.sizes:
        result = measure(size, originals, questions, chosen.work)
        print(json.dumps(result), flush=True)
        with log.open("a") as file:
            file.write(json.dumps(result) + "\n")
    if chosen.plot:
        from scale_plot import draw

        chosen.plot.write_text(draw([json.loads(line) for line in log.read_text().splitlines()]), "utf-8")


if __name__ == "__main__":
    main()
