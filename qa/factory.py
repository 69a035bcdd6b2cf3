"""Puts the parts of a chain together for a front door."""

from qa.chain import Chain
from qa.generation.extractive import ExtractiveAnswerer
from qa.verification.answerability import AnswerabilityJudge, thresholds_of
from vectorstore.access import Clearance
from vectorstore.archive import Archive
from vectorstore.retrieval.reranker import Reranker
from vectorstore.retrieval.retriever import Retriever
from vectorstore.retrieval.scoped_bm25 import ScopedBM25


def build_chain(
    archive: Archive,
    clearance: Clearance,
    *,
    model: str = "",
    model_url: str = "",
    model_key: str = "",
    model_timeout: float = 60.0,
    nli: str = "",
) -> Chain:
    """A chain over what `clearance` may see; with `model` (provider:name) it writes, else it quotes.

    `nli` names a classifier that checks what is written, too (qa/entailment.py).
    Raises ArchiveMissing or IndexSpecMismatch where there is no archive to ask, ModelUnavailable for either model.
    """
    view = archive.view(clearance)
    archive.check_complete()
    scoped = ScopedBM25(archive, view)
    words = scoped.paragraphs

    def known(word: str) -> bool:
        terms = words.terms(word)
        return not terms or any(words.knows(term) for term in terms)

    reranker = Reranker(archive, view, words) if Reranker.fits(archive) else None
    judge = AnswerabilityJudge(thresholds_of(archive, view, reranked=reranker is not None), known)
    quoting = ExtractiveAnswerer(archive.embedder, judge)
    writing = None
    if model:
        from qa.generation.generative import GenerativeAnswerer
        from qa.llm.models import open_model
        from qa.verification.entailment import Entailment

        chat = open_model(model, url=model_url, key=model_key, timeout=model_timeout)
        entailment = Entailment(nli) if nli else None
        writing = GenerativeAnswerer(chat, model, quoting, timeout=model_timeout, entailment=entailment)
    retriever = Retriever(archive=archive, view=view, words=scoped, reranker=reranker)
    return Chain(retriever, quoting, writing)
