"""Which kind of answer a question asks for, by rules (docs/decisions.md says why there is no classifier)."""

import re

from cables import ids
from cables.glossary import find_post
from qa.answer import Kind
from qa.text.analysis import analyse
from qa.text.wordlists import wordlist
from qa.understanding.patterns import pattern
from qa.understanding.periods import find_periods, separate_periods
from qa.understanding.request import Unit
from qa.understanding.topic import content

_CABLE = r"(?:cable|telegram|dispatch|report|message|document)"
_FIRST_RE = re.compile(r"\b(?:oldest|earliest|first)\b", re.IGNORECASE)
_COMPARISON_RE = re.compile(r"\b(?:and|,) (?:what|how|the (?:one|other))\b", re.IGNORECASE)
"""With two times, places or people beside it: "what did X say in 2007, and what in 2009?"."""
_WHO_IS_RE = re.compile(r"^\W*who (?:is|was) (?!the\b|there\b)", re.IGNORECASE)
_SINGULAR_IN_S = wordlist("singular_in_s")
_TYPED_ID_RE = re.compile(r"\b\d\d ?[a-z]{3,} ?\d{1,6}\b", re.IGNORECASE)
_SPOKEN_ID_RE = re.compile(
    r"\b(?:(?P<before>(?:19|20)\d\d) )?(?P<post>[a-z]{2,}(?: [a-z]+){0,3}) "
    r"(?:no\.? |number |cable )?(?P<serial>\d{1,6})"
    r"(?:,? (?:of|from|in|\() ?(?P<year>(?:19|20)\d\d))\b",
    re.IGNORECASE,
)
_WHAT_IS_NAME_RE = re.compile(r"\W*[Ww]h(?:o|at)(?:['’]s| is| was| are| were) (?:the )?[A-Z]")
MAX_BARE_WORDS = 3
MIN_KEYWORDS = 2
MAX_WORDS_ABOUT_CABLE = 6
"""Words beside a cable's id up to which the cable as a whole is asked for."""
MAX_WORDS_ABOUT_NAME = 8
"""Words of a question about somebody whose name is written small."""
MAX_WORDS_OF_SIDE = 8
MIN_PHRASE_WORDS = 3
"""Words in quotation marks from which they are what is looked for, not a name."""


def route(text: str, *, follows: bool = False) -> Kind:
    """The kind of a question as it was asked; `follows`: it goes on from the conversation."""
    asked = analyse(text)
    if not follows and is_about(text) and not pattern("latest").search(text):
        return Kind.ABOUT
    if any(_is_phrase(quotation.text, text) for quotation in asked.quotations):
        return Kind.PHRASE
    if (
        names_cable(text)
        and not pattern("compared").search(text)
        and (_is_about_whole(text) or _asks_fact(text))
    ):
        return Kind.CABLE
    for kind in (Kind.COUNT, Kind.LATEST, Kind.TIMELINE):
        if pattern(kind.value).search(text):
            return kind
    if _WHO_IS_RE.search(text):
        return Kind.PROFILE
    if (
        pattern("compared").search(text)
        or separate_periods(text)
        or (_COMPARISON_RE.search(text) and _names_two(text))
    ):
        return Kind.COMPARISON
    if _describes_cable(text):
        return Kind.CABLE
    if pattern("view").search(text) and asked.names:
        return Kind.PROFILE
    if pattern("profile").search(text) and (asked.names or len(content(text)) <= MAX_WORDS_ABOUT_NAME):
        return Kind.PROFILE
    if _WHAT_IS_NAME_RE.match(text) and len(text.split()) <= MAX_WORDS_ABOUT_NAME:
        return Kind.PROFILE
    if pattern("overview").search(text):
        return Kind.OVERVIEW
    if _is_list(text):
        return Kind.LIST
    if not follows and not pattern("question").search(text) and len(content(text)) >= MIN_KEYWORDS:
        return Kind.KEYWORD
    return Kind.PASSAGE


def unit_of(text: str, kind: Kind, *, is_bare: bool) -> Unit:
    """What is listed or counted; `is_bare`: the question names posts, a time or a level, and nothing beside."""
    if pattern("posts_asked").search(text):
        return Unit.POSTS
    if kind is Kind.COUNT or is_bare or pattern("cables_asked").search(text):
        return Unit.CABLES
    return Unit.THINGS


