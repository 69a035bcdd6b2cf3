"""Figures that differ between cables, and those that only seem to."""

from qa.dossier.dossier import Analysed
from qa.dossier.figures import differing_figures
from qa.generation.quotation import readable
from qa.text.analysis import analyse
from tests.qa.conftest import Make

TROOPS = "Portugal has 750 troops in Kosovo and a field hospital near the old airport."


def said(make: Make, *texts: str) -> list[Analysed]:
    """A sentence a cable, a month apart."""
    found = [make(text, cable=f"08PARIS9000{n}", day=20080101 + 100 * n) for n, text in enumerate(texts)]
    return [((e, s), analyse(s.piece.text)) for e in found for s in readable(e)]


def test_two_cables_that_count_the_same_thing_differently_stand_side_by_side(paragraph: Make) -> None:
    (found,) = differing_figures(said(paragraph, TROOPS, TROOPS.replace("750", "1,000")))
    assert [(side.printed, side.chosen[0].cable_id) for side in found.sides] == [
        ("750", "08PARIS90000"),
        ("1,000", "08PARIS90001"),
    ]


def test_the_same_figure_in_another_spelling_is_no_difference(paragraph: Make) -> None:
    texts = [TROOPS.replace("750", spelled) for spelled in ("3,000", "three thousand", "3000")]
    assert differing_figures(said(paragraph, *texts)) == []


def test_another_countrys_figure_is_no_difference(paragraph: Make) -> None:
    other = TROOPS.replace("750", "1,000").replace("Portugal", "Sweden")
    assert differing_figures(said(paragraph, TROOPS, other)) == []


def test_years_days_and_numbers_of_paragraphs_are_no_figures(paragraph: Make) -> None:
    text = "Please draw on paragraph {} to brief the hosts of the round of {} on March {}, 2009."
    assert differing_figures(said(paragraph, text.format(11, 2007, 4), text.format(12, 2008, 5))) == []


def test_one_cable_does_not_differ_from_itself(paragraph: Make) -> None:
    text = f"{TROOPS} {TROOPS.replace('750', '1,000')}"
    assert differing_figures(said(paragraph, text)) == []


def test_sentences_about_other_things_are_not_compared(paragraph: Make) -> None:
    other = "Some 1,000 troops of the guard marched past the President's box on Saturday."
    assert differing_figures(said(paragraph, TROOPS, other)) == []
