"""What the chat shows before the first question: the desk's state, and questions from the archive itself."""

from markupsafe import Markup

from vectorstore.storage.catalog_view import CatalogView
from web.render.formatting import count, day_words, named, topic
from web.render.markup import fill, join
from web.services.archive_service import ArchiveService, State

EXAMPLES = 4


def render_welcome(service: ArchiveService, view: CatalogView | None) -> str:
    """The empty conversation: waiting, nothing to ask, something wrong, or examples."""
    if service.state is State.OPENING:
        return Markup(
            '<div class="welcome" role="status"><h1>Opening the archive</h1>'
            "<p>The model is being loaded; this takes a few seconds. "
            "You can already write your question.</p></div>"
        )
    if service.state is State.EMPTY or view is None:
        return _nothing(service) if service.state is not State.FAILED else _failed(service)
    return _examples(view)


def _nothing(service: ArchiveService) -> str:
    return fill(
        '<div class="welcome"><h1>There is no archive yet</h1><p>Reftel looked in '
        "<code>{}</code>. Fill it from a folder of cables:</p><pre>reftel index PATH</pre>"
        "<p>or add files on the "
        '<a href="#archive">Archive</a> page. This page notices by itself.</p></div>',
        service.data.resolve(),
    )


def _failed(service: ArchiveService) -> str:
    return fill(
        '<div class="welcome" role="alert"><h1>The archive cannot be opened</h1><p>{}</p></div>',
        service.problem,
    )


def _examples(view: CatalogView) -> str:
    cables, paragraphs = view.count()
    span = view.span()
    period = f", {day_words(span[0])} to {day_words(span[1])}" if span else ""
    button = Markup('<li><button type="button" data-do="ask" data-text="{}">{}</button></li>')
    examples = join(button.format(text, text) for text in example_questions(view))
    return fill(
        '<div class="welcome"><h1>What do you want to know?</h1>'
        "<p>{} in {}{}. Every sentence of an answer shows the paragraph it comes from.</p>"
        '<ul class="examples">{}</ul></div>',
        count(paragraphs, "paragraph"),
        count(cables, "cable"),
        period,
        examples,
    )


def example_questions(view: CatalogView) -> list[str]:
    """Questions about cables of different posts, from their subjects."""
    questions: list[str] = []
    for post, _ in view.posts():
        cable = view.sample_of(post)
        if cable is None or not cable.subject or not 12 <= len(cable.subject) <= 90:
            continue
        questions.append(f"What does {named(post)} say about “{topic(cable)}”?")
        if len(questions) == EXAMPLES:
            break
    return questions


def render_summary(view: CatalogView | None) -> str:
    """The archive in a few words, for the top bar."""
    if view is None:
        return ""
    cables, _ = view.count()
    span = view.span()
    years = f", {span[0] // 10000}–{span[1] // 10000}" if span else ""
    return fill("{}{}", count(cables, "cable"), years)
