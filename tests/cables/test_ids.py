import time
from pathlib import Path

import pytest

from cables.ids import Parts, canonical, find, post_of, split, year_of

SHARED = (Path(__file__).parents[2] / "../shared/cables").resolve()


@pytest.mark.parametrize(
    ("malformed", "id"),
    [
        ("08SCTION02OF02SAOPAULO335", "08SAOPAULO335"),
        ("09SECTION01OF03SANJOSE525", "09SANJOSE525"),
        ("08ECTION01OF02MANAMA492", "08MANAMA492"),
        ("09EFTOLONDON2468", "09LONDON2468"),
        ("09AMEMBASSYHANOI1284", "09HANOI1284"),
        ("06MADRID002583ZFR2585", "06MADRID2583"),
        ("08ACCRA001382SUSPECTEDDUPLICATE1392", "08ACCRA1392"),
        ("7575LIBREVILLE1895", "75LIBREVILLE1895"),
        ("90STATE255577TOSEC140323", "90STATE255577"),
        ("85NOFORNMOGADISHU1643", "85MOGADISHU1643"),
        ("05EMBASSYVIENNA1", "05VIENNA1"),
        ("06SECSTATE123", "06STATE123"),
        ("06PORT-OF-SPAIN123", "06PORTOFSPAIN123"),
        ("07PAP12", "07PORTAUPRINCE12"),
        ("07PAUP12", "07PORTAUPRINCE12"),
        ("05RIO123", "05RIODEJANEIRO123"),
        ("08RIODEJANIERO1234", "08RIODEJANEIRO1234"),
        ("07USUN2", "07USUNNEWYORK2"),
        ("05UNVIE1", "05UNVIEVIENNA1"),
        ("05USUNESCOPARISFR1", "05UNESCOPARISFR1"),
        ("05PARISFR1", "05UNESCOPARISFR1"),
        ("09BA123", "09BUENOSAIRES123"),
        ("08BKK23", "08BANGKOK23"),
        ("03HAGUE12", "03THEHAGUE12"),
        ("09BEIJINJG12", "09BEIJING12"),
        ("09SECTION0QF05HANOI297", "09HANOI297"),
        ("09SECTION02F02BRUSSELS1639", "09BRUSSELS1639"),
        ("09SIFIEDABUJA1673", "09ABUJA1673"),
        ("07SOIA828", "07SOFIA828"),
        ("07OSLO000160ZDK164", "07OSLO160"),
        ("05EMBASSYATLANTIS1", "05ATLANTIS1"),
        ("08STATE12345 (NOTAL)", "08STATE12345"),
        ("1979RIYADH00905_e", "79RIYADH905"),
        ("03SECDEFWASH12", "03SECDEF12"),
        ("0901OF02RPODUBAI288", "09DUBAI288"),
        ("092OF5", "09STATE126780"),
        ("06ASTANA", "06ASTANA204"),
        ("02TAIPEI12", "02AITTAIPEI12"),
        ("07USEU2", "07USEUBRUSSELS2"),
    ],
)
def test_a_malformed_id_is_mended(malformed: str, id: str) -> None:
    assert canonical(malformed) == id


@pytest.mark.parametrize(
    "written",
    [
        "08BEIJING1488",
        "08 Beijing 1488",
        "08BEIJING001488",
        "Beijing 1488 (2008)",
        "Beijing 1488 (08)",
        "Beijing (08) 1488",
        "2008 BEIJING 1488",
        "(08) BEIJING 1488",
        "'08 Beijing 1488",
        "08-BEIJING-1488",
        "08_BEIJING_1488",
        "beijing 1488/08",
        "Beijing 1488-08",
        "Beijing 1488, 2008",
        "AMEMBASSY BEIJING 1488 (2008)",
        "08 Beijing No. 1488",
        " 08beijing1488.txt ",
        "08BEIJING1488.html",
        "https://example.org/cable/2008/04/08BEIJING1488.html",
        "cables/08BEIJING1488_a.html",
    ],
)
def test_every_way_of_writing_an_id_is_one_id(written: str) -> None:
    assert canonical(written) == "08BEIJING1488"


