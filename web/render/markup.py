"""HTML that cannot be broken out of: templates are ours, everything that is filled in is escaped."""

from collections.abc import Iterable

from markupsafe import Markup


def fill(template: str, *values: object, **named: object) -> Markup:
    """The template with its {} filled in; a value that is not Markup itself is escaped."""
    return Markup(template).format(*values, **named)


def join(parts: Iterable[str], between: str = "") -> Markup:
    """Parts in a row; a part that is not Markup is escaped, `between` is HTML."""
    return Markup(between).join(parts)


NOTHING = Markup()
