"""Numbers of a text in one form: `30 million`, `30,000,000` and `thirty million` are the same."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from qa.text.wordlists import ordered

_UNITS = {word: n for n, word in enumerate(ordered("units"))}
_TENS = {word: 10 * n for n, word in enumerate(ordered("tens"), 1) if n > 1}
_ORDINALS = {word: n for n, word in enumerate(ordered("ordinals"), 3)}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
           "k": 1_000, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "dozen": 12}  # fmt: skip
_FRACTIONS = {
    "half": Decimal("0.5"),
    "third": Decimal(1) / 3,
    "quarter": Decimal("0.25"),
    "fifth": Decimal("0.2"),
    "tenth": Decimal("0.1"),
}
_CURRENCIES = dict(entry.split("=") for entry in ordered("currencies"))
_MEASURES = dict(entry.split("=") for entry in ordered("measures"))

_WORDS = "|".join(sorted([*_UNITS, *_TENS], key=len, reverse=True))
_SCALE_WORDS = "hundred|thousand|million|billion|trillion|dozen"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_CODE = re.compile(
    r"\b(?=[\w/-]*[A-Z])(?=[\w/-]*\d)[A-Z][A-Z0-9]*[-/]?[A-Z0-9]+(?:-[A-Z0-9]+)*\b|\b\d+[A-Z]+[\w-]*\b"
)
_NUMBER = re.compile(
    rf"(?P<sign>US ?\$|\b(?:USD|EUR|GBP)\b|[$€£¥])?\s?(?<![\w.])(?:(?P<digits>{_DIGITS})(?:st|nd|rd|th)?"
    rf"|(?P<words>(?:{_WORDS})(?:[- ](?:and )?(?:{_WORDS}))*)"
    rf"|(?P<article>an?)(?= (?:{_SCALE_WORDS})\b)|(?=(?:{_SCALE_WORDS})\b))"
    rf"(?:[ -]?(?P<scale>(?:{_SCALE_WORDS})(?: (?:{_SCALE_WORDS}))?|(?:bn|mn|[kmb]))s?(?![\w]))?"
    r"(?:(?=(?P<after>\s?%|[ -]per ?cent(?:age points?)?|[ -]percentage points?|[ -](?:US )?[A-Za-z]+)))?",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"\b(?:(?P<count>one|two|three|four|\d+)[- ])?(?P<part>hal(?:f|ves)|thirds?|quarters?|fifths?|tenths?)\b"
    r"(?! (?:world|part(?:y|ies)|countr(?:y|ies)))",
    re.IGNORECASE,
)
_ORDINAL = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: its value, `%` or a currency where it has one, and where it stands."""

    value: Decimal
    unit: str
    start: int
    end: int
    printed: str

    def same(self, other: "Number") -> bool:
        """Whether two numbers say the same; one may leave out its unit, but not a percentage."""
        if abs(self.value - other.value) > (Decimal("0.005") if self.unit == "part" else 0):
            return False
        if "%" in (self.unit, other.unit):
            return self.unit == other.unit
        return self.unit == other.unit or "" in (self.unit, other.unit) or "part" in (self.unit, other.unit)


@lru_cache(maxsize=4096)
def numbers(text: str) -> tuple[Number, ...]:
    """The numbers of a text in order; a lone "one", which mostly counts nothing, is none."""
    text = re.sub(r"(?<=\d)\s*(?:--?|–|—|\bto\b)\s*(?=\d)", lambda m: " " * len(m[0]), text)
    whole = [number for match in _NUMBER.finditer(text) if (number := _number(match))]
    parts = [number for match in _FRACTION.finditer(text) if (number := _fraction(match))]
    found = parts + [n for n in whole if not any(part.start <= n.start < part.end for part in parts)]
    for match in _ORDINAL.finditer(text):
        if not any(n.start <= match.start() < n.end for n in found):
            value = Decimal(_ORDINALS[match[0].lower()])
            found.append(Number(value, "", match.start(), match.end(), match[0]))
    return tuple(sorted(found, key=lambda number: number.start))


def _fraction(match: re.Match[str]) -> Number | None:
    """A fraction such as "half" or "two thirds"; a third, alone, may be an ordinal."""
    part = match["part"].lower().rstrip("s").replace("halve", "half")
    count = match["count"] or "one"
    if part != "half" and not match["count"] and not re.match(r"\s*of\b", match.string[match.end() :]):
        return None
    times = int(count) if count.isdigit() else _UNITS[count.lower()]
    return Number(_FRACTIONS[part] * times, "part", match.start(), match.end(), match[0])


