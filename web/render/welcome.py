"""What the chat shows before the first question: the archive's state, and questions from the archive itself."""

from markupsafe import Markup

from vectorstore.storage.catalog_view import CatalogView
from web.render.formatting import counted, day_words, named, topic
from web.render.templating import render
from web.services.archive_service import ArchiveService, State

MAX_EXAMPLES = 4
EXAMPLE_SUBJECT_CHARS = range(12, 91)
"""Shorter subjects say too little, longer ones make no question."""


def render_welcome(service: ArchiveService, view: CatalogView | None) -> Markup:
    """The empty conversation: waiting, nothing to ask, something wrong, or examples."""
    if service.state is State.READY and view is not None:
        return render("welcome.html", contents=_contents(view), examples=example_questions(view))
    return render("not_ready.html", state=service.state, data=service.data.resolve(), problem=service.problem)


def _contents(view: CatalogView) -> str:
    """321 paragraphs in 18 cables, 4 April 1979 to 2 March 2010."""
    cables, paragraphs = view.count()
    span = view.span()
    period = f", {day_words(span[0])} to {day_words(span[1])}" if span else ""
    return f"{counted(paragraphs, 'paragraph')} in {counted(cables, 'cable')}{period}"


def example_questions(view: CatalogView) -> list[str]:
    """Questions about cables of different posts, from their subjects."""
    questions: list[str] = []
    for post, _ in view.posts():
        cable = view.sample_of(post)
        if cable is None or len(cable.subject or "") not in EXAMPLE_SUBJECT_CHARS:
            continue
        # Without quotation marks: words in them are looked for to the letter.
        questions.append(f"What does {named(post)} say about {topic(cable)}?")
        if len(questions) == MAX_EXAMPLES:
            break
    return questions


def render_summary(view: CatalogView | None) -> Markup:
    """The archive in a few words, for the top bar."""
    if view is None:
        return Markup()
    cables, _ = view.count()
    span = view.span()
    years = f", {span[0] // 10000}–{span[1] // 10000}" if span else ""
    return Markup.escape(f"{counted(cables, 'cable')}{years}")