def test_the_year_of_the_context_is_used_where_none_is_written() -> None:
    assert canonical("Beijing 1488", year=2008) == "08BEIJING1488"


def test_a_written_year_wins_over_that_of_the_context() -> None:
    assert canonical("07 Beijing 1488", year=2008) == "07BEIJING1488"


def test_an_archive_number_of_the_seventies_becomes_the_short_form() -> None:
    assert canonical("1976STATE311722") == "76STATE311722"


def test_a_post_cut_short_is_completed() -> None:
    assert canonical("1977NEWDE01234") == "77NEWDELHI1234"


@pytest.mark.parametrize(
    "id", ["02BRUSSELS12", "07USEUBRUSSELS2", "07USNATO2", "05KIEV7", "05KYIV7", "08RPODUBAI49"]
)
def test_posts_that_only_resemble_each_other_stay_apart(id: str) -> None:
    assert canonical(id) == id


def test_a_canonical_id_of_an_unknown_post_is_taken_as_it_is() -> None:
    assert canonical("08ATLANTIS12") == "08ATLANTIS12"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cable",
        "notes12",
        "2008Q3",
        "Beijing 1488",
        "08 Atlantis 12",
        "08BEIJING1488.2",
        "08BEIJING0",
        "¶ 12",
    ],
)
def test_what_is_no_id_is_none(text: str) -> None:
    assert canonical(text) is None


def test_an_id_comes_apart_into_year_post_and_serial() -> None:
    assert split("75LIBREVILLE1895") == Parts(1975, "LIBREVILLE", 1895)
    assert (year_of("08RIODEJANEIRO22"), post_of("08RIODEJANEIRO22")) == (2008, "RIODEJANEIRO")


def test_no_part_of_what_is_no_id() -> None:
    assert split("frus1964-d8") is None
    assert year_of("") is None


def _found(text: str) -> list[tuple[str, str]]:
    return [(text[mention.start : mention.end], mention.id) for mention in find(text, year=2009)]


def test_ids_in_running_text_are_found_where_they_stand() -> None:
    text = "As 08 Beijing 1488 says, and 09RIYADH716 (see STATE 40380 and La Paz 712)."
    assert _found(text) == [
        ("08 Beijing 1488", "08BEIJING1488"),
        ("09RIYADH716", "09RIYADH716"),
        ("STATE 40380", "09STATE40380"),
        ("La Paz 712", "09LAPAZ712"),
    ]


@pytest.mark.parametrize("behind", [" and others", " or later", " para 4", "  paragraph 4", ".", " ", ""])
def test_a_post_in_small_letters_is_an_id_where_its_part_of_the_sentence_ends(behind: str) -> None:
    assert _found(f"Compare Lisbon 512{behind}") == [("Lisbon 512", "09LISBON512")]


@pytest.mark.parametrize(
    "text",
    [
        "the Beijing 2008 Olympics",
        "in Kabul 12 people came",
        "Kabul 200 protesters",
        "PARIS 2004",
        "IN PARIS 200 PEOPLE",
        "Madrid 11 March",
        "STATE 12,000",
        "PAGE 04 HARARE 06677",
        "London 2007 Coordinator",
    ],
)
def test_a_town_and_a_number_are_no_id(text: str) -> None:
    assert _found(text) == []


def test_a_megabyte_without_an_id_is_searched_quickly() -> None:
    began = time.process_time()
    assert list(find("A A A " * 170_000, year=2009)) == list(find("Aaaa" * 250_000, year=2009)) == []
    assert time.process_time() - began < 4


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real cables are not here")
def test_the_ids_of_real_cables_are_canonical() -> None:
    ids = [path.stem for path in SHARED.glob("*.txt")]
    assert len(ids) > 1_000
    assert [id for id in ids if canonical(id) != id] == []
