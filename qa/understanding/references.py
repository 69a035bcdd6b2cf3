"""What a follow-up points to or leaves out, put in its place: "him", "that cable", "and from Islamabad?"."""

import re

from cables.glossary import find_post
from cables.text import content_words
from qa.text.analysis import analyse
from qa.text.names import REGIONS, Name
from qa.understanding.patterns import pattern
from qa.understanding.router import names_cable

PERSON_RE = re.compile(r"\b(?:he|she|him|her|his|hers|himself|herself)\b", re.IGNORECASE)
_POSSESSIVE_RE = re.compile(r"\b(?:his|hers?(?= (?!and\b|or\b|in\b|at\b|on\b|by\b|to\b)\w))\b", re.IGNORECASE)
_INSTITUTION_RE = re.compile(
    r"(?:Council|Committee|Commission|Ministry|Department|Union|Nations|Party|Court|Bank|Parliament|Senate|Congress|"
    r"Government|Embassy|Assembly|Agency|Office|University|Agreement|Treaty|Convention|Report|War|Army)$"
)
"""Names that "he" or "she" cannot mean."""
_CABLE_RE = re.compile(
    r"\b(?:(?:that|this|the) (?:(?P<order>first|second|third|last|latest|newest|same) )?"
    r"(?:cable|telegram|dispatch|document|one)|it|its|this|that)\b",
    re.IGNORECASE,
)
_PLACE_BY_ORDER = {"first": 0, "second": 1, "third": 2, "last": -1}
_OBJECT_PREPOSITIONS = "from|in|at|by|for|about|on|to|of|against|with|regarding|under"
_PREPOSITIONS = f"{_OBJECT_PREPOSITIONS}|before|after|since|between|during"
_ELLIPSIS_RE = re.compile(
    r"^\W*(?:(?:and|but|or|also|then|now)\b[ ,]*)?(?:(?:what|how) about |and )?"
    rf"(?:(?P<preposition>{_OBJECT_PREPOSITIONS}) )?(?P<new>[^?.!]{{2,60}})\W*$",
    re.IGNORECASE,
)
_OPENS_ELLIPSIS_RE = re.compile(r"^\W*(?:and|or|also|what about|how about|but)\b", re.IGNORECASE)
_CLAUSE_RE = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|did|does|do|has|have|had|can|could|would"
    r"|will|should|may|might)\b",
    re.IGNORECASE,
)
_AUXILIARY_RE = re.compile(
    r"\b(?:did|does|do|has|have|had|is|are|was|were|would|will|could|can)\s+(?:the )?$", re.I
)
MAX_ELLIPSIS_WORDS = 5


def is_person(name: Name) -> bool:
    """Whether "he" or "she" may mean a name: it names no country, post or body, and is no acronym."""
    printed = name.printed
    return not (
        name.is_country
        or not name.parts
        or printed.isupper()
        or printed.lower() in REGIONS
        or _INSTITUTION_RE.search(printed)
        or find_post(printed, fuzzy=False)
    )


def people_in(text: str) -> list[Name]:
    """Names in a text that may be people's, in order."""
    return [name for name in analyse(text).names if is_person(name)]


def with_person(text: str, person: str) -> str:
    """A follow-up with a name in the place of "he", "him", "his"; as it is where there is none."""
    if not person:
        return text
    text = _POSSESSIVE_RE.sub(f"{person}'s", text)
    return PERSON_RE.sub(person, text)


def with_cable(text: str, cited: tuple[str, ...]) -> str:
    """A follow-up with the id of the cable that it asks about; as it is where it asks about none.

    `cited`: keys of what the last answer cited, in its order.
    """
    cables = list(dict.fromkeys(key.partition(".")[0] for key in cited))
    pointing = _CABLE_RE.search(text)
    if not cables or not pointing or names_cable(text):
        return text
    bare = pointing[0].lower() in ("it", "its", "this", "that")
    asks = pattern("fact").search(text) or pattern("whole").search(text)
    if not asks or (bare and len(content_words(text)) > 2):
        return text
    place = _PLACE_BY_ORDER.get((pointing["order"] or "").lower(), 0)
    id = cables[place] if place < len(cables) else cables[-1]
    return f"{text[: pointing.start()]}{id}{text[pointing.end() :]}"


def is_ellipsis(text: str) -> bool:
    """Whether a follow-up only says what is to stand in the place of something: "and from Islamabad?"."""
    found = _ELLIPSIS_RE.match(text)
    return bool(
        found
        and _OPENS_ELLIPSIS_RE.match(text)
        and len(found["new"].split()) <= MAX_ELLIPSIS_WORDS
        and not _CLAUSE_RE.search(found["new"])
    )


def replaced(before: str, text: str) -> str:
    """The question before with what an ellipsis says in its place; empty where nothing there is of its kind."""
    found = _ELLIPSIS_RE.match(text)
    new = found["new"].strip() if found else ""
    span = _object_of(before, found["preposition"]) if found and found["preposition"] else None
    span = span or _same_kind(before, new)
    return f"{before[: span[0]]}{new}{before[span[1] :]}" if span and new else ""


def _object_of(before: str, preposition: str) -> tuple[int, int] | None:
    """Where what stands behind a preposition begins and ends: a name, or all up to the next preposition."""
    opening = re.search(rf"\b{preposition}\s+", before, re.IGNORECASE)
    if not opening:
        return None
    start = opening.end()
    for name in analyse(before).names:
        if name.start >= start and before[start : name.start].strip().lower() in ("", "the"):
            return start, name.end
    rest = re.match(rf"(?:(?!\s(?:{_PREPOSITIONS})\s)[^?.!])+", before[start:], re.IGNORECASE)
    return (start, start + len(rest[0].rstrip())) if rest else None


def _same_kind(before: str, new: str) -> tuple[int, int] | None:
    """Where the question before names something of the same kind: a place for a place, a person for a person."""
    named = analyse(f"so {new}").names
    if not named:
        return _mentioned(before)
    kind = _kind(named[0])
    alike = [name for name in analyse(before).names if name.parts and _kind(name) == kind]
    if not alike:
        return None
    if owned := re.match(r".*['’]s? +(?P<noun>.+)", new):  # "Germany's bid" takes the place of "Japan's bid"
        own = re.compile(rf"['’]s? +{re.escape(owned['noun'])}\b", re.IGNORECASE)
        for name in alike:
            if found := own.match(before, name.end):
                return name.start, found.end()
    subjects = [name for name in alike if _AUXILIARY_RE.search(before[: name.start])]
    chosen = (subjects or alike[-1:])[0]
    return chosen.start, chosen.end


def _mentioned(before: str) -> tuple[int, int] | None:
    """Where what cables are to mention begins and ends."""
    mention = pattern("mentions").search(before)
    rest = before[mention.end() :].strip(" ?.") if mention else ""
    if not mention or not rest:
        return None
    start = before.index(rest, mention.end())
    return start, start + len(rest)


def _kind(name: Name) -> str:
    if name.is_country or find_post(name.printed, fuzzy=False):
        return "place"
    return "person" if is_person(name) else "body"
