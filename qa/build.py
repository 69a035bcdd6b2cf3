"""Puts the parts of a chain together for a front door."""

from qa.chain import Chain
from qa.quoting import Quoting
from qa.refusing import Judge, thresholds_of
from vectorstore.archive import Archive
from vectorstore.clearance import Clearance
from vectorstore.reranker import Reranker
from vectorstore.retriever import Retriever


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
    Raises ArchiveMissing or BuiltOtherwise where there is no archive to ask, ModelUnavailable for either model.
    """
    view = archive.view(clearance)
    retriever = Retriever(archive=archive, view=view)
    words = retriever.words.paragraphs

    def known(word: str) -> bool:
        terms = words.terms(word)
        return not terms or any(words.knows(term) for term in terms)

    reranker = Reranker(archive, view, words) if Reranker.fits(archive) else None
    judge = Judge(thresholds_of(archive, view, reranked=reranker is not None), known)
    quoting = Quoting(archive.embedder, judge)
    writing = None
    if model:
        from qa.entailment import Entailment
        from qa.models import open_model
        from qa.writing import Writing

        chat = open_model(model, url=model_url, key=model_key, timeout=model_timeout)
        entailment = Entailment(nli) if nli else None
        writing = Writing(chat, model, quoting, timeout=model_timeout, entailment=entailment)
    retriever.reranker = reranker
    return Chain(retriever, quoting, writing)
