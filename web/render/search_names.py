"""The names that stand beside what is searched, each with how many of the cables hold it: one click narrows by it."""

import re
from dataclasses import replace

from markupsafe import Markup

from cables.text import names
from vectorstore.storage.catalog_view import CatalogView
from web.render.search import SearchState
from web.render.templating import render

MAX_PARAGRAPHS = 100
"""The best, in which names are looked for."""
MAX_NAMES = 8
MIN_CABLES = 2
_NAME_RE = re.compile(r"(?!End )[^.]+(?: [^.]+){1,4}")
"""A name of several words: no "End Summary", nothing that runs over the end of a sentence."""
_REDACTED_RE = re.compile("x{3}", re.IGNORECASE)


def render_names(view: CatalogView, state: SearchState) -> Markup:
    """The names as buttons; nothing where no words are searched."""
    return render("search_names.html", names=names_beside(view, state) if state.query.text else ())


def names_beside(view: CatalogView, state: SearchState) -> list[tuple[str, int]]:
    """(name, cables that hold it beside the words), most first."""
    hits, _, _ = view.text_hits(state.query, by_relevance=True, limit=MAX_PARAGRAPHS)
    cables: dict[str, set[str]] = {}
    for hit in hits:
        for name in names(hit.hit.paragraph.text):
            if _is_name(name) and name.lower() not in state.words.lower():
                cables.setdefault(name, set()).add(hit.hit.cable_id)
    found = sorted(
        (name for name in cables if len(cables[name]) >= MIN_CABLES), key=lambda name: -len(cables[name])
    )
    counted = [(name, _count(view, state, name)) for name in found[:MAX_NAMES]]
    return sorted(counted, key=lambda one: -one[1])


def _is_name(name: str) -> bool:
    return bool(_NAME_RE.fullmatch(name)) and not name.isupper() and not _REDACTED_RE.search(name)


def _count(view: CatalogView, state: SearchState, name: str) -> int:
    return view.listed(replace(state, words=f'{state.words} "{name}"').query, limit=1)[1]
