"""Names of a text in one form, and whether a source holds the names of a sentence.

Countries count by any of their words (Tehran's "Iranian", "GOI" in a cable from Tehran, "Washington"), posts by
their country, people by the parts of their names in any spelling, bodies by their words or their initials.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from cables.glossary import acronym, acronyms, find_countries, posts
from cables.glossary.name_words import TITLES, without_titles
from cables.glossary.spellings import spellings
from cables.text import MAX_GAP_CHARS, STOPWORDS, cached_by_text, stem
from qa.text.dates import MONTHS
from qa.text.wordlists import common_words, wordlist

_BETWEEN = r"(?:[ -]|(?<=[^\w][A-Z])\. |(?<=Mr|Dr|Lt|St)\. |(?<=Mrs|Gen|Col|Amb|Sen|Maj|Gov)\. )"
_NAME_RE = re.compile(
    r"(?<![\w'’])(?:The )?(?:[A-Z]\.(?:[A-Z]\.){1,7}|(?:(?:al|el|ul)-)?[A-ZÀ-Þ][\w'’]*)"
    rf"(?:{_BETWEEN}(?:(?:al|bin|bint|ben|ibn|de|del|da|do|dos|el|ul|von|van|der|la)[ -])?"
    r"(?:(?:al|el|ul)-)?[A-ZÀ-Þ][\w'’]*){0,11}"
)
_PART_RE = re.compile(r"[a-z0-9]+")
REGIONS = wordlist("regions")
"""Lower case: names of parts of the world, that nobody and no country has."""
MIN_CHARS_TO_MISSPELL = 6
"""Letters of a name from which one letter's difference is a spelling."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name where it stands.

    `parts` are the stems of its words without titles, with `@IR` in the place of a country and one spelling for all.
    """

    printed: str
    start: int
    end: int
    opens: bool
    """It opens a sentence."""
    parts: frozenset[str] = frozenset()

    @property
    def is_country(self) -> bool:
        """Whether it names nothing but a country, its people, government or capital."""
        return bool(self.parts) and all(part.startswith("@") for part in self.parts)

    def same(self, other: "Name") -> bool:
        """Whether both may name the same: one says a part of the other, or is its acronym."""
        if self.parts == other.parts:
            return True
        if self.is_country or other.is_country:
            return self.is_country and other.is_country and bool(self.parts & other.parts)
        short, long = sorted((self, other), key=lambda name: len(name.parts))
        return (
            bool(short.parts)
            and all(any(_same_part(part, one) for one in long.parts) for part in short.parts)
        ) or _same_initials(self.printed, other.printed)


@cache
def _cities() -> dict[str, str]:
    """Posts' cities, lower case, and the countries that they speak for."""
    embassies = {
        post.label.partition(" ")[2].lower(): post.country
        for post in posts().values()
        if post.kind == "embassy"
    }
    return embassies | {"washington": "US", "pyongyang": "KN", "havana": "CU"}


@cache
def _homes() -> dict[str, str]:
    return {post.label: post.country for post in posts().values()}


def home_of(post: str | None) -> str | None:
    """The country (FIPS) in which a post such as `Embassy Rome` stands."""
    return _homes().get(post or "")


@cached_by_text(4096)
def find_names(text: str, home: str | None = None) -> tuple[Name, ...]:
    """The names of a text in order; `home` is the country (FIPS) that decides what GOI means."""
    return tuple(filter(None, (_name(match, home) for match in _NAME_RE.finditer(text))))


def _name(match: re.Match[str], home: str | None) -> Name | None:
    """The name at a capital; None for a month, a title alone, or a word that only opens a sentence."""
    text, start = match.string, match.start()
    printed = re.sub(r"['’]s?$", "", match[0])
    before = text[max(start - MAX_GAP_CHARS, 0) : start].rstrip()
    opens = not before or before[-1] in '.!?:;"“'
    if opens:
        bare = _without_opening(printed)
        start, printed = start + len(printed) - len(bare), bare
    parts = parts_of(printed)
    while len(parts) > 1 and parts[0] in TITLES:
        parts = parts[1:]
    if not parts or (len(parts) == 1 and printed.lower() in MONTHS.keys() | _WEEKDAYS):
        return None
    countries = _countries(printed, home) or _countries(without_titles(printed), home)
    if not countries and (
        all(part in TITLES for part in parts)
        or (opens and len(parts) == 1 and not printed.isupper() and stem(parts[0]) in common_words())
    ):
        return None
    return Name(printed, start, start + len(printed), opens, _name_parts(printed, home))


_WEEKDAYS = {day.lower() for day in calendar.day_name}


