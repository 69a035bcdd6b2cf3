"""What is looked for: a question as it was interpreted, with what it names and what its reader has set."""

import re
from dataclasses import dataclass

from cables import Level, Role

MAX_TEXT_TERMS = 32
"""Words and phrases that a full-text query takes; what is behind them is left out."""
_TERM_RE = re.compile(r'(?P<minus>-(?=[\w"“]))?(?:["“”](?P<phrase>[^"“”]*)["“”]|(?P<word>[^\s"“”]+))')


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand together, in this order; `prefix`: the last one may go on."""

    words: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class TextQuery:
    """What a text must hold, without case and accents: of each group of `all_of` one phrase, none of `none_of`."""

    all_of: tuple[tuple[Phrase, ...], ...] = ()
    none_of: tuple[Phrase, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "TextQuery":
        """Read what somebody types: `word "a phrase" prefix* -without one OR other`; words are joined by AND."""
        groups: list[tuple[Phrase, ...]] = []
        none_of: list[Phrase] = []
        alternative = False
        for match in list(_TERM_RE.finditer(text))[:MAX_TEXT_TERMS]:
            word = match["word"] or ""
            if word in ("AND", "OR"):
                alternative = word == "OR" and bool(groups)
                continue
            words = " ".join(re.findall(r"\w+", match["phrase"] if match["phrase"] is not None else word))
            phrase = Phrase(words, prefix=word.endswith("*"))
            if words and match["minus"]:
                none_of.append(phrase)
            elif words and alternative:
                groups[-1] += (phrase,)
            elif words:
                groups.append((phrase,))
            alternative = False
        return cls(tuple(groups), tuple(none_of))

    def __bool__(self) -> bool:
        return bool(self.all_of)

    def __str__(self) -> str:
        """The query as somebody would type it; `parse` reads it again."""
        groups = [" OR ".join(map(_typed, group)) for group in self.all_of]
        return " ".join([*groups, *(f"-{_typed(phrase)}" for phrase in self.none_of)])


def _typed(phrase: Phrase) -> str:
    if phrase.prefix:
        return phrase.words.replace(" ", "-") + "*"
    return phrase.words if re.fullmatch(r"(?!(?:AND|OR)$)\w+", phrase.words) else f'"{phrase.words}"'


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader limits the search to; empty means everything. Days are integers, 20080417.

    `text` limits paragraphs to those that hold it, cables to those that hold it anywhere, their subject included.
    """

    posts: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    classifications: tuple[Level, ...] = ()
    tags: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    cables: tuple[str, ...] = ()
    text: TextQuery = TextQuery()

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class QueryHints:
    """What a question names: cables by id, days as integers (20080417) from and to, posts, TAGS codes (of
    countries too), classifications. They boost only."""

    cables: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    posts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    several: bool = False
    """The question spans cables: it names more than one time or post."""

    def __bool__(self) -> bool:
        return self != QueryHints()


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. `text` is the question as interpreted; `own_words` a follow-up's own words."""

    text: str
    own_words: str = ""
    filters: Filters = Filters()
    hints: QueryHints = QueryHints()
    cited: tuple[str, ...] = ()
    """Keys of paragraphs that the conversation has cited."""
    limit: int = 20
    scored: int = 6
    """Best paragraphs whose sentences get a chance to answer."""
    language: str = "en"
    """Of the text, as an ISO 639-1 code."""
    words: str | None = None
    """What is searched by words where that is not the text: of another language what is the same in English."""
