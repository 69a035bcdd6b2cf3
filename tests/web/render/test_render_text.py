"""A paragraph's words: quotes marked exactly, acronyms explained, nothing changed."""

import re

from render_examples import TEXT

from web.render.text import marked, own_acronyms


def test_a_quote_is_marked_exactly() -> None:
    assert marked(TEXT, ("He asked for time.",)).endswith("<mark>He asked for time.</mark>")


def test_a_quote_over_a_line_break_is_marked() -> None:
    assert marked("one\ntwo three", ("one two",)) == "<mark>one\ntwo</mark> three"


def test_a_quote_that_does_not_stand_there_marks_nothing() -> None:
    assert "<mark>" not in marked(TEXT, ("He asked for money.",))


def test_quotes_that_overlap_are_marked_once() -> None:
    assert marked("a b c d", ("a b c", "b c d")) == "<mark>a b c</mark> d"


def test_an_acronym_is_explained_once_by_the_cable_itself_or_the_glossary() -> None:
    own = own_acronyms(["The Ministry of Foreign Affairs (MOFA) and the Group of Four (G-4) met."])
    assert own == {"MOFA": "Ministry of Foreign Affairs"}
    page = marked("MOFA told MOFA.", (), own)
    assert page == '<abbr title="Ministry of Foreign Affairs">MOFA</abbr> told MOFA.'


def test_explaining_acronyms_never_changes_the_words() -> None:
    text = "The DCM & the FM <met>; NATO agreed."
    plain = re.sub(r"<[^>]+>", "", marked(text, ("the FM",), {}))
    assert plain == "The DCM &amp; the FM &lt;met&gt;; NATO agreed."


def test_words_in_capitals_throughout_stay_plain() -> None:
    assert "<abbr" not in marked("NATO AND THE FM AGREED.", (), {})