def _without_opening(printed: str) -> str:
    """A name that opens a sentence without the words before it: `When Karzai` is `Karzai`."""
    first, _, rest = printed.partition(" ")
    while rest and (first.lower() in STOPWORDS or re.search(r"[a-z](?:ing|ed|ly)$", first)):
        printed = rest
        first, _, rest = printed.partition(" ")
    return printed


@cached_by_text(8192)
def _name_parts(printed: str, home: str | None) -> frozenset[str]:
    plain = " ".join(min((word, *spellings(word))) for word in _unabbreviated(printed).split())
    codes = {f"@{code}" for *_, code in find_countries(plain)}
    for start, end, _ in reversed(find_countries(plain)):
        plain = f"{plain[:start]} {plain[end:]}"
    words = [word for word in parts_of(plain) if word not in STOPWORDS]
    own = [word for word in words if word not in TITLES] or ([] if codes else words)
    if not codes and (whole := _countries(without_titles(printed), home)):
        return whole  # a capital, or a government by its acronym
    return frozenset(codes | {_one_spelling(word) for word in own})


@cached_by_text(8192)
def _one_spelling(word: str) -> str:
    """The stem of a word, the same for all of its known spellings."""
    return stem(min((word, *(other.lower() for other in spellings(word)))))


def _same_part(one: str, other: str) -> bool:
    if one == other:
        return True
    return not one.startswith("@") and len(one) >= MIN_CHARS_TO_MISSPELL and _nearly(one, other)


def stands_in(name: Name, text: str, home: str | None = None) -> bool:
    """Whether a text holds the name: as a name, in lower case, by its acronym or spelled out."""
    if any(name.same(other) for other in find_names(text, home)):
        return True
    if name.is_country:
        return bool(name.parts & _lower_countries(text, home))
    missing = name.parts - {_one_spelling(part) for part in parts_of(text)}
    countries = all(part.startswith("@") for part in missing)  # looking for them takes long
    return bool(name.parts) and (
        (countries and missing <= _lower_countries(text, home))
        or (any(c.isupper() for c in name.printed[1:]) and _spelled_out(name.printed, text))
    )


def _same_initials(one: str, other: str) -> bool:
    """Whether one of two names is an acronym of the other, by the glossary or by its initials."""
    return any(len(a) < len(b) and " " in b and _spelled_out(a, b) for a, b in ((one, other), (other, one)))


def parts_of(name: str) -> list[str]:
    """The parts of a name, lower case, without accents and possessives: `Rubai'e` is `rubaie`."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return _PART_RE.findall(re.sub(r"['’]s\b|['’]|(?<=[A-Z])\.(?=[A-Z]|$|\W)", "", plain).lower())


def _nearly(a: str, b: str) -> bool:
    """Whether two words of six letters or more differ by one letter, or by an ending."""
    if abs(len(a) - len(b)) > 1 or a[0] != b[0]:
        return (
            len(b) >= MIN_CHARS_TO_MISSPELL
            and len(a) - len(b) in (1, 2, -1, -2)
            and (a.startswith(b) or b.startswith(a))
        )
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) == 1
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def _spelled_out(name: str, ground: str) -> bool:
    """Whether an acronym's words stand in the ground, by the glossary or by their initials."""
    if any(meaning.words.lower() in ground.lower() for meaning in acronym(name)):
        return True
    letters = [letter for letter in name if letter.isalpha()]
    if len(letters) < 2 or not name.isupper():
        return False
    return (
        re.search(
            r"[ -](?:(?:of|the|and|for|de|del|des|du|la)[ -])*".join(rf"\b{c}\w+" for c in letters), ground
        )
        is not None
    )


@cached_by_text(16384)
def _countries(name: str, home: str | None) -> frozenset[str]:
    """`@` and code of the countries that a name speaks of: by name, people, government or capital."""
    plain = _unabbreviated(name)
    codes = {code for *_, code in find_countries(plain)}
    if not codes and plain.lower() in _cities():
        codes = {_cities()[plain.lower()]}
    if not codes and name in acronyms() and name.isupper():
        for meaning in acronym(name, country=home):
            if re.search(r"[Gg]overnment|Republic", meaning.words):
                codes |= (
                    {meaning.country} if meaning.country else {c for *_, c in find_countries(meaning.words)}
                )
    return frozenset(f"@{code}" for code in codes)


def _unabbreviated(name: str) -> str:
    """A name with "United States" for "U.S." and "United Kingdom" for "HMG"."""
    plain = re.sub(r"\bU\.S\.(?:G\.)?|\bUSG?\b", "United States", name)
    return re.sub(r"\bU\.K\.|\bHMG\b|\bUK\b|\bBritish\b|\bBritain\b|\bBritons?\b", "United Kingdom", plain)


def _lower_countries(text: str, home: str | None) -> frozenset[str]:
    """Countries in a text that is all in capitals, such as a subject."""
    return frozenset(f"@{code}" for *_, code in find_countries(text))
