import time

import pytest

from cables.model import Reference, ReferenceKind
from cables.parsing.references import parse_references


def _ids(block: str, year: int = 2009) -> list[tuple[str | None, str | None]]:
    return [(found.label, found.cable_id) for found in parse_references(block, year=year, own_id=None)]


@pytest.mark.parametrize(
    ("block", "year", "expected"),
    [
        ("REF: A. TBILISI 1605  B. 06 TBILISI 0619", 2007, [("A", "07TBILISI1605"), ("B", "06TBILISI619")]),
        ("(D)BEIJING \n5361", 2008, [("D", "08BEIJING5361")]),
        ("I. 2007 MANAGUA 2135", 2008, [("I", "07MANAGUA2135")]),
        (
            "A. BRASILIA 2799 AND 2764 ¶B. PORT AU PRINCE 2325",
            2004,
            [("A", "04BRASILIA2799"), ("A", "04BRASILIA2764"), ("B", "04PORTAUPRINCE2325")],
        ),
        (
            "[A] State 188314, 259032, [B] Ottawa 2285",
            2008,
            [("A", "08STATE188314"), ("A", "08STATE259032"), ("B", "08OTTAWA2285")],
        ),
        ("Kabul 692/317/274", 2008, [(None, "08KABUL692"), (None, "08KABUL317"), (None, "08KABUL274")]),
        ("A. ASUNCION 701 (08)", 2009, [("A", "08ASUNCION701")]),
        ("STATE (01) 201265", 2002, [(None, "01STATE201265")]),
        ("(99) ROME 2196", 2000, [(None, "99ROME2196")]),
        ("AMMAN 5049-01", 2002, [(None, "01AMMAN5049")]),
        ("PANAMA 00789/08", 2009, [(None, "08PANAMA789")]),
        ("09CAIRO0561; 08CAIRO2528", 2009, [(None, "09CAIRO561"), (None, "08CAIRO2528")]),
        ("B)HK05511", 2005, [("B", "05HONGKONG5511")]),
        ("10-OTTAWA-57", 2010, [(None, "10OTTAWA57")]),
        ("A. '08 BUENOS AIRES 1491", 2009, [("A", "08BUENOSAIRES1491")]),
        ("REF A LONDON 002351 B) STATE 069339", 2009, [("A", "09LONDON2351"), ("B", "09STATE69339")]),
        ("A. REF A STATE 122214", 2009, [("A", "09STATE122214")]),
        ("A - Kabul 28", 2009, [("A", "09KABUL28")]),
        ("A. A) 04 STATE 274965\n¶B. B) MADRID 156", 2005, [("A", "04STATE274965"), ("B", "05MADRID156")]),
        ("COTON0U 348", 2008, [(None, "08COTONOU348")]),
        ("O4 CHENNAI 0944", 2004, [(None, "04CHENNAI944")]),
        ("094 QUITO 841", 2009, [(None, "09QUITO841")]),
        ("N'DJAMENA 511", 2008, [(None, "08NDJAMENA511")]),
        ("USUN NE YORK 609", 2008, [(None, "08USUNNEWYORK609")]),
        ("REF: A) LISBON 4 B) 2962 AND PREVIOUS", 2006, [("A", "06LISBON4"), ("B", "06LISBON2962")]),
        ("870 Lisbon", 2006, [(None, "06LISBON870")]),
        ("A) 377 LISBON, B) 01 LISBON 2383", 2002, [("A", "02LISBON377"), ("B", "01LISBON2383")]),
        ("LISBON 849, LISBON, 1228", 2008, [(None, "08LISBON849"), (None, "08LISBON1228")]),
        ("A. LISBON O1512", 2002, [("A", "02LISBON1512")]),
        ("LISBON 07718 99, LISBON 05986 00", 2002, [(None, "99LISBON7718"), (None, "00LISBON5986")]),
        ("LISBON (C)02293", 2003, [(None, "03LISBON2293")]),
        ("LISBON CABLES 0266 AND 02259 (2002)", 2003, [(None, "03LISBON266"), (None, "02LISBON2259")]),
        ("(A) Lisbona 2304", 2002, [("A", "02LISBON2304")]),
        (
            "REF: A. OSLO 1\n¶B. OSLO 2\n¶F. OSLO 6",
            2009,
            [("A", "09OSLO1"), ("B", "09OSLO2"), ("F", "09OSLO6")],
        ),
        (
            "A) Oslo 692/317; B) 06 Oslo \n53/51/43 and previous",
            2007,
            [("A", "07OSLO692"), ("A", "07OSLO317"), ("B", "06OSLO53"), ("B", "06OSLO51"), ("B", "06OSLO43")],
        ),
        (
            "STATE 12, 03 RANGOON 14, 15",
            2005,
            [(None, "05STATE12"), (None, "03RANGOON14"), (None, "03RANGOON15")],
        ),
        (
            "STATE 297614 AND PREVIOUS 03 RANGOON 1427",
            2004,
            [(None, "04STATE297614"), (None, "03RANGOON1427")],
        ),
    ],
)
def test_cables_cited_are_resolved(
    block: str, year: int, expected: list[tuple[str | None, str | None]]
) -> None:
    assert _ids(block, year) == expected


