"""A cable in the reader, without a browser."""

from render_examples import cable, evidence

from qa.answer import Citation
from web.render.reader import Reading, render_reader


def test_the_reader_marks_the_cited_paragraph_and_its_quote() -> None:
    citation = Citation(1, evidence(), ("He asked for time.",), True)
    page = render_reader(Reading(cable(), "08ROME90001.3", (citation,), 0, 1))
    assert 'class="para role-body cited current"' in page
    assert "<mark>He asked for time.</mark>" in page


def test_the_reader_escapes_the_cable() -> None:
    page = render_reader(Reading(cable()))
    assert "ROME &lt;AND&gt; THE SEA" in page
    assert "<b>agreed" not in page


def test_another_text_under_the_id_is_one_click_away_and_back() -> None:
    shown = render_reader(Reading(cable(), versions=[cable()]))
    assert 'data-do="version" data-cable="08ROME90001" data-version="1"' in shown
    other = render_reader(Reading(cable(), version=1, versions=[cable()]))
    assert "another text under the id" in other
    assert "versions" not in render_reader(Reading(cable()))
