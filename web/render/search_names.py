"""The names that stand beside what is searched, each with how many of the cables hold it: one click narrows by it."""

from dataclasses import replace

from markupsafe import Markup

from vectorstore.storage.catalog_view import CatalogView
from web.render.search import SearchState
from web.render.templating import render

MAX_NAMES = 8


def render_names(view: CatalogView, state: SearchState) -> Markup:
    """The names as buttons; nothing where no words are searched."""
    return render("search_names.html", names=names_beside(view, state) if state.query.text else ())


def names_beside(view: CatalogView, state: SearchState) -> list[tuple[str, int]]:
    """(name, cables that a search for it too would leave) of names in the paragraphs that are found, most first."""
    beside = view.names_beside(state.query, 2 * MAX_NAMES)
    names = [name for name, _ in beside if name.lower() not in state.words.lower()]
    counted = [(name, _count(view, state, name)) for name in names[:MAX_NAMES]]
    return sorted(counted, key=lambda one: -one[1])


def _count(view: CatalogView, state: SearchState, name: str) -> int:
    return view.listed(replace(state, words=f'{state.words} "{name}"').query, limit=1)[1]
