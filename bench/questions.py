"""Where each millisecond of a question goes: `python bench/questions.py DATA QUESTIONS.jsonl [--ask N]`.

Asks an archive (made with `reftel index`) every question once for warmth and once for the clock. Prints
p50 and p95 to the finished quoted answer; the mean time in each part, without what it calls of the
others; and the floor: the forward pass of the question alone, with nothing around it.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as settings.offline() does
sys.path.insert(0, str(Path(__file__).parents[1]))

import qa.chain
import vectorstore.retrieval.evidence
import vectorstore.retrieval.reranker
import vectorstore.retrieval.retriever
from qa.answer import Question, read_turns
from qa.factory import build_chain
from qa.generation.extractive import ExtractiveAnswerer
from qa.verification.answerability import AnswerabilityJudge
from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive, ArchiveConfig, open_to_ask
from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.embedding.late_interaction import LateInteraction
from vectorstore.retrieval.reranker import Reranker
from vectorstore.retrieval.retriever import Retriever
from vectorstore.retrieval.tree_ensemble import TreeEnsemble
from vectorstore.storage.bm25 import BM25Index
from vectorstore.storage.catalog_view import CatalogView
from vectorstore.storage.chroma import ChromaVectors
from vectorstore.storage.token_vectors import SqliteTokenStore

PARTS: tuple[tuple[str, Any, str], ...] = (
    ("what a follow-up means", qa.chain, "interpret"),
    ("place and time in the question", qa.chain, "read_hints"),
    ("looking for changes", Archive, "refresh"),
    ("forward pass of the question", SentenceEmbedder, "encode_query"),
    ("nearest vectors", ChromaVectors, "search"),
    ("BM25", BM25Index, "search"),
    ("words to look for", BM25Index, "weighted"),
    ("candidates from the catalog", CatalogView, "sketches"),
    ("candidates scored", Retriever, "_scored"),
    ("references followed", Retriever, "_with_references"),
    ("paragraphs from the catalog", CatalogView, "find"),
    ("repeats folded", vectorstore.retrieval.retriever, "folded"),
    ("rest of the retriever", Retriever, "search"),
    ("tokens read", SqliteTokenStore, "get"),
    ("tokens compared", LateInteraction, "compare"),
    ("cut into sentences", vectorstore.retrieval.evidence, "sentences"),
    ("features", vectorstore.retrieval.reranker, "features"),
    ("sentence trees", TreeEnsemble, "__call__"),
    ("rest of the reranker", Reranker, "rerank"),
    ("does it answer?", AnswerabilityJudge, "verdict"),
    ("sentences chosen", ExtractiveAnswerer, "choose"),
)
"""Parts by what they are called; those that the code no longer has are passed over."""


class Clock:
    """Time in each part without what it calls of the others, in seconds, and what the embedder was asked."""

    def __init__(self) -> None:
        self.own: Counter[str] = Counter()
        self.texts: list[str] = []
        self._inside: list[float] = []

    def watch(self, part: str, owner: Any, name: str) -> None:
        """Measure a function or method from now on."""
        function: Callable[..., Any] | None = getattr(owner, name, None)
        if function is None:
            return

        def measured(*args: Any, **kwargs: Any) -> Any:
            if owner is SentenceEmbedder:
                self.texts.append(args[1])
            self._inside.append(0.0)
            start = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                seconds = time.perf_counter() - start
                self.own[part] += seconds - self._inside.pop()
                if self._inside:
                    self._inside[-1] += seconds

        setattr(owner, name, measured)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("data", type=Path)
    options.add_argument("questions", type=Path)
    options.add_argument("--ask", type=int, default=0, help="so many questions; 0: all")
    chosen = options.parse_args()
    rows = [json.loads(line) for line in chosen.questions.read_text().splitlines() if line.strip()]
    questions = [_question(row) for row in rows[: chosen.ask or None]]
    archive = open_to_ask(ArchiveConfig(chosen.data))
    chain = build_chain(archive, EVERYTHING)
    for question in questions:
        chain.invoke(question)

    clock, totals = Clock(), []
    for part in PARTS:
        clock.watch(*part)
    for question in questions:
        start = time.perf_counter()
        chain.invoke(question)
        totals.append(time.perf_counter() - start)
    print(f"{len(questions)} questions over {archive.vectors.count()} vectors, {os.cpu_count()} cores")
    p95 = quantiles(totals, n=20)[-1]
    print(f"p50 {median(totals) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms to the quoted answer\n")
    named = sum(clock.own.values())
    for part, seconds in [*clock.own.most_common(), ("everything else", sum(totals) - named)]:
        print(f"{seconds / len(questions) * 1000:8.1f} ms {seconds / sum(totals):5.0%}  {part}")
    print(f"{mean(totals) * 1000:8.1f} ms       in all\n")
    _floor(archive, list(clock.texts), len(questions))  # a copy: asking goes on being watched


def _question(row: dict[str, Any]) -> Question:
    return Question(row["question"], read_turns(row.get("history")))


def _floor(archive: Archive, texts: list[str], questions: int) -> None:
    """Print what reading the questions alone takes."""
    start = time.perf_counter()
    for text in texts:
        archive.embedder.encode_query(text)
    seconds = time.perf_counter() - start
    print(f"The floor: {seconds / questions * 1000:.1f} ms in forward passes of the question")


if __name__ == "__main__":
    main()
