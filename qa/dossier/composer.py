"""Dossier -> its page: counted, quoted and joined from what the view of a chain may see. Needs no chat model."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from cables import Role
from qa.answer import Kind, Outcome
from qa.answers.catalog_listing import counted, counted_as
from qa.answers.lookup import as_evidence, first_sentence, paragraphs_of
from qa.dossier.dossier import Analysed, Dossier, DossierPage, PinnedItem, year_sent
from qa.dossier.figures import differing_figures
from qa.dossier.named import named_beside
from qa.generation.quotation import Chosen, readable
from qa.text.analysis import analyse
from qa.text.names import home_of
from qa.understanding.hints import read_hints
from qa.understanding.known_names import alternatives
from qa.understanding.reader import exact_filters
from qa.understanding.request import Request
from vectorstore.keys import row_of
from vectorstore.query import Filters, Query, QueryHints, TextQuery
from vectorstore.retrieval.evidence import Evidence, ScoredSentence
from vectorstore.storage.catalog_rows import CableSummary
from vectorstore.storage.catalog_view import CatalogView

if TYPE_CHECKING:
    from qa.chain import Chain

MAX_CABLES = 200
"""That a dossier shows; it says how many there are."""
MAX_PARAGRAPHS = 2_000
"""Looked at for names and figures."""
MAX_WORDS = 200
"""Of a sentence that is looked at; in a longer one, a list without a full stop, any two things stand side by side."""
MAX_OF_CABLE = 8
"""Paragraphs of one cable that hold the subject and are looked at."""
MAX_NEAREST = 20
"""Paragraphs whose cables make a dossier about what no cable holds in these words."""
FIT_WORDS = range(8, 45)
"""Words of a sentence that can stand for its cable; shorter is a scrap, longer is tiring."""
_POST_RE = re.compile(r"\b(?:Embassy|Consulate|Mission)\b")
_TELLING_RE = re.compile(r"(?<=\s)[A-Z\d]")
"""Begins a name or a figure inside a sentence."""


class DossierComposer:
    """Composes the pages of dossiers over what a chain's reader may see."""

    def __init__(self, chain: "Chain") -> None:
        self.chain = chain

    @property
    def view(self) -> CatalogView:
        """What the reader may see."""
        return self.chain.retriever.view

    def compose(self, dossier: Dossier) -> DossierPage:
        """The page."""
        cables, total, extent, words = self._cables(dossier)
        paragraphs = self._paragraphs(cables, words)
        lines = sorted(self._lines(cables, paragraphs, words), key=_in_time)
        pairs = [(e, s) for own in paragraphs.values() for e in own for s in readable(e)]
        said = [_analysed(*pair) for pair in pairs if pair[1].piece.text.count(" ") < MAX_WORDS]
        people, places = named_beside(said, dossier.subject)
        pins = self._pins(dossier)
        days = [cable.day for cable in cables if cable.day]
        return DossierPage(
            dossier=dossier,
            extent=extent,
            total=total,
            span=(min(days), max(days)) if days else None,
            counts=_counts(cables),
            lines=lines,
            people=people,
            places=places,
            references=self._references(cables),
            differences=differing_figures(said),
            pins=pins,
            hidden=len(dossier.pins) - len(pins),
        )

    # The cables

    def _cables(self, dossier: Dossier) -> tuple[list[CableSummary], int, str, tuple[str, ...]]:
        """The cables, the latest first; how many there are, that in a sentence, and the words they were found by."""
        if not dossier.subject:
            rows, total = self._listed(Filters(cables=dossier.cables)) if dossier.cables else ([], 0)
            return rows, total, f"{_cables(total)} chosen by hand.", ()
        filters, words = counted(self._request(dossier.subject))
        rows, total = self._listed(filters)
        if total:
            limit = f" The latest {len(rows)} are shown." if total > len(rows) else ""
            return rows, total, f"{total:,} {counted_as(filters, words, total)}.{limit}", words
        near = self._nearest(dossier.subject)
        rows, total = self._listed(Filters(cables=near)) if near else ([], 0)
        said = f"No cable holds {' and '.join(f'“{word}”' for word in words)}."
        return rows, total, f"{said} {_cables(total)} near it in meaning." if rows else said, ()

    def _request(self, subject: str) -> Request:
        """What is looked for, as it is written: no spelling is put right, and only "Embassy Rome" limits to a post."""
        hints = read_hints(subject, self.view) if _POST_RE.search(subject) else QueryHints()
        return Request(Kind.COUNT, subject, subject, exact=exact_filters(subject, hints, Filters()))

    def _listed(self, filters: Filters) -> tuple[list[CableSummary], int]:
        return self.view.listed(filters, limit=MAX_CABLES)

    def _nearest(self, subject: str) -> tuple[str, ...]:
        """Ids of the cables that stand nearest to a topic; none where the evidence doesn't answer to it."""
        found = self.chain.retriever.search(Query(subject, limit=MAX_NEAREST))
        if self.chain.quoting.judge.verdict(subject, found).outcome is Outcome.REFUSED:
            return ()
        return tuple(dict.fromkeys(evidence.cable_id for evidence in found))

    # What they say

    def _paragraphs(self, cables: Sequence[CableSummary], words: Sequence[str]) -> dict[str, list[Evidence]]:
        """By cable the paragraphs that hold one of the words; without words all of its paragraphs."""
        ids = tuple(cable.id for cable in cables)
        found: dict[str, list[Evidence]] = {}
        if words and ids:
            text = TextQuery((tuple(phrase for word in words for phrase in alternatives(word)),))
            hits, _, _ = self.view.text_hits(Filters(cables=ids, text=text), limit=MAX_PARAGRAPHS)
            for hit in hits:
                found.setdefault(hit.hit.cable_id, []).append(as_evidence(hit.hit))
        elif not words:
            found = {id: paragraphs_of(self.view, id) for id in ids}
        return {id: own[: MAX_OF_CABLE if words else None] for id, own in found.items()}

    def _lines(
        self,
        cables: Sequence[CableSummary],
        paragraphs: Mapping[str, Sequence[Evidence]],
        words: Sequence[str],
    ) -> Iterator[Chosen]:
        """Of each cable the sentence that says most about the subject; else the one that it begins with."""
        plain = [[phrase.words.lower() for phrase in alternatives(word)] for word in words]
        for cable in cables:
            pairs = [(e, s) for e in paragraphs.get(cable.id, ()) for s in readable(e)]
            if pairs:
                yield max(pairs, key=lambda pair: _worth(pair, plain))
            elif own := paragraphs_of(self.view, cable.id):
                yield own[0], first_sentence(own[0])

    def _references(self, cables: Sequence[CableSummary]) -> dict[str, list[CableSummary]]:
        """What refers to what, in the order of time."""
        linked = self.view.references_of([cable.id for cable in cables]) if cables else {}
        targets = tuple({target for own in linked.values() for target in own})
        known = {row.id: row for row in self._listed(Filters(cables=targets))[0]} if targets else {}
        in_order = sorted(cables, key=lambda cable: (cable.day or 0, cable.id))
        return {
            c.id: [known[target] for target in linked[c.id] if target in known]
            for c in in_order
            if c.id in linked
        }

    def _pins(self, dossier: Dossier) -> list[PinnedItem]:
        """Notes, and the pinned paragraphs that may be seen."""
        rows = [row_of(pin.key) for pin in dossier.pins if pin.key]
        found = {hit.paragraph.key: as_evidence(hit) for hit in self.view.find(rows, Filters()).values()}
        return [
            PinnedItem(place, pin.note, found.get(pin.key))
            for place, pin in enumerate(dossier.pins)
            if not pin.key or pin.key in found
        ]


