from datetime import UTC, datetime

import pytest
from telegrams import CLASSIFICATION, HEADER

from cables.model import Address, Level, Marking
from cables.parsing.header import parse_header

OLD_HEADER = """CONFIDENTIAL

PAGE 01  LISBON  00512  01 OF 02  140915Z
ACTION EUR-12

INFO  OCT-01  ISO-00  SS-15  /028 W
                  ---------------------  062281
O R 140900Z MAR 79
FM AMEMBASSY LISBON
TO SECSTATE WASHDC NIACT IMMEDIATE 4711
INFO AMEMBASSY MADRID

C O N F I D E N T I A L LISBON 0512
"""


@pytest.mark.parametrize(
    ("line", "date", "precedence"),
    [
        ("O 140915Z MAR 07", datetime(2007, 3, 14, 9, 15, tzinfo=UTC), "IMMEDIATE"),
        ("P R 281848Z DEC 66", datetime(1966, 12, 28, 18, 48, tzinfo=UTC), "PRIORITY"),
        ("Z 010000Z Jan 2004", datetime(2004, 1, 1, tzinfo=UTC), "FLASH"),
        ("201247Z Jan 04", datetime(2004, 1, 20, 12, 47, tzinfo=UTC), None),
        ("O 311261Z FEB 07", None, "IMMEDIATE"),
    ],
)
def test_the_date_time_group_gives_utc_and_precedence(
    line: str, date: datetime | None, precedence: str | None
) -> None:
    header = parse_header(f"{line}\nFM AMEMBASSY LISBON\n\nSECRET LISBON 000512\n")
    assert (header.date, header.precedence) == (date, precedence)


@pytest.mark.parametrize(
    ("line", "marking", "origin"),
    [
        (CLASSIFICATION, Marking(Level.CONFIDENTIAL), "LISBON 000512"),
        (
            "S E C R E T//NOFORN RIO DE JANEIRO 000012",
            Marking(Level.SECRET, ("NOFORN",)),
            "RIO DE JANEIRO 000012",
        ),
        ("UNCLAS SECTION 01 OF 24 LISBON 00512", Marking(Level.UNCLASSIFIED), "LISBON 00512"),
        ("UNCLAS SENSITIVE LISBON 000512", Marking(Level.SBU), "LISBON 000512"),
        ("UNCLASSIFIED BUENOS AIRES 2481", Marking(Level.UNCLASSIFIED), "BUENOS AIRES 2481"),
        ("T O P S E C R E T LISBON 000512", Marking(Level.TOP_SECRET), "LISBON 000512"),
        ("LIMITED OFFICIAL USE LISBON 0512", Marking(Level.SBU, (), "LIMITED OFFICIAL USE"), "LISBON 0512"),
        (
            "C o n f i d e n t i a l section 01 of 04 lisbon 000512",
            Marking(Level.CONFIDENTIAL),
            "lisbon 000512",
        ),
        ("UNCLAS E F T O LISBON 000512", Marking(Level.UNCLASSIFIED), "LISBON 000512"),
        ("SS E C R E T LISBON 000512", Marking(Level.SECRET), "LISBON 000512"),
        ("E C R E T LISBON 000512", Marking(Level.SECRET), "LISBON 000512"),
    ],
)
def test_classification_lines_in_every_spelling(line: str, marking: Marking, origin: str) -> None:
    header = parse_header(f"{HEADER}\n{line}\n\nSIPDIS\n")
    assert (header.classification, header.origin) == (marking, origin)


def test_a_flattened_classification_line_ends_behind_the_number() -> None:
    text = f"{HEADER}\n{CLASSIFICATION}  SIPDIS  STATE FOR EUR  E.O. 12958: DECL: 01/28/2020"
    header = parse_header(text)
    assert text[header.body_start :].strip().startswith("SIPDIS  STATE FOR EUR")


def test_the_security_line_stands_in_for_a_lost_classification_line() -> None:
    assert parse_header(f"{HEADER}\nSIPDIS\n\nE.O. 12958: N/A\n").classification == Marking(
        Level.CONFIDENTIAL
    )


