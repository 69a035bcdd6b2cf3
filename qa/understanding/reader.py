"""Question -> Request: what is asked, about what, within what."""

import re
from dataclasses import replace

from cables import Level, Role, ids
from cables.text import names
from qa.answer import Kind, Question, Slot, SlotKind
from qa.text.analysis import analyse
from qa.text.dates import MONTHS, as_int
from qa.understanding.conversation import Interpretation, interpret
from qa.understanding.corrections import mark_carried, slots_of, without_hints, without_words
from qa.understanding.decomposition import decompose
from qa.understanding.followups import asks_for_more
from qa.understanding.hints import read_hints, tags_named
from qa.understanding.known_names import KnownNames
from qa.understanding.language import ENGLISH, carried_over, detect_language
from qa.understanding.patterns import pattern
from qa.understanding.periods import find_periods, separate_periods, whole_period
from qa.understanding.request import Request, Unit
from qa.understanding.router import asks_for_first, route, route_foreign, typed_ids, unit_of
from qa.understanding.sides import sides_of
from qa.understanding.spelling import Speller
from qa.understanding.topic import MAX_READ_CHARS, content, subject_of, topic_of
from vectorstore.query import Filters, QueryHints
from vectorstore.storage.catalog_view import CatalogView

_LISTED_AS = (Kind.PASSAGE, Kind.KEYWORD, Kind.LIST, Kind.OVERVIEW, Kind.PROFILE)
"""Kinds that give way to a list where cables or posts are asked for."""

_IN_PARTS = (Kind.PASSAGE, Kind.LIST, Kind.PROFILE, Kind.COUNT, Kind.LATEST)
"""Kinds of which two questions in one are answered in parts."""

_NO_NAMES = {*MONTHS, *(level.label.lower() for level in Level)}


class RequestReader:
    """Reads questions over what a view may see."""

    def __init__(self, view: CatalogView, speller: Speller) -> None:
        self._view = view
        self._speller = speller
        self._known_names = KnownNames(view)

    def read(self, question: Question, *, restated: str = "") -> Request:
        """The request in a question; `restated` is a follow-up as it would be asked alone."""
        if len(question.text) > MAX_READ_CHARS:
            request = self.read(replace(question, text=question.text[:MAX_READ_CHARS]), restated=restated)
            return replace(request, text=question.text, meaning=question.text, searched="", parts=())
        request = self._whole(question, restated)
        split = request.kind in _IN_PARTS and not (question.kind or question.history)
        parts = decompose(request.meaning) if split and request.language == ENGLISH else ()
        return replace(
            request,
            slots=self._slots(request, question),
            parts=tuple(self.read(replace(question, text=part)) for part in parts),
        )

    def _whole(self, question: Question, restated: str = "") -> Request:
        """The request without its parts and slots."""
        language = detect_language(question.text)
        if language != ENGLISH and not restated:
            return self._read_foreign(question, language)
        meaning = _meaning(question, restated)
        kind = question.kind or route(meaning.route, follows=bool(meaning.shown))
        text, corrected = meaning.text, tuple[tuple[str, str], ...]()
        if kind is not Kind.ABOUT and not meaning.own_words:
            for speller in (self._known_names, self._speller):
                own = speller.corrections(topic_of(text))
                for word, better in own:
                    text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", better, text)
                corrected += own
        return self._request(question, meaning, kind, text, corrected)

    def _request(
        self,
        question: Question,
        meaning: Interpretation,
        kind: Kind,
        text: str,
        corrected: tuple[tuple[str, str], ...],
    ) -> Request:
        """The request of a question whose kind and words are known."""
        # A follow-up's own place or time is what it asks about; only without one does the earlier one go on.
        hints = read_hints(meaning.own_words, self._view) or read_hints(text, self._view)
        hints = without_hints(hints, question.dropped)
        filters = _narrowed(question, meaning, hints)
        exact = exact_filters(text, hints, filters)
        unit = unit_of(
            meaning.route if meaning.shown else text,
            kind,
            is_bare=exact != filters and not content(subject_of(text, exact)),
        )
        if not question.kind:
            kind = _kind_of(kind, unit, meaning)
        named = _names_in(text)
        others = {name: found for name in named if (found := self._known_names.others(name))}
        return Request(
            kind,
            question.text,
            text,
            searched=meaning.searched,
            own_words=meaning.own_words if filters.posts == question.filters.posts else "",
            topic=topic_of(text),
            names=named,
            strangers=tuple(others),
            meant=tuple(text.replace(name, other) for name, found in others.items() for other in found),
            hints=hints,
            filters=filters,
            exact=exact,
            unit=unit,
            periods=tuple((as_int(p.first), as_int(p.last)) for p in separate_periods(text)),
            phrases=_phrases(text),
            cables=_cables(text),
            first=asks_for_first(text),
            sides=(meaning.sides or sides_of(text)) if kind is Kind.COMPARISON else (),
            cited=meaning.cited,
            interpretation=meaning.shown,
            brief=meaning.brief,
            corrected=corrected,
        )

    def _slots(self, request: Request, question: Question) -> tuple[Slot, ...]:
        """What the reader is shown of a request; of a follow-up also what comes from the conversation."""
        if not request.interpretation:
            return slots_of(request)
        alone = self._whole(replace(question, history=(), standalone=True))
        return mark_carried(slots_of(request), slots_of(alone), question.text)

    def _read_foreign(self, question: Question, language: str) -> Request:
        """A question in another language: its vector is mapped, its names and numbers are searched by words."""
        words = carried_over(pattern("foreign").sub(" ", question.text), language)
        hints = without_hints(read_hints(words, self._view), question.dropped)
        phrases = _phrases(question.text)
        return Request(
            question.kind
            or (
                Kind.PHRASE
                if phrases
                else Kind.CABLE
                if _cables(question.text)
                else route_foreign(question.text)
            ),
            question.text,
            question.text,
            topic=question.text,
            names=tuple(names(f"so {words}")),
            unit=Unit.CABLES,
            hints=hints,
            filters=question.filters,
            exact=exact_filters(words, hints, question.filters),
            phrases=phrases,
            cables=_cables(question.text),
            cited=interpret(question).cited,
            language=language,
            words=words,
        )


