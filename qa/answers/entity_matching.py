"""Whether evidence is about whom or what a question names: in the paragraph, its subject, or elsewhere in its cable."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from qa.text.analysis import analyse
from qa.text.names import REGIONS, Name, home_of, stands_in
from qa.understanding.known_names import KnownNames, alternatives
from qa.understanding.request import Request
from qa.understanding.topic import content, topic_of
from vectorstore.query import Filters, Phrase, TextQuery
from vectorstore.retrieval.evidence import Evidence
from vectorstore.storage.catalog_view import CatalogView

_ASKER_RE = re.compile(
    r"(?:The )?(?:Embassy|Consulate|Ambassadors?|Americans?|US|USG|U\.S\.|Washington|Department|Reftel|WikiLeaks)\b"
)
"""Who reports or has an opinion, not who the question is about."""
MAX_CONTENT_WORDS = 6
MAX_NAMESAKES = 12
"""Whose cables are left out where a name is looked up by its surname."""
MIN_CHARS = 4
"""Letters of a part of a name that can be looked up alone."""


def subjects_of(request: Request) -> list[Name]:
    """The names that evidence must be about: people and bodies, and where there are none the countries.

    None of a question that says much beside its names: there a name may be in passing, and the rest finds as well.
    """
    said = request.own_words or (request.meaning if request.words is None else f"so {request.words}")
    if len(content(topic_of(said))) > MAX_CONTENT_WORDS:
        return []
    posts = " ".join((*request.hints.posts, *request.exact.posts))
    found = [
        name
        for name in analyse(said).names
        if name.parts
        and not _ASKER_RE.match(name.printed)
        and name.printed not in posts
        and name.printed.lower() not in REGIONS
    ]
    return [name for name in found if not name.is_country] or found


def namesakes_of(request: Request, subjects: Collection[Name], view: CatalogView) -> frozenset[str]:
    """Others of the surnames of the subjects; none for a question in another language, whose names run together."""
    known = KnownNames(view)
    found = (known.namesakes(name.printed)[:MAX_NAMESAKES] for name in subjects if request.words is None)
    return frozenset(one for own in found for one in own)


def about(
    subjects: Collection[Name],
    evidence: Sequence[Evidence],
    view: CatalogView,
    namesakes: Collection[str] = (),
) -> list[Evidence]:
    """The evidence about one of the subjects, and not about a namesake."""
    near = {e.key for e in evidence if any(_stands_near(name, e, namesakes) for name in subjects)}
    cables = {e.cable_id for e in evidence if e.key in near}
    others = tuple({e.cable_id for e in evidence} - cables)
    text = text_of(subjects, namesakes)
    if others and text:
        rows, _ = view.listed(Filters(cables=others, text=text), limit=len(others))
        cables |= {row.id for row in rows}
    return [e for e in evidence if e.cable_id in cables]


def _stands_near(name: Name, evidence: Evidence, namesakes: Collection[str]) -> bool:
    """Whether a paragraph or its subject names the name, and no namesake in its place."""
    found = evidence.found
    home = home_of(found.post)
    if name.is_country and f"@{home}" in name.parts:
        return True
    text = f"{found.subject or ''}. {evidence.text}"
    if any(other in text for other in namesakes) and name.printed.split()[0] not in text:
        return False
    return stands_in(name, text, home)


def text_of(subjects: Collection[Name], namesakes: Collection[str] = ()) -> TextQuery:
    """Any of the subjects by the words that they are looked up by, and no namesake."""
    words = dict.fromkeys(word for name in subjects for word in _words(name))
    group = tuple(phrase for word in words for phrase in alternatives(word))
    return TextQuery((group,), tuple(map(Phrase, namesakes))) if words else TextQuery()


def _words(name: Name) -> list[str]:
    """A name as a whole; of a person also the last part alone."""
    parts = name.printed.split()
    last = parts[-1:] if 1 < len(parts) <= 3 and len(parts[-1]) >= MIN_CHARS else []
    return [name.printed, *last]


def passed_over(evidence: Evidence) -> Evidence:
    """Evidence that stays to be looked at, and is not quoted."""
    return replace(evidence, scored=False)
