"""Retrieval beside its stock baselines: `python bench/quality.py QUESTIONS.jsonl --data DIR`.

The same questions are asked of Reftel's archive in DIR and, over the same paragraphs, of what LangChain offers:
its Chroma retriever with the same embedder, its BM25 retriever, and its EnsembleRetriever of both. Baselines are
asked a follow-up together with the turn before it. Needs langchain-chroma, langchain-classic,
langchain-community and rank-bm25.
"""

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

from langchain_core.documents import Document
from rich.console import Console
from rich.table import Table

from qa.evaluation import Place, Task, read_tasks
from qa.factory import build_chain
from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive, ArchiveConfig, open_to_ask

BATCH = 1000
DEPTH = 10

Ask = Callable[[Task], list[Place]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("questions", type=Path)
    options.add_argument("--data", type=Path, required=True)
    chosen = options.parse_args()
    tasks = [task for task in read_tasks(chosen.questions) if task.answerable]
    archive = open_to_ask(ArchiveConfig(chosen.data))
    table = Table("", "first", "first 3", "first 5", "first 10", "MRR@10", "all within 10", box=None)
    with tempfile.TemporaryDirectory() as folder:
        for name, ask in (*baselines(archive, folder), ("Reftel", reftel(archive))):
            table.add_row(name, *measured(tasks, ask))
    Console().print(table)


def measured(tasks: list[Task], ask: Ask) -> list[str]:
    """Shares of the questions by the place of the first right paragraph."""
    ranks, whole = [], []
    for task in tasks:
        seen = ask(task)[:DEPTH]
        ranks.append(next((n for n, place in enumerate(seen, 1) if place in task.wanted), None))
        whole.append(task.covered_by(set(seen)))
    shares = [sum(rank is not None and rank <= k for rank in ranks) for k in (1, 3, 5, 10)]
    mrr = sum(1 / rank for rank in ranks if rank)
    return [f"{value / len(tasks):.3f}" for value in (*shares, mrr, sum(whole))]


def reftel(archive: Archive) -> Ask:
    chain = build_chain(archive, EVERYTHING)
    return lambda task: [(e.cable_id, e.number) for e in chain.gather(chain.read(task.question)).evidence]


def baselines(archive: Archive, folder: str) -> list[tuple[str, Ask]]:
    from langchain_chroma import Chroma
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever

    documents = [
        Document(paragraph.text, metadata={"cable": cable.id, "number": paragraph.number or 0})
        for cable in filter(None, map(archive.catalog.cable, archive.catalog.cable_ids()))
        for paragraph in cable.paragraphs
    ]
    chroma = Chroma(embedding_function=archive.embedder, persist_directory=folder)
    for start in range(0, len(documents), BATCH):
        chroma.add_documents(documents[start : start + BATCH])
    meaning = chroma.as_retriever(search_kwargs={"k": DEPTH})
    words = BM25Retriever.from_documents(documents, k=DEPTH)
    both = EnsembleRetriever(retrievers=[meaning, words], weights=[0.5, 0.5])
    named = (
        ("LangChain, Chroma with the same embedder", meaning),
        ("LangChain, BM25", words),
        ("LangChain, EnsembleRetriever of both", both),
    )
    return [(name, lambda task, by=by: places(by.invoke(alone(task)))) for name, by in named]


def alone(task: Task) -> str:
    asked = [turn.content for turn in task.question.history if turn.role == "user"]
    return " ".join([*asked[-1:], task.question.text])


def places(documents: list[Document]) -> list[Place]:
    return [(d.metadata["cable"], d.metadata["number"] or None) for d in documents]


if __name__ == "__main__":
    main()
