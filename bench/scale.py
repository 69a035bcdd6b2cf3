"""What an archive costs as it grows: `python bench/scale.py PATH --sizes 10000 100000 1000000 --work FOLDER`.

Makes cables from the real ones under PATH, each with other names, dates and serial, until an archive has so many
paragraphs, and measures indexing them, indexing again with nothing changed, indexing ten new cables, and asking.
Vectors come from the words alone (a fixed random vector for each word, summed), in place of a cache of embedded
vectors: near texts get near vectors and computing them costs next to nothing, so that what is measured is reading
and storing. Each step runs in a process of its own, whose largest memory is told. Results go to FOLDER/scale.jsonl.
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
import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from zlib import crc32

import numpy as np

from vectorstore.interaction import Asked

os.environ.setdefault("HF_HUB_OFFLINE", "1")

NAME = re.compile(r"\b[A-Z][a-z]{3,}\b")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
WORD = re.compile(r"[a-z0-9]+")
QUESTIONS = 60


class WordVectors:
    """In place of an embedder whose vectors are cached: the sum of a fixed random vector for each word."""

    name = fingerprint = "words"
    interaction = None
    _table = np.random.default_rng(0).standard_normal((16_384, 384)).astype(np.float32)

    def encode(self, texts: Sequence[str], advance: Callable[[int], None] = lambda n: None) -> np.ndarray:
        """Unit vectors, shape (len(texts), 384)."""
        vectors = np.empty((len(texts), 384), np.float32)
        for n, text in enumerate(texts):
            vectors[n] = self._table[[_place(word) for word in WORD.findall(text.lower())] or [0]].sum(0)
        advance(len(texts))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def read(
        self, texts: Sequence[str], advance: Callable[[int], None] = lambda n: None
    ) -> tuple[np.ndarray, list[bytes]]:
        """As `encode`, without tokens."""
        return self.encode(texts, advance), []

    def ask(self, question: str) -> Asked:
        """A question's vector."""
        return Asked(self.encode([question])[0], np.empty((0, 0)), np.empty(0))


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

    import vectorstore.retriever  # noqa: F401

    clock, cpu = time.perf_counter(), time.process_time()
    found = work(*values)
    seconds, used = time.perf_counter() - clock, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"seconds": round(seconds, 2), "cpu": round(used, 2), "memory_mb": memory, **found}


def index(data: Path, folder: Path) -> dict[str, object]:
    """One run of the indexer."""
    from vectorstore.archive import Archive
    from vectorstore.indexer import Indexer

    report = Indexer(Archive(data, WordVectors())).run([folder])
    return {"new": len(report.new), "embedded": report.embedded, "failed": len(report.failed)}


def ask(data: Path, questions: list[str]) -> dict[str, object]:
    """How long questions take, first the one that opens everything, then the others."""
    from vectorstore.archive import Archive
    from vectorstore.clearance import EVERYTHING
    from vectorstore.retriever import Retriever, Search

    clock = time.perf_counter()
    archive = Archive(data, WordVectors())
    retriever = Retriever(archive=archive, view=archive.view(EVERYTHING))
    taken = []
    for question in questions:
        retriever.search(Search(question))
        taken.append(1000 * (time.perf_counter() - clock))
        clock = time.perf_counter()
    later = sorted(taken[1:])
    return {"first_ms": round(taken[0]), "p50_ms": round(statistics.median(later), 1),
            "p95_ms": round(later[int(0.95 * len(later))], 1)}  # fmt: skip


def sizes_of(data: Path) -> dict[str, int]:
    """Megabytes of the catalog, the vectors and the words."""
    parts = {"catalog_mb": "catalog.sqlite*", "vectors_mb": "vectors/**/*", "words_mb": "words/**/*"}
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
    result: dict[str, object] = {"size": size, "cables": cables, "index": first,
        "per_second": round(int(str(first["embedded"])) / float(str(first["seconds"]))), **sizes_of(data)}  # fmt: skip
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
    options.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    options.add_argument("--work", type=Path, required=True, help="a folder with room for the archives")
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


if __name__ == "__main__":
    main()
