"""What is looked for: a question as it was interpreted, with what it names and what its reader has set."""

from dataclasses import dataclass

from cables import Level, Role


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader limits the search to; empty means everything. Days are integers, 20080417."""

    posts: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    classifications: tuple[Level, ...] = ()
    tags: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    cables: tuple[str, ...] = ()

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
    """What is looked for. `text` is the question as interpreted; `alone` a follow-up's own words."""

    text: str
    alone: str = ""
    filters: Filters = Filters()
    hints: QueryHints = QueryHints()
    cited: tuple[str, ...] = ()
    """Keys of paragraphs that the conversation has cited."""
    limit: int = 20
