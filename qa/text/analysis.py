"""One analysis of a text for all who look at it: checks, rewriting, follow-ups, the reading of a question."""

import re
from functools import cached_property

from cables.text import STOPWORDS, Piece, cached_by_text, sentences
from qa.text.dates import Date, find_dates
from qa.text.names import Name, find_names
from qa.text.quantities import Number, numbers
from qa.text.words import Word, find_words

_QUOTATION_RE = re.compile(
    r"\"(?P<a>[^\"\n]+)\"|“(?P<b>[^”\n]{1,1000})”|«\s{0,9}(?P<c>[^»\n]{1,1000}?)\s{0,9}»|„(?P<d>[^“”\n]{1,1000})[“”]"
    r"|(?<!\w)['‘](?P<e>[^'’\n]+(?:['’]\w[^'’\n]*){0,20})['’](?!\w)"
)


class Analysis:
    """What stands in a text. Each part is found when it is first asked for, and once."""

    def __init__(self, text: str, home: str | None = None) -> None:
        self.text = text
        self.home = home
        """The country (FIPS) of the cable that it stands in: what GOI means."""

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Words and numbers in order, with their lemmas."""
        return find_words(self.text)

    @cached_property
    def lemmas(self) -> frozenset[str]:
        """Lemmas of the words of content."""
        return frozenset(word.lemma for word in self.words if word.printed.lower() not in STOPWORDS)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Names in order; words that only open a sentence and months are none."""
        return find_names(self.text, self.home)

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """Numbers in order, those of dates too."""
        return numbers(self.text)

    @cached_property
    def dates(self) -> tuple[Date, ...]:
        """Dates in order, partial ones too."""
        return find_dates(self.text)

    @cached_property
    def quotations(self) -> tuple[Piece, ...]:
        """What stands between quotation marks, without them."""
        found = []
        for match in _QUOTATION_RE.finditer(self.text):
            group = match.lastgroup or "a"
            found.append(Piece(match.start(group), match.end(group), match[group]))
        return tuple(found)

    @cached_property
    def sentences(self) -> tuple[Piece, ...]:
        """Its sentences, as everybody cuts them."""
        return sentences(self.text)


@cached_by_text(4096)
def analyse(text: str, home: str | None = None) -> Analysis:
    """The analysis of a text; the same text is analysed once."""
    return Analysis(text, home)
