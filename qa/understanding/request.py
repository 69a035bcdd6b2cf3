"""A request: a question as it was understood."""

from dataclasses import dataclass
from enum import StrEnum

from qa.answer import Kind, Slot
from vectorstore.query import Filters, Query, QueryHints


class Unit(StrEnum):
    """What is counted or listed."""

    CABLES = "cables"
    POSTS = "posts"
    THINGS = "things"
    """What cables tell of: companies, reasons."""


@dataclass(frozen=True, slots=True)
class Request:
    """A question as it was understood. `meaning` stands alone; `own_words` holds a follow-up's own words."""

    kind: Kind
    text: str
    """The question as it was asked."""
    meaning: str
    """The question as it stands alone: a follow-up with what it points back to, misspelt words put right."""
    searched: str = ""
    """What is searched, where that is more than `meaning`: names of the answer before."""
    own_words: str = ""
    topic: str = ""
    """The subject matter, without question words, periods and "show me cables about"."""
    names: tuple[str, ...] = ()
    """Names in the topic."""
    hints: QueryHints = QueryHints()
    filters: Filters = Filters()
    """What the reader set, and nothing else."""
    exact: Filters = Filters()
    """The reader's filters and the posts, period, levels and TAGS that the question names: for counts and lists."""
    unit: Unit = Unit.THINGS
    periods: tuple[tuple[int, int], ...] = ()
    """Times that are set against each other, first and last day of each; empty for one."""
    phrases: tuple[str, ...] = ()
    """Words in quotation marks."""
    cables: tuple[str, ...] = ()
    """Ids that the question names, whether the archive has them or not."""
    first: bool = False
    """The first instead of the latest is asked for."""
    sides: tuple[str, ...] = ()
    """What is compared, a question each."""
    parts: tuple["Request", ...] = ()
    """The questions of two in one; empty for one."""
    cited: tuple[str, ...] = ()
    """Keys of paragraphs that the conversation has cited."""
    interpretation: str = ""
    """What a follow-up was taken to mean, for the reader; empty where the question stands alone."""
    language: str = "en"
    """Of the question, as an ISO 639-1 code."""
    words: str | None = None
    """What is searched by words, where that is not the question."""
    slots: tuple[Slot, ...] = ()
    """What the reader is shown of all this."""
    brief: bool = False
    """The answer before is asked for in fewer words."""
    strangers: tuple[str, ...] = ()
    """Names of whom the archive knows namesakes alone."""
    meant: tuple[str, ...] = ()
    """Questions that may have been meant, with others of the surname of a name that stands nowhere."""
    corrected: tuple[tuple[str, str], ...] = ()
    """Misspelt words and what they were read as."""

    def query(self, *, limit: int, scored: int = 6) -> Query:
        """What is searched for it: `limit` paragraphs, the sentences of the best `scored` of them weighed."""
        return Query(
            self.searched or self.meaning,
            own_words=self.own_words,
            filters=self.filters,
            hints=self.hints,
            cited=self.cited,
            limit=limit,
            scored=scored,
            language=self.language,
            words=self.words,
        )