def _meaning(question: Question, restated: str) -> Interpretation:
    """What a question means in its conversation, without what its reader left out."""
    meaning = interpret(question)
    if question.dropped:
        text, own, searched = (
            without_words(words, question.dropped)
            for words in (meaning.text, meaning.own_words, meaning.searched)
        )
        meaning = replace(meaning, text=text, own_words=own, searched=searched, shown=meaning.shown and text)
    if restated:
        meaning = replace(meaning, text=restated, own_words="", searched="", shown=restated)
    return meaning


def _kind_of(kind: Kind, unit: Unit, meaning: Interpretation) -> Kind:
    """The kind, where cables or posts are asked for a list, where more of the same an overview."""
    if meaning.own_words and asks_for_more(meaning.own_words):
        return Kind.OVERVIEW
    return Kind.LIST if unit is not Unit.THINGS and kind in _LISTED_AS else kind


def _narrowed(question: Question, meaning: Interpretation, hints: QueryHints) -> Filters:
    """The reader's filters, with those that a follow-up sets: more of the cable cited last, only what one post says."""
    filters = question.filters
    if meaning.within and not filters.cables and Slot(SlotKind.CABLE, meaning.within) not in question.dropped:
        filters = replace(filters, cables=(meaning.within,))
    if meaning.own_words and pattern("own_view").search(meaning.own_words) and not filters.roles:
        return replace(filters, roles=(Role.COMMENT,))
    if meaning.own_words and meaning.cited and not filters.cables and asks_for_more(meaning.own_words):
        return replace(filters, cables=(meaning.cited[-1].partition(".")[0],))
    if (
        meaning.own_words
        and hints.posts
        and not filters.posts
        and re.match(r"(?:only|just)\b", meaning.own_words, re.I)
    ):
        return replace(filters, posts=hints.posts)
    return filters


def exact_filters(text: str, hints: QueryHints, given: Filters) -> Filters:
    """The reader's filters, and for what they leave open what the question names, exactly."""
    span = whole_period(find_periods(text))
    return replace(
        given,
        posts=given.posts or hints.posts,
        since=given.since or (as_int(span[0]) if span else None),
        until=given.until or (as_int(span[1]) if span else None),
        classifications=given.classifications or hints.levels,
        tags=given.tags or tags_named(text),
    )


def _names_in(text: str) -> tuple[str, ...]:
    """The names in a follow-up's question and the one that it leans on; months and levels are none."""
    questions = re.split(r"(?<=[?.!])\s+(?=\w+ \w)", text)
    found = (name for question in questions for name in names(topic_of(question)))
    return tuple(dict.fromkeys(name for name in found if name.lower() not in _NO_NAMES))


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(quotation.text.strip(" .,") for quotation in analyse(text).quotations)


def _cables(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*(mention.id for mention in ids.find(text)), *typed_ids(text)]))
