"""Words, names and sentences of cable prose, as the retriever, the answerers and the checker see them."""

import calendar
import itertools
import re
from collections.abc import Callable
from functools import cache, lru_cache, wraps
from typing import TYPE_CHECKING, Concatenate, NamedTuple, ParamSpec, TypeVar

if TYPE_CHECKING:
    import tantivy

_STOPWORD_LIST = """
a about after all also an and any are as at be because been before being between both but by can
could did do does doing down during each few for from further had has have having he her here hers
him his how i if in into is it its itself just me more most my no nor not of off on once only or
other our out over own s same she should so some such t than that the their them then there these
they this those through to too under until up us very was we were what when where which while who
whom whose why will with would you your
"""
STOPWORDS = frozenset(_STOPWORD_LIST.split())

_NAME_RE = re.compile(
    r"(?<![\w'’])(?:[A-Z][\w'’-]*[\w]|[A-Z])(?:[ .]+(?:(?:al|bin|de|da|do|of|el|ul|von|van) )?[A-Z][\w'’-]*){0,11}"
)
_WORD_RE = re.compile(r"[A-Za-z][\w'’-]*")
_SENTENCE_END_RE = re.compile(r"[.!?][\"'”’)\]]*(?=\s+[\"'“‘(\[]*(?:[A-Z0-9]|x{3})|\s*$)")
_ITEM_END_RE = re.compile(r"[;:](?:,? and)?(?=\s+(?:--? |\(?(?:\d|[a-h])\) ))|;(?:,? and)?(?=\s)")
"""Where a sentence that is too long to quote may be cut: between the items of a list."""
MAX_SENTENCE_WORDS = 60
MAX_SENTENCE_CHARS = 5_000
"""A text without a full stop is cut after as many: no real sentence is longer, and much takes the square of its time."""
_ENDLESS_RE = re.compile(rf"[^\n]{{1,{MAX_SENTENCE_CHARS}}}(?=\s|\Z)|[^\n]{{1,{MAX_SENTENCE_CHARS}}}")
MAX_GAP_CHARS = 100
"""Of white space before a word, at most."""
MAX_ABBREVIATION_CHARS = 40
"""Looked at before a full stop that may belong to an abbreviation."""
_ABBREVIATION_RE = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Gen|Brig|Lt|Col|Maj|Sgt|Capt|Adm|Amb|Sen|Rep|Gov|Pres|Prof|St|Jr|Sr|No|Nos|vs|etc|approx|Inc|Ltd|Co|Corp|"
    r"Dept|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Art|para|paras|Ref|cf|i\.e|e\.g|a\.m|p\.m)|\b[A-Z]|\b(?:[A-Z]\.)+[A-Z])\.$",
)


P = ParamSpec("P")
Result = TypeVar("Result")


def cached_by_text(
    maxsize: int, max_chars: int = 2_000
) -> Callable[[Callable[Concatenate[str, P], Result]], Callable[Concatenate[str, P], Result]]:
    """Decorates a function of a text: its last results are kept, for texts that could fill the memory the last four."""

    def decorate(function: Callable[Concatenate[str, P], Result]) -> Callable[Concatenate[str, P], Result]:
        short: Callable[..., Result] = lru_cache(maxsize)(function)
        long: Callable[..., Result] = lru_cache(4)(function)

        @wraps(function)
        def call(text: str, /, *args: P.args, **kwargs: P.kwargs) -> Result:
            return (short if len(text) <= max_chars else long)(text, *args, **kwargs)

        return call

    return decorate


class Piece(NamedTuple):
    """A sentence with its place in the text: characters `start` to `end`."""

    start: int
    end: int
    text: str


@cached_by_text(4096, max_chars=10_000)
def sentences(text: str) -> tuple[Piece, ...]:
    """The sentences of a text, abbreviations and initials kept together; each line of a list is its own."""
    pieces: list[Piece] = []
    for line in re.finditer(r"[^\n]+", text):
        start = line.start()
        for end in _SENTENCE_END_RE.finditer(line.group()):
            stop = line.start() + end.end()
            point = line.start() + end.start() + 1
            if _ABBREVIATION_RE.search(text[max(start, point - MAX_ABBREVIATION_CHARS) : point]) and (
                stop < line.end()
            ):
                continue
            pieces += _pieces(text, start, stop)
            start = stop
        if text[start : line.end()].strip():
            pieces += _pieces(text, start, line.end())
    return tuple(piece for piece in pieces if piece.text)


def _pieces(text: str, start: int, end: int) -> list[Piece]:
    """The sentence between two places; the items of a long list each on their own."""
    if end - start > MAX_SENTENCE_CHARS:
        return [
            piece
            for part in _ENDLESS_RE.finditer(text, start, end)
            for piece in _pieces(text, part.start(), part.end())
        ]
    whole = _piece(text, start, end)
    if len(whole.text.split()) <= MAX_SENTENCE_WORDS:
        return [whole]
    ends = list(_ITEM_END_RE.finditer(whole.text))
    if not any(item[0].startswith(";") for item in ends):
        return [whole]  # "three issues: 1) one, 2) another" runs on after its colon
    cuts = [start, *(item.end() + whole.start for item in ends), end]
    return [_piece(text, first, last) for first, last in itertools.pairwise(cuts)]


def _piece(text: str, start: int, end: int) -> Piece:
    own = text[start:end]
    first = start + len(own) - len(own.lstrip())
    return Piece(first, first + len(own.strip()), own.strip())


def names(text: str) -> list[str]:
    """Capitalised names in order, each once, without words that only open a sentence."""
    found: list[str] = []
    for match in _NAME_RE.finditer(text):
        words = match.group().split()
        if _opens_sentence(text, match.start()):
            while words and words[0].lower().strip("'’") in STOPWORDS | _OPENING_WORDS:
                words = words[1:]
            if len(words) == 1 and words[0].islower():
                words = []
        if words:
            found.append(re.sub(r"['’]s$", "", " ".join(words)))
    return list(dict.fromkeys(name for name in found if len(name) > 1))


_OPENING_WORD_LIST = """
according although among given despite since yes no whether why what which who when where how did
does do was were is are has have had can could would should may might will tell give name explain
describe list please
"""
_OPENING_WORDS = frozenset(_OPENING_WORD_LIST.split())


def _opens_sentence(text: str, start: int) -> bool:
    before = text[max(start - MAX_GAP_CHARS, 0) : start].rstrip()
    return not before or before[-1] in '.!?:"“'


def content_words(text: str) -> list[str]:
    """Lower-case words that are no stop words, in order."""
    return [
        word for word in (match.group().lower() for match in _WORD_RE.finditer(text)) if word not in STOPWORDS
    ]


def iso_day(day: int | None) -> str:
    """The day 20080417 as 2008-04-17; empty for none."""
    return f"{day // 10000}-{day // 100 % 100:02d}-{day % 100:02d}" if day else ""


def day_in_words(day: int | None) -> str:
    """The day 20080417 as `17 April 2008`, 20080000 as `2008`; empty where there is none."""
    parts = (day % 100, calendar.month_name[day // 100 % 100], day // 10000) if day else ()
    return " ".join(str(part) for part in parts if part)


@cache
def _stemmer() -> "tantivy.TextAnalyzer":
    import tantivy

    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.stemmer("English")).build()
    )


@cached_by_text(65536, max_chars=100)
def stem(word: str) -> str:
    """The stem of an English word by Porter's rules: `refuses`, `refusal` and `refused` share one."""
    found = _stemmer().analyze(word.lower())
    return found[0] if found else word.lower()
