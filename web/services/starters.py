"""Questions to begin with: made from the archive, and tried before they are shown."""

import logging
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from cables import Cable, TagKind
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
EXAMPLE_SUBJECT_CHARS = range(12, 91)
"""Shorter subjects say too little, longer ones make no question."""


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
    """Questions about cables of different posts, from their subjects."""
    for post, _ in view.posts():
        cable = view.sample_of(post)
        if cable is not None and len(cable.subject or "") in EXAMPLE_SUBJECT_CHARS:
            # Without quotation marks: words in them are looked for to the letter.
            yield f"What does {named(post)} say about {topic(cable)}?"


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
            yield known.name


def named(post: str) -> str:
    """A post inside a sentence: Embassy Rome, but the Secretary of State."""
    return post if post.startswith(("Embassy", "Consulate", "Branch")) else f"the {post}"


def topic(cable: Cable) -> str:
    """The subject in mixed case: a word is written as the cable's paragraphs write it most often."""
    subject = cable.subject or cable.id
    if not subject.isupper():
        return subject
    seen: dict[str, Counter[str]] = {}
    for paragraph in cable.paragraphs:
        for before, word in zip([".", *paragraph.text.split()], paragraph.text.split(), strict=False):
            bare = word.strip("().,;:!?\"'“”")
            if bare and not before.endswith((".", "!", "?", ":")):
                seen.setdefault(bare.upper(), Counter())[bare] += 1
    words = [_cased(word, seen) for word in subject.split()]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def _cased(word: str, seen: dict[str, Counter[str]]) -> str:
    bare = word.strip("().,;:!?\"'“”")
    stem, possessive = (bare[:-2], bare[-2:].lower()) if bare.endswith(("'S", "’S")) else (bare, "")
    if stem.upper() in seen:
        return word.replace(bare, seen[stem.upper()].most_common(1)[0][0] + possessive)
    return word.lower()
