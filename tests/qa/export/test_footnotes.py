from cables import parse_telegram
from qa.export.footnotes import cable_footnote, footnote, pilcrow
from tests.qa.conftest import Make


def test_a_footnote_is_written_as_historians_write_it(paragraph: Make) -> None:
    assert footnote(paragraph("x").found) == (
        "Embassy Paris to State, telegram 08PARIS90001, 17 April 2008, Confidential, ¶2."
    )


def test_a_footnote_of_the_departments_own_cable_names_the_department(paragraph: Make) -> None:
    found = paragraph("x", post="Secretary of State", cable="09STATE1", day=None).found
    assert footnote(found) == "Department of State, telegram 09STATE1, undated, Confidential, ¶2."


def test_a_cables_footnote_is_the_same_with_and_without_a_paragraph() -> None:
    cable = parse_telegram("SUBJECT: GAS\n\n1. (C) A gas quarrel.\n\nNo number here.", id="09MOSCOW90001")
    whole = cable_footnote(cable)
    assert cable_footnote(cable, cable.paragraphs[0]) == f"{whole[:-1]}, {pilcrow(cable.paragraphs[0])}."
