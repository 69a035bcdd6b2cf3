"""Questions to begin with: made from the archive, and tried before they are shown."""

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from cables import TagKind
from cables.glossary import find_post
from cables.glossary.tags import codes
from qa.answer import Answer, Kind, Outcome, Question
from vectorstore.access import Clearance
from vectorstore.query import Filters
from vectorstore.storage.catalog_view import CatalogView

if TYPE_CHECKING:
    from qa.chain import Chain

log = logging.getLogger(__name__)

MAX_STARTERS = 4
MAX_TRIED = 6
"""Questions of a kind that are tried."""


@dataclass(slots=True)
class _Tried:
    """The starters for one clearance over an archive of so many cables and paragraphs; None while they are tried."""

    counted: tuple[int, int]
    questions: list[str] | None = None


class Starters:
    """The starters of each clearance, tried in the background as long as the archive stays as it is."""

    def __init__(self) -> None:
        self._tried: dict[Clearance, _Tried] = {}
        self._lock = threading.Lock()

    def of(self, chain: "Chain") -> list[str] | None:
        """The questions for what a chain may see; None while they are being tried."""
        view = chain.retriever.view
        counted = view.count()
        with self._lock:
            known = self._tried.get(view.clearance)
            if known is not None and known.counted == counted:
                return known.questions
            tried = self._tried[view.clearance] = _Tried(counted)
        threading.Thread(target=_try, args=(chain, tried), name="trying starters", daemon=True).start()
        return None


def _try(chain: "Chain", tried: _Tried) -> None:
    try:
        tried.questions = starters(chain)
    except Exception as error:  # noqa: BLE001 - the end of a thread; a page without starters is whole
        log.warning("no questions to begin with: %s", error)
        tried.questions = []


def starters(chain: "Chain") -> list[str]:
    """Questions of several kinds that the chain answers; no chat model is asked."""
    quoting, view = chain.quoted(), chain.retriever.view
    groups = (
        (Kind.PASSAGE, passages(view), 2),
        (Kind.TIMELINE, _timelines(view), 1),
        (Kind.COUNT, _counts(view), 1),
        (Kind.LATEST, _latest(view), 1),
    )
    found: list[str] = []
    for kind, candidates, wanted in groups:
        tried = islice(candidates, MAX_TRIED)
        found += islice(
            (text for text in tried if _is_answered(quoting.invoke(Question(text)), kind)), wanted
        )
    return found[:MAX_STARTERS]


def _is_answered(answer: Answer, kind: Kind) -> bool:
    return answer.kind is kind and answer.outcome is Outcome.ANSWERED and bool(answer.citations)


def passages(view: CatalogView) -> Iterator[str]:
    """Questions about what posts report, of each what it writes about most beside its own country."""
    for post, _ in view.posts():
        about = next(_topics(view, post), "")
        if about:
            yield f"What does {named(post)} say about {about}?"


def _topics(view: CatalogView, post: str) -> Iterator[str]:
    """What a post's cables are about by their TAGS: other countries, then subjects."""
    known = find_post(post, fuzzy=False)
    tags = [codes().get(code) for code, _ in view.tally("tag", Filters(posts=(post,)))]
    others = [tag for tag in tags if tag and not (known and tag.code == known.country)]
    yield from (_with_article(tag.name) for tag in others if tag.kind is TagKind.COUNTRY)
    yield from (tag.name[0].lower() + tag.name[1:] for tag in others if tag.kind is TagKind.SUBJECT)


def _timelines(view: CatalogView) -> Iterator[str]:
    for country in _countries(view):
        yield f"What happened in {country}, step by step?"


def _counts(view: CatalogView) -> Iterator[str]:
    for country in _countries(view):
        yield f"How many cables mention {country}?"


def _latest(view: CatalogView) -> Iterator[str]:
    for post, _ in view.posts():
        yield f"What is the latest cable from {named(post)}?"


def _countries(view: CatalogView) -> Iterator[str]:
    """The countries that most cables are about."""
    for code, _ in view.tally("tag", Filters()):
        known = codes().get(code)
        if known is not None and known.kind is TagKind.COUNTRY:
            yield _with_article(known.name)


def _with_article(country: str) -> str:
    return f"the {country}" if country.startswith("United ") else country


def named(post: str) -> str:
    """A post inside a sentence: Embassy Rome, but the Secretary of State."""
    return post if post.startswith(("Embassy", "Consulate", "Branch")) else f"the {post}"
