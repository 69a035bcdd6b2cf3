"""The archive's search as HTML: the form, what can be narrowed, and the cables that were found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from cables import Marking, ids
from qa.export.hits_csv import as_csv
from vectorstore.query import Filters, TextQuery
from vectorstore.storage.catalog_rows import MATCH_END, MATCH_START, CableSummary, ParagraphHit, TextHit
from vectorstore.storage.catalog_view import CatalogView
from web.render.charts import histogram
from web.render.filters import chosen, facets_of, groups_of, period_of
from web.render.formatting import counted
from web.render.templating import render
from web.render.text import Piece, render_pieces
from web.services.questions import MAX_WORDS_CHARS

ROWS_PER_PAGE = 50
MAX_SNIPPETS_PER_CABLE = 3
MAX_CSV_ROWS = 10_000
RELEVANCE = "relevance"
COLUMNS = {"subject": "Subject", "id": "Cable", "day": "Date", "post": "Post", "level": "Classification"}


@dataclass(frozen=True, slots=True)
class SearchState:
    """What is searched and how it is shown: words, filters, the column it is sorted by, the first row."""

    words: str = ""
    filters: Filters = field(default_factory=Filters)
    column: str = "day"
    down: bool = True
    start: int = 0

    @classmethod
    def of(cls, filters: Filters) -> "SearchState":
        """The search that finds what these filters let through."""
        return cls(str(filters.text), replace(filters, text=TextQuery()))

    @property
    def query(self) -> Filters:
        """The filters with the words: a cable's id is that cable, all else is searched in the texts."""
        cable_id = ids.canonical(self.words)
        if cable_id:
            return replace(self.filters, cables=(cable_id,))
        return replace(self.filters, text=TextQuery.parse(self.words))

    def after(self, data: Mapping[str, Any]) -> "SearchState":
        """The state after an event of the page: sorted, turned, or another search."""
        if data.get("column") in {*COLUMNS, RELEVANCE}:
            return replace(self, column=str(data["column"]), down=bool(data.get("down")), start=0)
        if "words" not in data:
            return replace(self, start=max(int(data.get("start", 0)), 0))
        words = str(data["words"])[:MAX_WORDS_CHARS]
        cables = () if data.get("all") else self.filters.cables  # which the form does not hold
        after = replace(self, words=words, filters=replace(chosen(data), cables=cables), start=0)
        if bool(after.query.text) != bool(self.query.text):
            return replace(after, column=RELEVANCE if after.query.text else "day", down=True)
        return after


@dataclass(frozen=True, slots=True)
class Row:
    """A cable that was found, with paragraphs that hold the words, which are marked in them."""

    cable: CableSummary
    marking: Marking
    snippets: Sequence[tuple[ParagraphHit, Markup]]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of cables; `total` counts what pages are cut of: cables, or by relevance paragraphs with the words."""

    rows: Sequence[Row]
    total: int
    words: str
    """How much was found."""


def search(view: CatalogView, state: SearchState) -> Found:
    """The cables that hold the words and pass the filters, as many as fit on a page."""
    query = state.query
    if state.column == RELEVANCE and query.text and view.clearance.whole:
        return _by_relevance(view, query, state.start)
    column = "day" if state.column == RELEVANCE else state.column
    cables, total = view.listed(query, order=column, down=state.down, start=state.start, limit=ROWS_PER_PAGE)
    hits: list[TextHit] = []
    if query.text and cables:
        # The words of a cable may stand in several of its paragraphs: each that holds one of them is shown.
        anything = TextQuery((tuple(phrase for group in query.text.all_of for phrase in group),))
        shown = Filters(cables=tuple(cable.id for cable in cables), roles=query.roles, text=anything)
        hits, _, _ = view.text_hits(shown, limit=ROWS_PER_PAGE * MAX_SNIPPETS_PER_CABLE)
    return Found([_row(cable, hits) for cable in cables], total, counted(total, "cable"))


def _by_relevance(view: CatalogView, query: Filters, start: int) -> Found:
    hits, paragraphs, cable_count = view.text_hits(query, by_relevance=True, start=start, limit=ROWS_PER_PAGE)
    cable_ids = tuple(dict.fromkeys(hit.hit.cable_id for hit in hits))
    cables, _ = view.listed(Filters(cables=cable_ids), limit=len(cable_ids)) if cable_ids else ([], 0)
    by_id = {cable.id: cable for cable in cables}
    words = f"{counted(paragraphs, 'paragraph')} in {counted(cable_count, 'cable')}"
    return Found([_row(by_id[cable_id], hits) for cable_id in cable_ids], paragraphs, words)


def _row(cable: CableSummary, hits: Sequence[TextHit]) -> Row:
    own = [hit for hit in hits if hit.hit.cable_id == cable.id][:MAX_SNIPPETS_PER_CABLE]
    return Row(cable, Marking(cable.level), [(hit.hit, marked_snippet(hit.snippet)) for hit in own])


def marked_snippet(snippet: str) -> Markup:
    """A snippet with the words that were found inside <mark>."""
    pieces: list[Piece] = []
    for part in snippet.split(MATCH_START):
        match, end, rest = part.partition(MATCH_END)
        pieces += [Piece(match, quoted=True), Piece(rest, quoted=False)] if end else [Piece(match, False)]
    return render_pieces(pieces)


def render_form(view: CatalogView, state: SearchState) -> Markup:
    """The field for words and the months, a form to which the facets belong (static/js/filters.js sends it)."""
    months = sorted(view.tally("month", Filters()))
    return render(
        "search_form.html",
        words=state.words,
        histogram=histogram(months) if months else "",
        period=period_of(months, state.filters),
    )


def render_facets(view: CatalogView, state: SearchState) -> Markup:
    """What can be chosen, with the number of cables that each choice would leave."""
    filters = state.query
    years = dict(sorted(view.tally("year", replace(filters, since=None, until=None))))
    since, until = filters.since or 0, filters.until or 0
    is_one_year = since // 10000 == until // 10000 and until - since >= 1100
    return render(
        "search_facets.html",
        groups=groups_of(facets_of(view, filters)),
        years=years,
        chosen_year=since // 10000 if is_one_year else None,
    )


def render_found(found: Found, state: SearchState, *, ranks: bool, edits: bool) -> Markup:
    """The cables that were found; `ranks`: the best may come first; `edits`: with buttons that withdraw."""
    return render(
        "search_found.html",
        columns=COLUMNS,
        found=found,
        last=min(state.start + ROWS_PER_PAGE, found.total),
        state=state,
        ranks=ranks and bool(state.query.text),
        edits=edits,
        per_page=ROWS_PER_PAGE,
    )


def search_csv(view: CatalogView, state: SearchState) -> str:
    """All paragraphs that hold the words, or all cables where there are none, the latest first."""
    query = state.query
    if query.text:
        return as_csv(view.text_hits(query, limit=MAX_CSV_ROWS)[0])
    return as_csv(view.listed(query, limit=MAX_CSV_ROWS)[0])
