"""Cable ids: every way in which people and machines write them, brought to one form.

Canonical is `08BEIJING1488`: two-digit year of the date-time group, post, serial without leading zeros.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from cables.dates import full_year
from cables.glossary.posts import find_post, squeeze
from cables.glossary.tables import rows

_CANONICAL_RE = re.compile(r"(\d\d)([A-Z]{2,30})(\d{1,7})")
_PAGE_NAME_RE = re.compile(
    r"(?:.*[/\\])?([^/\\]+?)(?:(?:_[A-E])?\.(?:HTML?|TXT|MD)(?:[?#].*)?|(?<=\d)_[A-E]|[ ]*\(?NOTAL\)?)", re.S
)
_TWO_NUMBERS_RE = re.compile(r"\d[^A-Z0-9]+\d")
"""Numbers that stand apart and must not run together: `08NIAMEY417 (1)`."""
_PARAGRAPH_KEY_RE = re.compile(r"\d\.U?\d")
_SECTION_PATTERN = r"[A-Z]{0,8}?\d{1,2}(?:[A-Z]F|O[A-Z]?|F)\d\d"
"""`SECTION01OF02`, with a letter lost or misread: `SCTION02OF02`, `SECTION0QF05`."""
_PREFIX_DEBRIS_RE = re.compile(
    rf"(?:{_SECTION_PATTERN}|EFTO|NOFORN|SIPDIS|(?:AM)?EMBASSY|AMCONSUL|AMCONGEN|USMISSION|"
    r"CONFIDENTIAL|SECRET|[A-Z]{0,5}SIFIED|UNCLAS|CORRECTEDCOPY|PRIORITY|IMMEDIATE|ROUTINE)(?=[A-Z])"
)
_SUSPECTED_DUPLICATE_RE = re.compile(r"(?<!\d)\d++SUSPECTEDDUPLICATE(?=\d)")
_TRAILING_DEBRIS_RE = re.compile(r"(?<=\d)(?:Z[A-Z]{2}|TOSEC|SECTO|SIPDIS|NOFORN|NOTAL|CORRECTEDCOPY)\d*$")
_MIN_SLIP_CHARS = 4
"""In what is an id for certain, a name of four letters may have lost one."""
_YEAR_PATTERN = r"(?:(?:19|20)\d\d|[0-9O]\d)"
_POST_PATTERN = r"[A-Z](?:[A-Z0-9 ]{0,38}?[A-Z])?"
_SERIAL_PATTERN = r"(?:NO |NUMBER )?\d{1,8}"
_ID_FORMS_RE = (
    re.compile(
        rf"[(]?(?P<year>{_YEAR_PATTERN}|\d{{3}})[)]? ?(?P<post>{_POST_PATTERN}) ?(?P<serial>{_SERIAL_PATTERN})"
    ),
    re.compile(
        rf"(?P<post>{_POST_PATTERN}) ?(?P<serial>{_SERIAL_PATTERN}) ?[(] ?(?P<year>{_YEAR_PATTERN}) ?[)]"
    ),
    re.compile(
        rf"(?P<post>{_POST_PATTERN}) ?[(] ?(?P<year>{_YEAR_PATTERN}) ?[)] ?(?P<serial>{_SERIAL_PATTERN})"
    ),
    re.compile(rf"(?P<post>{_POST_PATTERN}) ?(?P<serial>{_SERIAL_PATTERN}) ?[-/, ] ?(?P<year>(?:19|20)\d\d)"),
    re.compile(rf"(?P<post>{_POST_PATTERN}) ?(?P<serial>{_SERIAL_PATTERN}) ?[-/] ?(?P<year>\d\d)"),
)
_POST_AND_SERIAL_RE = re.compile(rf"(?P<post>{_POST_PATTERN}) ?(?P<serial>{_SERIAL_PATTERN})")


@dataclass(frozen=True, slots=True)
class Parts:
    """An id taken apart: four-digit year, post as in `cables.glossary.posts`, serial."""

    year: int
    post: str
    serial: int


@dataclass(frozen=True, slots=True)
class Mention:
    """An id in running text: characters `start` to `end` say `id`."""

    start: int
    end: int
    id: str


def split(id: str) -> Parts | None:
    """The parts of a canonical id; None if it is none."""
    match = _CANONICAL_RE.fullmatch(id)
    if not match:
        return None
    return Parts(full_year(int(match[1])), match[2], int(match[3]))


def year_of(id: str) -> int | None:
    """The four-digit year of a canonical id."""
    parts = split(id)
    return parts.year if parts else None


def post_of(id: str) -> str | None:
    """The post of a canonical id, squeezed: `RIODEJANEIRO`."""
    parts = split(id)
    return parts.post if parts else None


def make(year: int, post: str, serial: int) -> str:
    """The canonical id of its parts; `year` in two or four digits."""
    return f"{year % 100:02d}{post}{serial}"


def canonical(text: str, *, year: int | None = None) -> str | None:
    """The canonical id that `text` as a whole stands for; None if it is no id.

    `year` (two or four digits) is used where the text names none: `BEIJING 1488`. A post that the glossary
    does not know is accepted only in the canonical form itself.
    """
    return _canonical(text.strip()[:120], year)


_MENTION_RE = re.compile(
    r"(?<![\w/.-])['’]?(?:(?P<year>(?:19|20)\d\d|\d\d)[ -]?)?"
    r"(?P<post>[A-Z][A-Za-z'’]+(?:[ -][A-Z][A-Za-z'’]+|[ -](?:de|au|of|es)){0,3}?)"
    r"[ -]?(?P<serial>\d{1,7})(?![\w%]|[.,]\d)(?: \((?P<after>(?:19|20)?\d\d)\))?"
)
_CITING_WORD_RE = re.compile(r"(?:ref(?:tel)?s?:?|see|per|cable|telegram|\()\s*$", re.I)
_PAGE_NUMBER_RE = re.compile(r"(?:PAGE|SECTION|OF)\s+$")
_LIKE_A_YEAR_RE = re.compile(r"(?:19|20)\d\d")
_COUNTED_NOUN_RE = re.compile(r"[ -](?!and\b|or\b|for\b|which\b|on\b|of\b|in\b|para|notal|\()[a-z]", re.I)
_CAPITALS_NEXT_RE = re.compile(r"\s(?!AND\b|OR\b|PARA|NOTAL)[A-Z]{3,}\b")
_SENTENCE_PART_END_RE = re.compile(r"\s*+(?:$|[.,;:)\]])|\s++(?:and|or|para\w*)\b")


def find(text: str, *, year: int | None = None) -> Iterator[Mention]:
    """The ids that running text names: `08 Beijing 1488`, `in 09RIYADH716`, `STATE 40380` (of `year`).

    A post and a number are an id only where they cannot well be anything else: not `Beijing 2008` and not
    `in Kabul 12 people`.
    """
    at = 0
    while match := _MENTION_RE.search(text, at):
        found = _mention(text, match, year)
        if found:
            yield found
            at = match.end()
        else:  # the post may begin at the next word: "See Also Kabul 692"
            at = match.start("post") + len(match["post"].split()[0])


def _mention(text: str, match: re.Match[str], year: int | None) -> Mention | None:
    post = find_post(match["post"], fuzzy=False)
    stated = match["year"] or match["after"]
    if match["year"] and _PAGE_NUMBER_RE.search(text, max(0, match.start() - 12), match.start()):
        return None
    when = full_year(int(stated)) if stated else year
    serial = match["serial"]
    if post is None or when is None or not int(serial):
        return None
    if not stated and not serial.startswith("0") and not _cites(text, match):
        return None
    return Mention(match.start(), match.end(), make(when, post.id, int(serial)))


def _cites(text: str, match: re.Match[str]) -> bool:
    """Whether a post and a number without a year are an id: by what stands before and after them."""
    serial = match["serial"]
    if _CITING_WORD_RE.search(text, max(0, match.start() - 12), match.start()):
        return not _COUNTED_NOUN_RE.match(text, match.end())
    if _LIKE_A_YEAR_RE.fullmatch(serial) or len(serial) < 3:
        return False
    if match["post"].isupper():
        return len(serial) > 4 or not _CAPITALS_NEXT_RE.match(text, match.end())
    return _SENTENCE_PART_END_RE.match(text, match.end()) is not None


@cache
def _malformed() -> dict[str, str]:
    return {row["malformed"]: row["id"] for row in rows("ids")}


def _canonical(text: str, year: int | None) -> str | None:
    upper = re.sub(r"['’‘`´]", "", text.upper())
    page = _PAGE_NAME_RE.fullmatch(upper)
    upper = page[1] if page else upper
    if _PARAGRAPH_KEY_RE.search(upper):
        return None
    glued = squeeze(upper)
    if glued in _malformed():
        return _malformed()[glued]
    for form, spaced in _readings(upper, glued, year is not None):
        match = form.fullmatch(spaced)
        found = _from_match(match, year) if match else None
        if found:
            return found
    strict = _CANONICAL_RE.fullmatch(_repair(glued)) if glued == upper else None
    if strict and int(strict[3]) and len(strict[2]) > 2:
        return make(int(strict[1]), strict[2], int(strict[3]))
    return None


def _readings(upper: str, glued: str, has_year: bool) -> Iterator[tuple[re.Pattern[str], str]]:
    """Forms to try and the text to try them on, the surest first."""
    spaced = re.sub(r"[^A-Z0-9()/-]+", " ", upper).strip()
    dashless = spaced.replace("-", " ")
    if not _TWO_NUMBERS_RE.search(upper):
        repaired = _repair(glued)
        yield _ID_FORMS_RE[0], repaired
        if has_year:
            yield _POST_AND_SERIAL_RE, repaired
    yield _ID_FORMS_RE[0], dashless
    for form in _ID_FORMS_RE[1:]:
        yield form, spaced
        yield form, dashless
    if has_year:
        yield _POST_AND_SERIAL_RE, dashless


def _repair(glued: str) -> str:
    """General repairs of ids that a machine misread from a header line."""
    repaired = re.sub(r"^(\d\d)\1(?=[A-Z])", r"\1", glued)
    repaired = _SUSPECTED_DUPLICATE_RE.sub("", repaired)
    repaired = _TRAILING_DEBRIS_RE.sub("", repaired)
    head = re.match(r"(?:(?:19|20)\d\d|[0-9O]\d)?", repaired)
    start = head.end() if head else 0
    year, rest = repaired[:start], repaired[start:]
    while (prefix := _PREFIX_DEBRIS_RE.match(rest)) and not find_post(re.split(r"\d", rest)[0], fuzzy=False):
        rest = rest[prefix.end() :]
    return year + rest


def _from_match(match: re.Match[str], year: int | None) -> str | None:
    parts = match.groupdict()
    printed = parts.get("year")
    if printed and len(printed) == 3:
        printed = printed[:2]  # a digit too many before the post: "094 QUITO 841"
    stated = full_year(int(printed.replace("O", "0"))) if printed else year
    serial = int(parts["serial"].split()[-1])
    post = find_post(parts["post"], min_chars=_MIN_SLIP_CHARS)
    if stated is None or post is None or not 0 < serial < 10_000_000:
        return None
    return make(stated, post.id, serial)
