"""Numbers of a text in one form: `30 million`, `30,000,000` and `thirty million` are the same."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from cables.text import cached_by_text
from qa.text.dates import ORDINALS
from qa.text.wordlists import ordered, pairs

_UNITS = {word: n for n, word in enumerate(ordered("units"))}
_TENS = {word: 10 * n for n, word in enumerate(ordered("tens"), 1) if n > 1}
_SCALES = {word: int(n) for word, n in pairs("scales").items()}
_FRACTIONS = {
    "half": Decimal("0.5"),
    "third": Decimal(1) / 3,
    "quarter": Decimal("0.25"),
    "fifth": Decimal("0.2"),
    "tenth": Decimal("0.1"),
}
_UNIT_WORDS = pairs("currencies") | pairs("measures")

_WORDS = "|".join(sorted([*_UNITS, *_TENS], key=len, reverse=True))
_SCALE_WORDS = "hundred|thousand|million|billion|trillion|dozen"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_CODE_RE = re.compile(
    r"\b(?=[\w/-]{0,60}[A-Z])(?=[\w/-]{0,60}\d)[A-Z][A-Z0-9]{0,30}[-/]?[A-Z0-9]{1,30}(?:-[A-Z0-9]{1,30}){0,8}\b"
    r"|\b\d{1,30}[A-Z]{1,30}[\w-]{0,60}\b"
)
_NUMBER_RE = re.compile(
    rf"(?P<sign>US ?\$|\b(?:USD|EUR|GBP)\b|[$€£¥])?\s?(?<![\w.])(?:(?P<digits>{_DIGITS})(?:st|nd|rd|th)?"
    rf"|(?P<words>(?:{_WORDS})(?:[- ](?:and )?(?:{_WORDS}))*)"
    rf"|(?P<article>an?)(?= (?:{_SCALE_WORDS})\b)|(?=(?:{_SCALE_WORDS})\b))"
    rf"(?:[ -]?(?P<scale>(?:{_SCALE_WORDS})(?: (?:{_SCALE_WORDS}))?|(?:bn|mn|[kmb]))s?(?![\w]))?"
    r"(?:(?=(?P<after>\s?%|[ -]per ?cent(?:age points?)?|[ -]percentage points?|[ -](?:US )?[A-Za-z]+)))?",
    re.IGNORECASE,
)
_RANGE_RE = re.compile(
    rf"(?<![\w.,])(?P<first>{_DIGITS})(?:\s?(?:--?|–|—)\s?|\s(?:to|or)\s)[$€£¥]?(?:{_DIGITS})"
    r"[ -]?(?P<scale>hundred|thousand|million|billion|trillion)\b(?: (?P<unit>(?:US )?[A-Za-z]+))?",
    re.IGNORECASE,
)
"""Two numbers of which only the second has the scale that both are meant in."""
_FRACTION_RE = re.compile(
    r"\b(?:(?P<count>one|two|three|four|\d+)[- ])?(?P<part>hal(?:f|ves)|thirds?|quarters?|fifths?|tenths?)\b"
    r"(?! (?:world|part(?:y|ies)|countr(?:y|ies)))",
    re.IGNORECASE,
)
_ORDINAL_RE = re.compile(
    rf"\b(?:{'|'.join(sorted((word for word, n in ORDINALS.items() if n > 2), key=len, reverse=True))})\b",
    re.IGNORECASE,
)
"""Without "first" and "second", which mostly count nothing."""


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


@cached_by_text(4096)
def numbers(text: str) -> tuple[Number, ...]:
    """The numbers of a text in order; a lone "one", which mostly counts nothing, is none."""
    ranges = {match.start("first"): match for match in _RANGE_RE.finditer(text)}
    text = re.sub(r"(?<=\d)\s*+(?:--?|–|—|\bto\b)\s*+(?=\d)", lambda m: " " * len(m[0]), text)
    parts = [number for match in _FRACTION_RE.finditer(text) if (number := _fraction(match))]
    parts += [
        ordinal for match in _ORDINAL_RE.finditer(text) if not _overlaps(ordinal := _ordinal(match), parts)
    ]
    whole = [
        _scaled(number, ranges.get(match.start("digits")))
        for match in _NUMBER_RE.finditer(text)
        if (number := _number(match))
    ]
    found = parts + [number for number in whole if not _overlaps(number, parts)]
    return tuple(sorted(found, key=lambda number: number.start))


def _scaled(number: Number, range_: re.Match[str] | None) -> Number:
    """The first number of "1.2 to 1.5 billion dollars" as 1.2 billion dollars; others as they are."""
    if range_ is None:
        return number
    value = number.value * _SCALES[range_["scale"].lower()]
    return replace(number, value=value.normalize(), unit=number.unit or unit(range_["unit"] or ""))


def _overlaps(number: Number, found: Collection[Number]) -> bool:
    return any(number.start < other.end and other.start < number.end for other in found)


def _ordinal(match: re.Match[str]) -> Number:
    return Number(Decimal(ORDINALS[match[0].lower()]), "", match.start(), match.end(), match[0])


def _fraction(match: re.Match[str]) -> Number | None:
    """A fraction such as "half" or "two thirds"; a third, alone, may be an ordinal."""
    part = match["part"].lower().rstrip("s").replace("halve", "half")
    count = match["count"] or "one"
    if part != "half" and not match["count"] and not re.match(r"\s*+of\b", match.string[match.end() :]):
        return None
    times = int(count) if count.isdigit() else _UNITS[count.lower()]
    return Number(_FRACTIONS[part] * times, "part", match.start(), match.end(), match[0])


def codes(text: str) -> set[str]:
    """Names with digits, such as `AK-103` or `N313P`, folded to `AK103`."""
    return {re.sub(r"\W", "", match[0]).upper() for match in _CODE_RE.finditer(text)}


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
    return _UNIT_WORDS.get(word.removesuffix("s"), _UNIT_WORDS.get(word, ""))
