"""Puts the parts of a chain together for a front door."""

from qa.answer import Kind
from qa.answers.about import AboutAnswerer
from qa.answers.base import Answerer, Parts
from qa.answers.cable import CableAnswerer
from qa.answers.comparison import ComparisonAnswerer
from qa.answers.listing import CountAnswerer, LatestAnswerer
from qa.answers.overview import OverviewAnswerer
from qa.answers.passage import MAX_LIST_WORDS, BroadAnswerer, PassageAnswerer
from qa.answers.phrase import PhraseAnswerer
from qa.answers.profile import ProfileAnswerer
from qa.answers.timeline import TimelineAnswerer
from qa.chain import Chain
from qa.generation.extractive import ExtractiveAnswerer
from qa.understanding.reader import RequestReader
from qa.understanding.spelling import Speller
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

    def knows(word: str) -> bool:
        terms = words.terms(word)
        return not terms or any(words.knows(term) for term in terms)

    reranker = Reranker(archive, view, words) if Reranker.fits(archive) else None
    judge = AnswerabilityJudge(thresholds_of(archive, view, reranked=reranker is not None), knows)
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
    reader = RequestReader(view, Speller(view.vocabulary, knows))
    return Chain(retriever, reader, answerers(Parts(retriever, quoting)), quoting, writing)


def answerers(parts: Parts) -> dict[Kind, Answerer]:
    """Who answers which kind of request."""
    return {
        Kind.PASSAGE: PassageAnswerer(parts),
        Kind.CABLE: CableAnswerer(parts),
        Kind.PROFILE: ProfileAnswerer(parts),
        Kind.LIST: BroadAnswerer(parts, max_words=MAX_LIST_WORDS, max_paragraphs=4, max_sentences=8),
        Kind.COUNT: CountAnswerer(parts),
        Kind.LATEST: LatestAnswerer(parts),
        Kind.TIMELINE: TimelineAnswerer(parts),
        Kind.COMPARISON: ComparisonAnswerer(parts),
        Kind.OVERVIEW: OverviewAnswerer(parts),
        Kind.PHRASE: PhraseAnswerer(parts),
        Kind.KEYWORD: BroadAnswerer(parts, max_words=200, max_paragraphs=5, max_sentences=2),
        Kind.ABOUT: AboutAnswerer(parts),
    }
