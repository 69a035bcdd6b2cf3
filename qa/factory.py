"""Puts the parts of a chain together for the page, the terminal and programs."""

from typing import TYPE_CHECKING

from qa.answer import Kind
from qa.answers.about import AboutAnswerer
from qa.answers.base import Answerer
from qa.answers.broad import MAX_LIST_WORDS, BroadAnswerer
from qa.answers.cable import CableAnswerer
from qa.answers.catalog_listing import ListingAnswerer
from qa.answers.comparison import ComparisonAnswerer
from qa.answers.context import AnswerContext
from qa.answers.latest import LatestAnswerer
from qa.answers.overview import OverviewAnswerer
from qa.answers.passage import PassageAnswerer
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
from vectorstore.query import Query
from vectorstore.retrieval.reranker import Reranker
from vectorstore.retrieval.retriever import Retriever
from vectorstore.retrieval.scoped_bm25 import ScopedBM25

if TYPE_CHECKING:
    from qa.generation.generative import GenerativeAnswerer
    from qa.llm.models import ModelOptions
    from qa.verification.drafts import DraftChecker
    from qa.verification.reading import Reader
    from qa.verification.sources import Source


def build_chain(archive: Archive, clearance: Clearance, models: "ModelOptions | None" = None) -> Chain:
    """A chain over what `clearance` may see; with a model in `models` it writes, else it quotes.

    Raises ArchiveMissing or IndexSpecMismatch where there is no archive to ask, ModelUnavailable for any model.
    """
    view = archive.view(clearance)
    archive.check_complete()
    scoped = ScopedBM25(archive, view)
    words = scoped.paragraphs

    def knows(word: str) -> bool:
        terms = words.terms(word)
        return not terms or any(words.knows(term) for term in terms)

    reranker = Reranker(archive, view, words) if Reranker.fits(archive) else None
    reranked = reranker is not None
    judge = AnswerabilityJudge(thresholds_of(archive, view, reranked=reranked), knows, reranked=reranked)
    quoting = ExtractiveAnswerer(judge)
    retriever = Retriever(archive=archive, view=view, words=scoped, reranker=reranker)
    second = build_reader(models) if models else None
    writing = _generative(models, retriever, second) if models and models.model else None
    reader = RequestReader(view, Speller(view.vocabulary, knows))
    return Chain(retriever, reader, answerers(AnswerContext(retriever, quoting)), quoting, writing, second)


def answerers(context: AnswerContext) -> dict[Kind, Answerer]:
    """Who answers which kind of request."""
    return {
        Kind.PASSAGE: PassageAnswerer(context),
        Kind.CABLE: CableAnswerer(context),
        Kind.PROFILE: ProfileAnswerer(context),
        Kind.LIST: BroadAnswerer(context, max_words=MAX_LIST_WORDS, max_paragraphs=4, max_sentences=8),
        Kind.COUNT: ListingAnswerer(context),
        Kind.LATEST: LatestAnswerer(context),
        Kind.TIMELINE: TimelineAnswerer(context),
        Kind.COMPARISON: ComparisonAnswerer(context),
        Kind.OVERVIEW: OverviewAnswerer(context),
        Kind.PHRASE: PhraseAnswerer(context),
        Kind.KEYWORD: BroadAnswerer(context, max_words=200, max_paragraphs=5, max_sentences=2),
        Kind.ABOUT: AboutAnswerer(context),
    }


def _generative(
    models: "ModelOptions", retriever: Retriever, second: "Reader | None"
) -> "GenerativeAnswerer":
    from qa.generation.generative import GenerativeAnswerer
    from qa.generation.research import Researcher
    from qa.llm.models import max_evidence_words, open_model
    from qa.verification.sources import SourceLookup

    chat = open_model(
        models.model,
        url=models.url,
        key=models.key,
        timeout=models.timeout,
        context_tokens=models.context_tokens,
    )
    return GenerativeAnswerer(
        chat,
        models.model,
        SourceLookup(retriever.view),
        reader=second,
        researcher=Researcher(chat, retriever, timeout=models.timeout),
        timeout=models.timeout,
        max_words=max_evidence_words(chat, models.context_tokens),
    )


def build_draft_checker(chain: Chain, reader: "Reader | None" = None) -> "DraftChecker":
    """Checks articles over what a chain may see; `reader` in the place of the one that its own answers get."""
    from qa.verification.drafts import DraftChecker
    from qa.verification.sources import SourceLookup

    lookup = SourceLookup(chain.retriever.view)

    def search(sentence: str) -> "Source | None":
        found = chain.retriever.search(Query(sentence, limit=1))
        return lookup.of(found[0]) if found else None

    return DraftChecker(lookup, search, reader or chain.second_reader)


def build_reader(models: "ModelOptions") -> "Reader | None":
    """Who reads sentences a second time: the local classifier, the checking model, or the model that writes.

    Raises ModelUnavailable.
    """
    if models.nli:
        from qa.verification.entailment import EntailmentReader

        return EntailmentReader(models.nli)
    from qa.llm.models import CHECK_OFF, open_model
    from qa.verification.reading import ChatReader

    name = models.check_model or models.model
    if not name or name == CHECK_OFF:
        return None
    own = bool(models.check_model)
    url, key = (models.check_url, models.check_key) if own else (models.url, models.key)
    return ChatReader(
        open_model(name, url=url or models.url, key=key or models.key, timeout=models.timeout),
        timeout=models.timeout,
    )
