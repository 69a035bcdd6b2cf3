"""Without a reranker the sentences of the best paragraphs are scored by nearness to the question."""

from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive
from vectorstore.query import Query
from vectorstore.retrieval.retriever import Retriever
from vectorstore.retrieval.sentence_similarity import MAX_SCORED

QUESTION = "Why did China refuse Japan's bid?"


def test_the_best_paragraphs_have_scored_sentences_the_nearest_of_which_answers(archive: Archive) -> None:
    found = Retriever(archive=archive, view=archive.view(EVERYTHING)).search(Query(QUESTION))
    assert [evidence.scored for evidence in found] == [n < MAX_SCORED for n in range(len(found))]
    best = max((s for e in found[:MAX_SCORED] for s in e.sentences), key=lambda s: s.chance)
    assert "refuse" in best.piece.text


def test_a_question_in_another_language_is_not_reranked(archive: Archive) -> None:
    from vectorstore.retrieval.reranker import Reranker
    from vectorstore.retrieval.scoped_bm25 import ScopedBM25

    view = archive.view(EVERYTHING)
    words = ScopedBM25(archive, view)
    retriever = Retriever(
        archive=archive, view=view, words=words, reranker=Reranker(archive, view, words.paragraphs)
    )
    found = retriever.search(Query("Pourquoi la Chine a-t-elle refusé ?", language="fr", words="China Japan"))
    assert all(evidence.support == 0 for evidence in found)
    assert found[0].scored
