"""Why something could not be done, as HTML."""

from markupsafe import Markup

from web.render.templating import render


def render_problem(problem: str) -> Markup:
    """A message for the reader."""
    return render("problem.html", problem=problem)