def test_recipients_have_routing_name_and_precedence() -> None:
    header = parse_header(f"{HEADER}\n{CLASSIFICATION}\n")
    assert header.action == (Address("SECSTATE WASHDC", "RUEHC", "IMMEDIATE"),)
    assert header.info[1] == Address("EUROPEAN POLITICAL COLLECTIVE", "RUEHZL")


@pytest.mark.parametrize(
    ("line", "address"),
    [
        (
            "RUEHMD/AMEMBASSY MADRID NIACT IMMEDIATE 0815-0816",
            Address("AMEMBASSY MADRID", "RUEHMD", "NIACT IMMEDIATE"),
        ),
        ("ZEN/CNO WASHINGTON DC", Address("CNO WASHINGTON DC")),
        ("RUEKJCS/JOINT STAFF WASHDC//J3//", Address("JOINT STAFF WASHDC//J3//", "RUEKJCS")),
        ("RUEHLP/AMEMBASSY LA PAZ DEC 0003", Address("AMEMBASSY LA PAZ", "RUEHLP")),
        ("USLO CARIBBEAN", Address("USLO CARIBBEAN")),
        ("RHEHNSC/NSC WASHDC PIORITY", Address("NSC WASHDC", "RHEHNSC", "PRIORITY")),
    ],
)
def test_addresses_of_all_kinds(line: str, address: Address) -> None:
    header = parse_header(
        f"FM AMEMBASSY LISBON\nTO RUEHC/SECSTATE WASHDC\nINFO {line}\n\nSECRET LISBON 000512\n"
    )
    assert header.info == (address,)


def test_several_action_addressees_and_no_exempted_ones() -> None:
    addressees = "TO AMEMBASSY LISBON\nAMEMBASSY MADRID\nXMT AMEMBASSY PARIS"
    text = f"FM SECSTATE WASHDC\n{addressees}\n\nSECRET STATE 000512\n"
    header = parse_header(text)
    assert [a.name for a in header.action] == ["AMEMBASSY LISBON", "AMEMBASSY MADRID"]
    assert header.info == ()


def test_a_page_line_inside_the_address_list_is_no_addressee() -> None:
    text = "FM SECSTATE WASHDC\nTO PAGE 02 STATE 023763 071504Z\nAMEMBASSY LISBON\n\nSECRET STATE 023763\n"
    assert [a.name for a in parse_header(text).action] == ["AMEMBASSY LISBON"]


def test_offices_of_an_old_header_are_no_recipients() -> None:
    header = parse_header(OLD_HEADER)
    assert header.date == datetime(1979, 3, 14, 9, 0, tzinfo=UTC)
    assert [a.name for a in header.info] == ["AMEMBASSY MADRID"]
    assert header.action == (Address("SECSTATE WASHDC", None, "NIACT IMMEDIATE"),)


def test_text_without_a_header_begins_at_once() -> None:
    assert parse_header("TAGS: PREL\nSUBJECT: X\n").body_start == 0


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("TO SECSTATE WASHDC PRIORITY 0872", Address("SECSTATE WASHDC", None, "PRIORITY")),
        ("TO SECSTATE WASHDC 0872 PRIORITY", Address("SECSTATE WASHDC", None, "PRIORITY")),
        (
            "TO: RUEHC / SECSTATE WASHDC NIACT IMMEDIATE 6066",
            Address("SECSTATE WASHDC", "RUEHC", "NIACT IMMEDIATE"),
        ),
        (
            "TO PAGE 02   LISBON  000512  182333Z \nAMEMBASSY OSLO PRIORITY",
            Address("AMEMBASSY OSLO", None, "PRIORITY"),
        ),
    ],
)
def test_a_header_alone_gives_its_recipients(line: str, address: Address) -> None:
    assert parse_header(f"O 140915Z MAR 07\nFM AMEMBASSY LISBON\n{line}").action == (address,)


def test_those_who_are_exempted_are_no_recipients() -> None:
    assert parse_header("FM AMEMBASSY LISBON\nINFO XMT AMEMBASSY OSLO").info == ()