@pytest.mark.parametrize(
    "block",
    [
        "MITCHELL/SIMS TELCON 02/16/2010",
        "OSC EUP20080707950031",
        "IIR 6 832 0617 08",
        "TD-314/63777-05",
        "PARIS POINTS JULY 15",
        "9 FAM Appendix K",
        "SECDEF R162245Z OCT 08",
    ],
)
def test_what_is_no_cable_is_kept_without_an_id(block: str) -> None:
    assert parse_references(block, year=2008, own_id=None) == (Reference(block, ReferenceKind.OTHER),)


@pytest.mark.parametrize("block", ["HALL - MANZANARES E-MAIL OF 3/23", "BERLIN 12 MARCH 2007 EMAIL"])
def test_an_email_is_an_email(block: str) -> None:
    assert parse_references(block, year=2008, own_id=None) == (Reference(block, ReferenceKind.EMAIL),)


def test_notal_is_kept_as_a_flag() -> None:
    (found,) = parse_references("REF: KINGSTON 89 (NOTAL)", year=2007, own_id=None)
    assert (found.cable_id, found.notal, found.title) == ("07KINGSTON89", True, None)


def test_entries_keep_their_order() -> None:
    found = parse_references("REF: E-MAIL LEE/SUND; 05 OSLO 12; 06 OSLO 13", year=2008, own_id=None)
    assert [one.kind for one in found] == [ReferenceKind.EMAIL, ReferenceKind.CABLE, ReferenceKind.CABLE]


def test_a_number_alone_is_of_the_cables_own_post() -> None:
    found = parse_references("REF: A) 6307 B) OSLO 12", year=2003, own_id="03LISBON6322")
    assert [one.cable_id for one in found] == ["03LISBON6307", "03OSLO12"]


def test_titles_in_brackets_are_kept() -> None:
    found = parse_references("REF: HANOI 60 (A FEW CHANGES) HANOI 330 (A THAW?)", year=2002, own_id=None)
    assert [(one.cable_id, one.title) for one in found] == [
        ("02HANOI60", "A FEW CHANGES"),
        ("02HANOI330", "A THAW?"),
    ]


@pytest.mark.parametrize("dash", [" --", " -", ":"])
def test_a_title_after_a_dash_is_kept(dash: str) -> None:
    (found,) = parse_references(f"REF: HANOI 60{dash} A FEW CHANGES", year=2002, own_id=None)
    assert (found.cable_id, found.title) == ("02HANOI60", "A FEW CHANGES")


def test_a_talk_beside_a_cable_is_an_entry_of_its_own() -> None:
    found = parse_references("REF: ABUJA 207; FEB 24 CARTER-OBI TELCON", year=2010, own_id=None)
    assert [(one.kind, one.text) for one in found] == [
        (ReferenceKind.CABLE, "ABUJA 207"),
        (ReferenceKind.OTHER, "FEB 24 CARTER-OBI TELCON"),
    ]


def test_words_around_a_citation_are_no_entry() -> None:
    (found,) = parse_references("REF: SEE ALSO OSLO 7 PLEASE PASS TO POST", year=2009, own_id=None)
    assert (found.text, found.cable_id) == ("OSLO 7", "09OSLO7")


@pytest.mark.parametrize("words", ["NONE", "2006 AND PREVIOUS", "____"])
def test_empty_words_are_no_entry(words: str) -> None:
    assert parse_references(f"REF: {words}", year=2009, own_id=None) == ()


@pytest.mark.parametrize(
    "debris",
    ["CONFIDENTIAL PAGE 02 ROME 01196 01 OF 02 082030Z", "\nSTATE 00016220 001.2 OF 005 \n", "\nSIPDIS\n"],
)
def test_page_debris_is_no_reference(debris: str) -> None:
    assert _ids(f"A. OSLO 1 {debris} B. OSLO 2") == [("A", "09OSLO1"), ("B", "09OSLO2")]


def test_a_cable_does_not_cite_itself() -> None:
    found = parse_references("A. OSLO 7 B. OSLO 8", year=2009, own_id="09OSLO7")
    assert [one.cable_id for one in found] == ["09OSLO8"]


def test_the_year_comes_from_the_cables_own_id_where_it_is_not_given() -> None:
    (found,) = parse_references("OSLO 7", year=None, own_id="88OSLO9")
    assert found.cable_id == "88OSLO7"


def test_without_any_year_a_citation_is_kept_unresolved() -> None:
    assert parse_references("OSLO 7", year=None, own_id=None) == (Reference("OSLO 7", ReferenceKind.CABLE),)


def test_the_block_ends_at_the_next_field() -> None:
    assert _ids("REF: OSLO 7\n\nClassified By: DCM, reasons 1.4 (b). BERLIN 12") == [(None, "09OSLO7")]


def test_initials_in_a_title_are_no_labels() -> None:
    assert _ids("A. OSLO 7 (U.S. AND U.K. VIEWS) B. OSLO 8") == [("A", "09OSLO7"), ("B", "09OSLO8")]


@pytest.mark.parametrize("piece", ["A. ", "OSLO 1 ", "(", "A A A ", "7/", "AND ", "x-"])
def test_a_long_block_of_nonsense_is_parsed_quickly(piece: str) -> None:
    began = time.process_time()
    parse_references(piece * 200_000, year=2009, own_id=None)
    assert time.process_time() - began < 2
