"""The reranker compares token by token, and of a text without end only the beginning."""

from pathlib import Path

import pytest
from archives import cable_text

from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive
from vectorstore.embedding.chunking import WINDOW_WORDS
from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.embedding.late_interaction import LateInteraction
from vectorstore.indexing.indexer import Indexer
from vectorstore.query import Query
from vectorstore.retrieval.reranker import MAX_PASSAGES, Reranker
from vectorstore.retrieval.retriever import Retriever
from vectorstore.retrieval.scoped_bm25 import ScopedBM25


def test_a_paragraph_of_hundreds_of_passages_is_compared_by_its_first_ones(
    tmp_path: Path, embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "The lighthouse of Oporto fell into the sea. " + "A pier. " * (
        WINDOW_WORDS * (MAX_PASSAGES + 20) // 2
    )
    (tmp_path / "07LISBON91001.txt").write_text(cable_text("07LISBON91001", [words]))
    archive = Archive(tmp_path / "data", embedder)
    Indexer(archive).run([tmp_path / "07LISBON91001.txt"])
    compared: list[int] = []
    compare = LateInteraction.compare

    def counting(self, query, paragraphs):  # type: ignore[no-untyped-def]
        compared.extend(len(passages) for passages, _ in paragraphs)
        return compare(self, query, paragraphs)

    monkeypatch.setattr(LateInteraction, "compare", counting)
    view = archive.view(EVERYTHING)
    bm25 = ScopedBM25(archive, view)
    retriever = Retriever(
        archive=archive, view=view, words=bm25, reranker=Reranker(archive, view, bm25.paragraphs)
    )
    found = retriever.search(Query("What fell into the sea?"))
    assert max(compared) == MAX_PASSAGES
    assert max(found[0].sentences, key=lambda s: s.chance).piece.text.startswith("The lighthouse")
