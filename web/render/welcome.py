"""What the chat shows before the first question: the archive's state, and questions from the archive itself."""

from collections.abc import Sequence

from markupsafe import Markup

from vectorstore.storage.catalog_view import CatalogView
from web.render.formatting import counted, day_words
from web.render.templating import render
from web.services.archive_service import ArchiveService
from web.services.news import News


def render_welcome(view: CatalogView, starters: Sequence[str], news: News | None = None) -> Markup:
    """The empty conversation: what the archive holds, what is new in it, and questions to begin with."""
    return render("welcome.html", contents=_contents(view), starters=starters, news=news)


def render_not_ready(service: ArchiveService, *, edits: bool) -> Markup:
    """The empty conversation while nothing can be asked: waiting, no archive yet, or something wrong."""
    return render(
        "not_ready.html",
        state=service.state,
        data=service.data.resolve(),
        problem=service.problem,
        edits=edits,
        running=service.running,
    )


def _contents(view: CatalogView) -> str:
    """321 paragraphs in 18 cables, 4 April 1979 to 2 March 2010."""
    cables, paragraphs = view.count()
    span = view.span()
    period = f", {day_words(span[0])} to {day_words(span[1])}" if span else ""
    return f"{counted(paragraphs, 'paragraph')} in {counted(cables, 'cable')}{period}"


def render_summary(view: CatalogView) -> Markup:
    """The archive in a few words, for the top bar."""
    cables, _ = view.count()
    span = view.span()
    years = f", {span[0] // 10000}–{span[1] // 10000}" if span else ""
    return Markup.escape(f"{counted(cables, 'cable')}{years}")
