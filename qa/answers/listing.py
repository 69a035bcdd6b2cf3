"""How many cables, which cables, the latest of them: exact, from the catalog and the full text together."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from cables import Level
from cables.glossary import acronym, tag_name
from cables.glossary.spellings import spellings
from cables.text import day_in_words, names
from qa.answer import Answer, BlockKind, Kind, Tally
from qa.answers.base import (
    Parts,
    as_evidence,
    dated_lead,
    draft_of,
    first_sentence,
    in_reading_order,
    paragraphs_of,
    refused,
)
from qa.generation.quotation import AnswerBuilder, readable
from qa.understanding.patterns import pattern
from qa.understanding.periods import without_periods
from qa.understanding.request import Request
from qa.understanding.topic import content
from vectorstore.query import Filters, Phrase, TextQuery
from vectorstore.retrieval.evidence import Evidence, ScoredSentence
from vectorstore.storage.catalog_rows import CableSummary

MAX_SHOWN_CABLES = 5
"""Rows of an answer; the list has the others."""
MAX_TALLIED_POSTS = 8
MAX_MATCHED_PARAGRAPHS = 60
"""Looked at for what the latest cable is to be about."""
MAX_MATCHES = 1000
FIRST_DAY = 1
"""Cables without a date are neither first nor last."""
MAX_COSINE_LOSS, MAX_COSINE_LOSS_NAMED = 0.12, 0.2
"""From the cosine of the nearest cable, within which a cable is about it; wider where it holds the names."""
MAX_OPENING_SENTENCES = 3
"""Of the latest cable, quoted."""


class CountAnswerer:
    """Counts cables and shows the first of them."""

    written = False

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def gather(self, request: Request) -> Answer:
        """Paragraphs of the cables that are counted, the latest first."""
        filters, _ = counted(request)
        rows, _ = self._parts.view.listed(filters, limit=MAX_SHOWN_CABLES)
        return draft_of(request, self._best_paragraphs(rows, filters))

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The number, what was counted, the first cables, by year and post."""
        filters, words = counted(request)
        rows, total = self._parts.view.listed(filters, limit=MAX_SHOWN_CABLES)
        builder = AnswerBuilder()
        builder.state(f"{total:,} {'cable' if total == 1 else 'cables'} {condition(filters, words)}.")
        chosen = [(evidence, mentioning(evidence, words)) for evidence in draft.evidence]
        leads = [dated_lead(pair) for pair in chosen]
        title = "The latest of them" if total > len(rows) else ""
        builder.quote(chosen, title, leads=leads, kind=BlockKind.ROWS)
        tallies = self._tallies(filters) if total > len(rows) else ()
        return replace(builder.answer(draft), listed=filters, tallies=tallies)

    def _tallies(self, filters: Filters) -> tuple[Tally, ...]:
        """How many of the cables fall to each year and post, where that is more than one."""
        years: Counter[int] = Counter()
        for month, n in self._parts.view.tally("month", filters):
            years[month // 100] += n
        posts = self._parts.view.tally("post", filters)
        tallies = (
            Tally("By year", tuple((str(year), n) for year, n in sorted(years.items()))),
            Tally("By post", tuple(posts[:MAX_TALLIED_POSTS])),
        )
        return tuple(tally for tally in tallies if len(tally.rows) > 1)

    def _best_paragraphs(self, rows: Sequence[CableSummary], filters: Filters) -> list[Evidence]:
        return [e for row in rows if (e := paragraph_with(self._parts, row.id, filters.text)) is not None]


class LatestAnswerer:
    """The latest or first cable of a post, a period, about something."""

    written = False

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def gather(self, request: Request) -> Answer:
        """A paragraph of each cable that matches, in the order of time."""
        return draft_of(request, self._matching(request)[:MAX_SHOWN_CABLES])

    def _matching(self, request: Request) -> list[Evidence]:
        filters, topic = replace(request.exact, since=request.exact.since or FIRST_DAY), subject_of(request)
        if not content(topic):
            rows, _ = self._parts.view.listed(filters, down=not request.first, limit=MAX_SHOWN_CABLES)
            return [e for row in rows if (e := paragraph_with(self._parts, row.id, TextQuery())) is not None]
        found = self._parts.search(request, topic, filters=filters, limit=MAX_MATCHED_PARAGRAPHS)
        required = [name for name in names(topic) if not self._is_post(name, request)]
        if required:
            text = TextQuery(tuple(alternatives(name) for name in required))
            held, _ = self._parts.view.listed(replace(filters, text=text), limit=MAX_MATCHES)
            ids = {row.id for row in held}
            found = [e for e in found if e.cable_id in ids] or found
        return in_time(
            _relevant(found, MAX_COSINE_LOSS_NAMED if required else MAX_COSINE_LOSS), first=request.first
        )

    @staticmethod
    def _is_post(name: str, request: Request) -> bool:
        return any(name.lower() in post.lower() for post in request.exact.posts)

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The cable with what it begins with; the next ones below."""
        absent = self._parts.unknown(names(subject_of(request)))
        if not draft.evidence or absent:
            return refused(draft, absent=absent)
        latest = draft.evidence[0]
        paragraphs = paragraphs_of(self._parts.view, latest.cable_id)
        builder = AnswerBuilder()
        word = "first" if request.first else "latest"
        found = latest.found
        subject = f": {' '.join(found.subject.split())}" if found.subject else ""
        builder.state(f"The {word} is {latest.cable_id}, {found.post}, {day_in_words(found.day)}{subject}.")
        sentences = [(latest, s) for s in readable(latest)][:MAX_OPENING_SENTENCES]
        if paragraphs and paragraphs[0].key != latest.key:
            sentences += [(paragraphs[0], s) for s in readable(paragraphs[0])][:MAX_OPENING_SENTENCES]
        builder.quote(in_reading_order(sentences))
        others = [(e, first_sentence(e)) for e in draft.evidence[1:]]
        title = "Later ones" if request.first else "Before it"
        builder.quote(others, title, leads=list(map(dated_lead, others)), kind=BlockKind.ROWS)
        return builder.answer(draft)


def counted(request: Request) -> tuple[Filters, tuple[str, ...]]:
    """What is counted: the exact filters with the words that a cable must hold, and those words."""
    words = request.phrases or words_of(subject_of(request))
    groups = tuple(alternatives(word) for word in words)
    return replace(request.exact, text=TextQuery(groups)), words


def words_of(subject: str) -> tuple[str, ...]:
    """What a text must hold to be about a subject: its names whole, its other words each."""
    named = names(f"so {subject}")
    rest = subject
    for name in named:
        rest = rest.replace(name, " ")
    return tuple(dict.fromkeys([*named, *content(rest)]))


def subject_of(request: Request) -> str:
    """What cables are to be about: the question without posts, times, levels and "how many cables mention"."""
    text = without_periods(request.meaning)
    for tag in request.exact.tags:
        text = re.sub(rf"\b{tag}\b.*$", "", text)
    mention = pattern("mentions").search(text)
    if request.kind is Kind.COUNT and mention and content(_stripped(text[mention.end() :])):
        text = text[mention.end() :]
    for post in request.exact.posts:
        place = re.escape(post.partition(" ")[2])
        named = rf"\b(?:embassy|consulate|mission)? ?(?:in )?{place}(?:'s)?(?: embassy)?\b"
        text = re.sub(named, "", text, flags=re.IGNORECASE)
    for level in request.exact.classifications:
        text = re.sub(rf"\b{re.escape(level.label)}\b", "", text, flags=re.IGNORECASE)
    return _stripped(text)


def _stripped(text: str) -> str:
    """The text without "how many cables", "is mentioned" and the like at either end."""
    around, words = pattern("about_cables").pattern, " ".join(text.split())
    before = None
    while words != before:
        before = words
        words = re.sub(rf"^\W*{around}|{around}\W*$", "", words, flags=re.IGNORECASE).strip(' ?!.,;:()"“”')
    return words


def alternatives(words: str) -> tuple[Phrase, ...]:
    """A phrase with the other spellings of its words and what its acronym stands for."""
    found = [words]
    for word in words.split():
        found += [words.replace(word, other) for other in spellings(word)]
    found += [meaning.words for meaning in acronym(words)] if words.isupper() else []
    return tuple(Phrase(one) for one in dict.fromkeys(found))


def condition(filters: Filters, words: Sequence[str]) -> str:
    """What was counted, in words."""
    parts = []
    if words:
        parts.append(f"hold {' and '.join(f'“{word}”' for word in words)} in subject or text")
    if filters.classifications:
        parts.append(f"are classified {' or '.join(Level(level).label for level in filters.classifications)}")
    if filters.posts:
        parts.append(f"come from {' or '.join(filters.posts)}")
    if filters.tags:
        parts.append(
            f"carry the tag {' or '.join(f'{code} ({tag_name(code) or code})' for code in filters.tags)}"
        )
    if filters.since or filters.until:
        since, until = day_in_words(filters.since), day_in_words(filters.until)
        parts.append(f"were sent from {since or 'the beginning'} to {until or 'the end'}")
    return ", ".join(parts) or "are in the archive"


def paragraph_with(parts: Parts, cable_id: str, text: TextQuery) -> Evidence | None:
    """The first paragraph of a cable that holds the words, else its first."""
    if text:
        hits, _, _ = parts.view.text_hits(Filters(cables=(cable_id,), text=text), limit=1)
        if hits:
            return as_evidence(hits[0].hit)
    paragraphs = paragraphs_of(parts.view, cable_id)
    return paragraphs[0] if paragraphs else None


def mentioning(evidence: Evidence, words: Sequence[str]) -> ScoredSentence:
    """The paragraph's first sentence that holds one of the words."""
    plain = [phrase.words.lower() for word in words for phrase in alternatives(word)]
    for sentence in readable(evidence):
        if any(word in sentence.piece.text.lower() for word in plain):
            return sentence
    return first_sentence(evidence)


def _relevant(found: Sequence[Evidence], distance: float) -> list[Evidence]:
    """Of each cable that is nearly as near in meaning as the nearest its first paragraph among those found."""
    cables: dict[str, list[Evidence]] = {}
    for evidence in found:
        cables.setdefault(evidence.cable_id, []).append(evidence)
    nearness = {cable: max(e.cosine for e in own) for cable, own in cables.items()}
    nearest = max(nearness.values(), default=0.0)
    return [own[0] for cable, own in cables.items() if nearness[cable] >= nearest - distance]


def in_time(found: Sequence[Evidence], *, first: bool) -> list[Evidence]:
    """The latest first, or the first."""
    return sorted(found, key=lambda e: e.found.day or 0, reverse=not first)