_MONTH = r"(?P<month{0}>(?:Jan|Febr?|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)(?:\.|[a-z]*))"
_DAY, _YEAR = (
    r"(?P<day{0}>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*(?:-|–|to|and)\s*(?P<until{0}>\d{{1,2}}))?(?!\d)",
    r"(?P<year{0}>(?:19|20)\d\d)",
)
_DATE = re.compile(
    rf"\b{_MONTH.format(1)}\s+{_DAY.format(1)}(?:,?\s+{_YEAR.format(1)})?"
    rf"|\b{_DAY.format(2)}\s+(?:of\s+)?{_MONTH.format(2)}(?:,?\s+{_YEAR.format(2)})?"
    rf"|\b{_MONTH.format(3)},?\s+(?:of\s+)?{_YEAR.format(3)}"
)


@dataclass(frozen=True, slots=True)
class Date:
    """A day or a month in a text; what is not said is None."""

    month: str
    day: int | None
    year: int | None
    printed: str

    def same(self, other: "Date", years: Collection[int | None]) -> bool:
        """Whether another date may be this one; a year that it leaves out is one of `years`."""
        year = self.year in (None, other.year) or (other.year is None and self.year in years)
        return self.month == other.month and self.day in (None, other.day) and year


@lru_cache(maxsize=4096)
def dates(text: str) -> frozenset[Date]:
    """The dates of a text in which a month is named, both ends of spans."""
    found = set()
    for match in _DATE.finditer(text):
        parts = {name.rstrip("123"): value for name, value in match.groupdict().items() if value}
        month, year = parts["month"][:3].lower(), int(parts["year"]) if "year" in parts else None
        days: list[int | None] = [int(parts[name]) for name in ("day", "until") if name in parts]
        found |= {Date(month, day, year, match[0]) for day in days or [None]}
    return frozenset(found)


_BARE = re.compile(rf"\b(?:(?P<last>[Ll]ast|[Pp]ast) )?{_MONTH.format('')}(?![\w.]* \d)")


def months(text: str, years: Collection[int | None]) -> frozenset[Date]:
    """Months that a source names without a day or a year; "last August" is that of the year before."""
    found = set()
    for match in _BARE.finditer(text):
        before = [year - 1 for year in years if year and match["last"]]
        found |= {Date(match["month"][:3].lower(), None, year, match[0]) for year in (None, *before)}
    return frozenset(found)


def codes(text: str) -> set[str]:
    """Names with digits, such as `AK-103` or `N313P`, folded to `AK103`."""
    return {re.sub(r"\W", "", match[0]).upper() for match in _CODE.finditer(text)}


def _number(match: re.Match[str]) -> Number | None:
    scale = (match["scale"] or "").lower()
    if scale in ("m", "b") and not match["sign"]:
        scale = ""  # "100 m" is a length; "$100 m" is money
    if match["digits"]:
        value = Decimal(match["digits"].replace(",", ""))
    elif match["words"]:
        value = _spelled(match["words"].lower())
        if value == 1 and not scale:
            return None
    elif match["article"]:
        value = Decimal(1)
    else:
        return None  # "hundreds of", "thousands of": no number
    for word in scale.split():
        value *= _SCALES[word]
    after = (match["after"] or "").strip(" -").lower()
    end = match.end() + len(match["after"] or "") * bool(unit(after))
    printed = match.string[match.start() : end].strip()
    return Number(value.normalize(), unit(after) or unit(match["sign"] or ""), match.start(), end, printed)


def _spelled(words: str) -> Decimal:
    """`twenty-five` -> 25; `nineteen eighty` is read as the sum of its parts, which compares well enough."""
    return Decimal(sum(_UNITS.get(word, 0) + _TENS.get(word, 0) for word in re.split(r"[- ]", words)))


def unit(word: str) -> str:
    """The unit that a word names: `%`, a currency or a measure; empty where it names none."""
    word = word.lower().removeprefix("us ").replace("us$", "$")
    if word.startswith(("%", "percent", "per cent")):
        return "%"
    units = _CURRENCIES | _MEASURES
    return units.get(word.removesuffix("s"), units.get(word, ""))
