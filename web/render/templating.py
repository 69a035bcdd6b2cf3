"""The pages' HTML and SVG: Jinja2 templates, in which every value is escaped unless it is Markup itself."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from qa.export.footnotes import pilcrow
from web.render import formatting

_ENVIRONMENT = Environment(
    loader=PackageLoader(__package__),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_ENVIRONMENT.filters |= {
    filter.__name__: filter
    for filter in (
        formatting.address,
        formatting.counted,
        formatting.day_words,
        formatting.dashed,
        formatting.duration,
        formatting.level_class,
        formatting.moment_words,
        formatting.month_words,
        formatting.para_of,
        pilcrow,
        formatting.role_words,
        formatting.spoken,
        formatting.thousands,
        formatting.xml,
    )
}


def render(template: str, **values: object) -> Markup:
    """A file of web/render/templates, filled in. Raises UndefinedError where a value is missing."""
    return Markup(_ENVIRONMENT.get_template(template).render(**values))


def render_problem(problem: str) -> Markup:
    """Why something could not be done, in words for the reader."""
    return render("problem.html", problem=problem)
