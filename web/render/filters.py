"""The filters as HTML: chips for those that are set, and a panel with counts beside every choice.

Whatever can be chosen is a row of KINDS; the panel, the chips and what the form says are made from it.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from markupsafe import Markup

from cables import Level, Role
from cables.glossary import tag_name
from vectorstore.query import Filters
from vectorstore.storage.catalog_view import CatalogView
from web.render.charts import Months, histogram
from web.render.formatting import dashed, month_words, role_words
from web.render.templating import render

MAX_TAGS_LISTED = 80
MIN_CHOICES_TO_SEARCH = 9
"""A group of the panel with fewer choices is looked over faster than it is searched."""

MAX_NAMED_CABLES = 3
"""Cables to which questions are limited that have a chip of their own; of more there is one chip for all."""

Counts = Sequence[tuple[Any, int]]


@dataclass(frozen=True, slots=True)
class FilterKind:
    """A kind of choice: a field of Filters that holds several values, and how people see and set them."""

    field: str
    read: Callable[[str], Any]
    """A value from the form's words; raises ValueError where they make no sense."""
    words: Callable[[Any], str] = str
    chip: Callable[[Any], str] | None = None
    """Words for a chip, where no title says the kind; by default those of the panel."""
    title: str = ""
    """Of its group in the panel; a kind without one is set elsewhere."""
    counts: Callable[[CatalogView, Filters], Counts] = lambda view, filters: ()
    searchable: bool = False
    max_listed: int | None = None
    """Values that the panel lists, at most; those that are chosen come on top."""


KINDS = (
    FilterKind(
        "posts",
        str,
        title="Posts",
        counts=lambda view, filters: view.tally("post", filters),
        searchable=True,
    ),
    FilterKind(
        "tags",
        str,
        lambda tag: f"{tag} {tag_name(tag) or ''}",
        lambda tag: f"TAGS {tag}",
        title="TAGS",
        counts=lambda view, filters: view.tally("tag", filters),
        searchable=True,
        max_listed=MAX_TAGS_LISTED,
    ),
    FilterKind(
        "classifications",
        lambda value: Level(int(value)),
        lambda level: Level(level).label,
        title="Classification",
        counts=lambda view, filters: [(Level(level), n) for level, n in sorted(view.tally("level", filters))],
    ),
    FilterKind(
        "roles",
        Role,
        role_words,
        title="Who speaks (paragraphs)",
        counts=lambda view, filters: view.roles(filters),
    ),
    FilterKind("cables", str),
)
"""All kinds, in the panel's order."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One box of the panel: the form's value, its words, how many cables (or paragraphs) it would leave."""

    value: str
    words: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facets:
    """Everything that can be chosen under the filters that are set; months as (200804, cables)."""

    months: Months
    choices: Mapping[str, Sequence[Choice]]
    """By the field of their kind."""


@dataclass(frozen=True, slots=True)
class Group:
    """A kind's choices as the panel shows them, with a field to search in where they are many."""

    name: str
    title: str
    choices: Sequence[Choice]
    searchable: bool


@dataclass(frozen=True, slots=True)
class Period:
    """The fields for the first and the last month (2008-04, or empty), and the months of the archive."""

    first: str
    last: str
    since: str
    until: str


def facets_of(view: CatalogView, filters: Filters) -> Facets:
    """Counts for every choice; a group's own choices do not narrow its counts."""
    months = view.tally("month", Filters())  # the whole archive, so that the drag keeps its place
    return Facets(sorted(months), {kind.field: _choices(kind, view, filters) for kind in KINDS})


def _choices(kind: FilterKind, view: CatalogView, filters: Filters) -> list[Choice]:
    own = getattr(filters, kind.field)
    others: dict[str, Any] = {kind.field: ()}
    counts = kind.counts(view, replace(filters, **others))
    return [
        Choice(_value(value), kind.words(value), n, value in own)
        for place, (value, n) in enumerate(counts)
        if kind.max_listed is None or place < kind.max_listed or value in own
    ]


def _value(value: object) -> str:
    """A value as the form holds it: levels by their number."""
    return str(int(value)) if isinstance(value, int) else str(value)


def render_chips(filters: Filters) -> Markup:
    """The button that opens the panel, and a chip to remove for each filter that is set."""
    return render("filter_chips.html", chips=filter_words(filters))


def filter_words(filters: Filters) -> list[tuple[str, str, str]]:
    """(kind, value, words) of each filter that is set."""
    words = (
        [("period", "", period_words(filters.since, filters.until))] if filters.since or filters.until else []
    )
    words += [
        (kind.field, _value(value), (kind.chip or kind.words)(value))
        for kind in KINDS
        for value in getattr(filters, kind.field)
        if kind.field != "cables" or len(filters.cables) <= MAX_NAMED_CABLES
    ]
    if len(filters.cables) > MAX_NAMED_CABLES:
        words.append(("cables", "", f"{len(filters.cables):,} selected cables"))
    return words


def period_words(since: int | None, until: int | None) -> str:
    """From April 2008 to May 2008; since April 2008; until May 2008."""
    if since and until:
        first, last = month_words(since // 100), month_words(until // 100)
        return first if first == last else f"{first} to {last}"
    return f"since {month_words(since // 100)}" if since else f"until {month_words((until or 0) // 100)}"


def render_panel(facets: Facets, filters: Filters) -> Markup:
    """The panel: period with its histogram, and a group for each kind."""
    return render(
        "filter_panel.html",
        histogram=histogram(facets.months) if facets.months else "",
        period=period_of(facets.months, filters),
        groups=groups_of(facets),
    )


def groups_of(facets: Facets) -> list[Group]:
    """The kinds of choices that have a title, with what can be chosen."""
    return [
        Group(kind.field, kind.title, choices, kind.searchable and len(choices) >= MIN_CHOICES_TO_SEARCH)
        for kind in KINDS
        if kind.title and (choices := facets.choices[kind.field])
    ]


def period_of(months: Months, filters: Filters) -> Period | None:
    """What the month fields hold; a drag over the form's histogram fills them in."""
    if not months:
        return None
    since = dashed(filters.since // 100) if filters.since else ""
    until = dashed(filters.until // 100) if filters.until else ""
    return Period(dashed(months[0][0]), dashed(months[-1][0]), since, until)


def chosen(form: Mapping[str, object]) -> Filters:
    """The filters that the panel's form says; what makes no sense is left out."""
    found: dict[str, Any] = {kind.field: _chosen(kind, form.get(kind.field)) for kind in KINDS if kind.title}
    return Filters(since=_day(form.get("since"), 1), until=_day(form.get("until"), 31), **found)


def _chosen(kind: FilterKind, values: object) -> tuple[Any, ...]:
    read = []
    for value in values if isinstance(values, list) else ():
        with suppress(ValueError):
            read.append(kind.read(str(value)))
    return tuple(read)


def _day(month: object, day: int) -> int | None:
    try:
        then = date.fromisoformat(f"{month}-01")
    except ValueError:
        return None
    return then.year * 10000 + then.month * 100 + day


def without(filters: Filters, what: str, value: str) -> Filters:
    """The filters without one of them."""
    if what == "all":
        return Filters()
    if what == "period":
        return replace(filters, since=None, until=None)
    if what not in {kind.field for kind in KINDS}:
        return filters
    left: dict[str, Any] = {
        what: tuple(one for one in getattr(filters, what) if value and _value(one) != value)
    }
    return replace(filters, **left)
