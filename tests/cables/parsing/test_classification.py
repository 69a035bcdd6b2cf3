"""What looks like a marking raises the level; a cable whose marking cannot be read is held."""

import pytest
from telegrams import FIELDS, HEADER, telegram

from cables import Cable, Level, Marking, MarkingState, parse_telegram

BARE_HEADER = HEADER.replace("ZNY CCCCC ZZH\n", "")


def _marked(line: str, caption: str = "SIPDIS", mark: str = "(S)") -> Cable:
    body = (
        f"1. {mark} The wheat contract was signed in the palace.\n\n2. {mark} The price of eggs rose in May."
    )
    return parse_telegram(telegram(header=BARE_HEADER, classification=line, captions=caption, body=body))


@pytest.mark.parametrize(
    ("line", "marking"),
    [
        ("SECRET//NOFORN LISBON 000512", Marking(Level.SECRET, ("NOFORN",))),
        ("S E C R E T//SI//NOFORN LISBON 000512", Marking(Level.SECRET, ("SI", "NOFORN"))),
        ("S E C R E T//FGI GBR//NOFORN LISBON 000512", Marking(Level.SECRET, ("FGI GBR", "NOFORN"))),
        ("S E C R E T REL TO USA GBR LISBON 000512", Marking(Level.SECRET, ("REL TO USA GBR",))),
        ("S E C R E T LISBON 000512 CORRECTED COPY NOFORN", Marking(Level.SECRET, ("NOFORN",))),
        ("T O P  S E C R E T LISBON 000512", Marking(Level.TOP_SECRET)),
        ("TOP  SECRET LISBON 000512", Marking(Level.TOP_SECRET)),
        ("COSMIC TOP SECRET LISBON 000512", Marking(Level.TOP_SECRET, ("COSMIC",))),
        ("S-E-C-R-E-T LISBON 000512", Marking(Level.SECRET)),
        ("RESTRICTED LISBON 000512", Marking(Level.CONFIDENTIAL, (), "RESTRICTED")),
    ],
)
def test_a_classification_line_of_any_spelling_is_read(line: str, marking: Marking) -> None:
    cable = _marked(line, mark="")
    assert (cable.classification, cable.marking_state) == (marking, MarkingState.MARKED)
    assert cable.id == "07LISBON512"


@pytest.mark.parametrize(
    "caption",
    [
        "SECRET//NOFORN",
        "SECRET NOFORN",
        "N O F O R N",
        "noforn",
        "*NOFORN*",
        "DEPT FOR NEA, NOFORN",
        "NOT RELEASABLE TO FOREIGN NATIONALS",
    ],
)
def test_a_caveat_below_the_classification_line_is_the_cables(caption: str) -> None:
    marking = _marked("S E C R E T LISBON 000512", caption).classification
    assert marking
    assert "NOFORN" in marking.caveats


@pytest.mark.parametrize(
    ("mark", "marking"),
    [
        ("(S)(NF)", Marking(Level.SECRET, ("NOFORN",))),
        ("[S/NF]", Marking(Level.SECRET, ("NOFORN",))),
        ("(NF)", Marking(Level.SECRET, ("NOFORN",))),
        ("(SNF)", Marking(Level.SECRET, ("NOFORN",))),
        ("(S\\NF)", Marking(Level.SECRET, ("NOFORN",))),
        ("(U) (TS)", Marking(Level.TOP_SECRET)),
        ("(S) NF", Marking(Level.SECRET, ("NOFORN",))),
        ("(\u0405/NF)", Marking(Level.SECRET, ("NOFORN",))),
    ],
)
def test_a_portion_marking_of_an_odd_spelling_is_read_and_taken_off(mark: str, marking: Marking) -> None:
    paragraph = _marked("S E C R E T LISBON 000512", mark=mark).paragraphs[0]
    assert (paragraph.marking, paragraph.text) == (marking, "The wheat contract was signed in the palace.")


def test_a_marking_with_a_long_list_is_read() -> None:
    mark = "(S//REL AFGHANISTAN, KYRGYZSTAN, TAJIKISTAN, TURKMENISTAN,\nUZBEKISTAN)"
    marking = _marked("S E C R E T LISBON 000512", mark=mark).paragraphs[0].marking
    assert marking
    assert marking.level is Level.SECRET
    assert marking.caveats[0].startswith("REL AFGHANISTAN")


def test_what_looks_like_a_marking_and_is_none_is_no_open_paragraph() -> None:
    marking = _marked("S E C R E T LISBON 000512", mark="(S;QX)").paragraphs[0].marking
    assert marking
    assert marking.caveats


def test_the_subjects_own_marking_is_the_cables() -> None:
    text = telegram(fields=FIELDS.replace("SUBJECT: ", "SUBJECT: (S/NF) "))
    assert parse_telegram(text).classification == Marking(Level.SECRET, ("NOFORN",))


def test_a_caveat_of_every_paragraph_is_the_cables() -> None:
    assert _marked("S E C R E T LISBON 000512", mark="(S/NF)").classification == Marking(
        Level.SECRET, ("NOFORN",)
    )


@pytest.mark.parametrize("line", ["CO FID NTIAL LISBON 000512", "CO F DEN IAL SECTION 1 OF 2 LISBON 0512"])
def test_a_garbled_line_holds_the_cable_at_what_it_comes_nearest_to(line: str) -> None:
    cable = _marked(line, mark="")
    assert (cable.classification, cable.marking_state) == (
        Marking(Level.CONFIDENTIAL),
        MarkingState.NOT_READABLE,
    )
    assert cable.id == "07LISBON512"
    assert any(note.startswith("marking not readable") for note in cable.notes)


def test_a_classified_cable_without_a_marking_is_held_as_secret() -> None:
    cable = _marked("LISBON 000512", mark="")
    assert (cable.classification, cable.marking_state) == (Marking(Level.SECRET), MarkingState.NOT_READABLE)


def test_what_nobody_classified_is_not_marked() -> None:
    text = telegram(
        header=BARE_HEADER, classification="LISBON 000512", fields="SUBJECT: A PIER", body="1. He said so."
    )
    cable = parse_telegram(text)
    assert (cable.classification, cable.marking_state) == (None, MarkingState.NOT_MARKED)