def route_foreign(text: str) -> Kind:
    """The kind of a question in another language, by how such questions begin."""
    kinds = (Kind.COUNT, Kind.TIMELINE, Kind.COMPARISON, Kind.LATEST, Kind.PROFILE, Kind.OVERVIEW)
    return next((kind for kind in kinds if pattern(f"foreign_{kind.value}").search(text)), Kind.PASSAGE)


def is_about(text: str) -> bool:
    """Whether a question is about the archive or Reftel, or a greeting."""
    return bool(
        pattern("greeting").search(text) or pattern("reftel").search(text) or asks_about_archive(text)
    )


def asks_about_archive(text: str) -> bool:
    """Whether the archive as a whole is asked about: nothing is named that its cables would be about."""
    return bool(pattern("archive").search(text)) and not analyse(text).names and not find_periods(text)


def asks_for_first(text: str) -> bool:
    """Whether the first cable is asked for instead of the latest."""
    return bool(_FIRST_RE.search(text))


def _is_about_whole(text: str) -> bool:
    """Whether little is said beside a cable's id, or only that it be summed up."""
    words = len(content(text))
    whole = bool(pattern("whole").search(text)) and not pattern("says").search(text)
    return words <= MAX_BARE_WORDS or (whole and words <= MAX_WORDS_ABOUT_CABLE)


def _asks_fact(text: str) -> bool:
    """Whether a paragraph of a cable by its number is asked for, or one fact of its header."""
    if pattern("paragraph").search(text):
        return True
    return len(content(text)) <= MAX_WORDS_ABOUT_CABLE and bool(pattern("fact").search(text))


def _is_phrase(quotation: str, text: str) -> bool:
    words = quotation.split()
    whole = len(text.split()) <= len(words) + 2
    return whole or len(words) > MIN_PHRASE_WORDS or (len(words) > 1 and bool(pattern("says").search(text)))


def _names_two(text: str) -> bool:
    """Whether a question sets two times, places or people against each other in one breath."""
    second = re.sub(r"^.*?:", "", text).rpartition(" and ")[2]
    if len(find_periods(text)) > 1:
        return bool(re.match(r"(?:what|how|that) (?:in|after|before|about|was it)\b|with that", second, re.I))
    if len(second.split()) <= MAX_WORDS_OF_SIDE and re.match(r"what (?:the\b|did [A-Z])", second):
        return True
    return bool(re.search(r"\bhow did (?P<one>[A-Z]\S+) and how did (?P<other>[A-Z]\S+)", text, re.I))


def names_cable(text: str) -> bool:
    """Whether a cable is named by its id, in any spelling."""
    return any(True for _ in ids.find(text)) or bool(typed_ids(text))


def typed_ids(text: str) -> list[str]:
    """Ids as people type them: `09dakar1069`, `Warsaw 170 from 2009`, `RABAT 22 of 2010`."""
    found = [ids.canonical(match[0]) for match in _TYPED_ID_RE.finditer(text)]
    for match in _SPOKEN_ID_RE.finditer(text):
        words, year = match["post"].split(), int(match["year"] or match["before"])
        ends = (" ".join(words[n:]) for n in range(len(words)))
        post = next((end for end in ends if find_post(end, fuzzy=False)), "")
        found.append(ids.canonical(f"{post} {match['serial']}", year=year) if post else None)
    return list(dict.fromkeys(filter(None, found)))


def _describes_cable(text: str) -> bool:
    """Whether a cable is described by its post, its time and what it does: "the Beijing cable of April 2008 on ..."."""
    dated = any((p.last - p.first).days <= 31 * 4 for p in find_periods(text))
    placed = any(name.is_country for name in analyse(text).names) or pattern("post").search(text)
    if not placed or not pattern("described").search(text):
        return False
    singular = re.search(rf"\b(?:the|that|an?|this|'s) (?:\S+ ){{0,4}}?{_CABLE}\b", text, re.I)
    return (
        dated
        and bool(
            pattern("whole").search(text)
            or re.search(r"\bcame out of\b|\breport\b.* (?:about|after)\b|\bwrite\b", text)
        )
    ) or bool(singular and pattern("whole").search(text))


def _is_list(text: str) -> bool:
    if not pattern("list").search(text):
        return False
    plural = re.search(r"\b(?:which|what)((?: [\w-]+){1,3})", text, re.I)
    if plural is None:
        return True
    words = plural[1].split()
    return any(word.lower().endswith("s") and word.lower() not in _SINGULAR_IN_S for word in words[:3])
