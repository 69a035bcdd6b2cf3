"""The templates: everything is escaped, nothing that is missing goes unseen, none is left over."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

import web.render
from web.render.templating import render

FOLDER = Path(web.render.__file__).parent
TEMPLATES = sorted(path.name for path in (FOLDER / "templates").iterdir())


def test_a_value_is_escaped_and_markup_is_not() -> None:
    assert render("problem.html", problem="<b>1 & 2</b>") == (
        '<p class="problem" role="alert">&lt;b&gt;1 &amp; 2&lt;/b&gt;</p>'
    )
    assert "<b>" in render("problem.html", problem=Markup("<b>1</b>"))


def test_a_value_that_a_template_lacks_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="problem"):
        render("problem.html")


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_is_used_and_none_switches_escaping_off(name: str) -> None:
    files = [*FOLDER.parent.rglob("*.py"), *FOLDER.rglob("templates/*")]
    assert any(f'"{name}"' in file.read_text(encoding="utf-8") for file in files if file.name != name)
    text = (FOLDER / "templates" / name).read_text(encoding="utf-8")
    assert "safe" not in text
    assert "autoescape" not in text