def _analysed(evidence: Evidence, sentence: ScoredSentence) -> Analysed:
    return (evidence, sentence), analyse(sentence.piece.text, home_of(evidence.found.post))


def _worth(pair: Chosen, words: Sequence[Sequence[str]]) -> float:
    """How well a sentence stands for its cable: it speaks of the subject, it is a sentence, it names and counts."""
    evidence, sentence = pair
    text = sentence.piece.text
    held = sum(any(form in text.lower() for form in forms) for forms in words)
    told = min(len(_TELLING_RE.findall(text)), 6)
    fits = len(text.split()) in FIT_WORDS
    return held + 0.4 * (evidence.role is Role.SUMMARY) + 0.05 * told + 0.5 * fits - 0.001 * sentence.place


def _in_time(pair: Chosen) -> tuple[int, str]:
    found = pair[0].found
    return found.day or 10000 * year_sent(found.cable_id, None), found.cable_id


def _counts(cables: Iterable[CableSummary]) -> dict[str, dict[int, int]]:
    """Cables by post and year, the posts with most of them first."""
    posts = Counter(cable.post or "Unknown post" for cable in cables)
    by_post: dict[str, Counter[int]] = {post: Counter() for post, _ in posts.most_common()}
    for cable in cables:
        by_post[cable.post or "Unknown post"][year_sent(cable.id, cable.day)] += 1
    return {post: dict(years) for post, years in by_post.items()}


def _cables(number: int) -> str:
    return f"{number:,} {'cable' if number == 1 else 'cables'}"
