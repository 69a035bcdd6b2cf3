"""A telegram written for the tests, whole or with other parts, and a `Cable` printed back as a telegram."""

from cables.model import Address, Cable, Paragraph

HEADER = """VZCZCXRO0417
OO RUEHAB RUEHCD
DE RUEHLS #0512/01 0730915
ZNY CCCCC ZZH
O P 140915Z MAR 07
FM AMEMBASSY LISBON
TO RUEHC/SECSTATE WASHDC IMMEDIATE 4711
INFO RUEHMD/AMEMBASSY MADRID PRIORITY 0815
RUEHZL/EUROPEAN POLITICAL COLLECTIVE
RHEHNSC/NSC WASHDC PRIORITY
"""
CLASSIFICATION = "C O N F I D E N T I A L SECTION 01 OF 02 LISBON 000512"
CAPTIONS = "SIPDIS\n\nSTATE FOR EUR/WE"
FIELDS = """E.O. 12958: DECL: 03/14/2017
TAGS: PREL, ECON, PO
SUBJECT: HARBOR TALKS: THE MINISTER WANTS A PIER,
NOT A PROMISE

REF: A. LISBON 498
     B. 06 MADRID 2210

Classified By: DCM Ada Example for reasons 1.4 (b) and (d)."""
BODY = """1. (C) Summary: The harbor minister asked for a pier. He
expects an answer by May. End summary.

The Minister's Wish
-------------------

2. (C) On March 12 the minister told the Ambassador that the
old pier had sunk, and that a new one was needed.

3. (SBU) Comment: He meant it. End comment.

EXAMPLE"""


def telegram(
    *,
    header: str = HEADER,
    classification: str = CLASSIFICATION,
    captions: str = CAPTIONS,
    fields: str = FIELDS,
    body: str = BODY,
) -> str:
    """The telegram of the tests with some of its parts replaced."""
    return "\n\n".join((header.rstrip(), classification, captions, fields, body))


def printed(cable: Cable) -> str:
    """A cable printed as a telegram again: what a parser must read the same fields from."""
    date = cable.date
    assert date
    assert cable.sender
    assert cable.classification
    lines = [
        cable.transmission_id or "",
        f"{(cable.precedence or 'R')[:1]} {date:%d%H%M}Z {date:%b %y}".upper().replace("I ", "O ", 1),
        f"FM {cable.sender.name}",
        *(f"{'TO ' if index == 0 else ''}{_address(address)}" for index, address in enumerate(cable.action)),
        *(f"{'INFO ' if index == 0 else ''}{_address(address)}" for index, address in enumerate(cable.info)),
        "",
        " ".join(cable.classification.level.name) + f" {cable.id[2:-3]} {int(cable.id[-3:]):06}",
        "",
        *cable.captions,
        *cable.passing,
        "",
        f"E.O. 12958: DECL: {cable.declassify}",
        "TAGS: " + " ".join(tag.code for tag in cable.tags),
        f"SUBJECT: {cable.subject}",
        "",
    ]
    labelled = [f"{'REF: ' if i == 0 else ''}{r.label}. {r.text}" for i, r in enumerate(cable.references)]
    lines += [
        *labelled,
        "",
        f"Classified By: {cable.classified_by} for reasons " + ", ".join(cable.reasons) + ".",
        "",
    ]
    section = None
    for paragraph in cable.paragraphs:
        if paragraph.section and paragraph.section != section:
            lines += [paragraph.section, "-" * len(paragraph.section), ""]
        section = paragraph.section
        lines += [_paragraph(paragraph), ""]
    return "\n".join([*lines, cable.signature or ""])


def _address(address: Address) -> str:
    routing = f"{address.routing}/" if address.routing else ""
    return f"{routing}{address.name}" + (f" {address.precedence}" if address.precedence else "")


def _paragraph(paragraph: Paragraph) -> str:
    mark = f"({paragraph.marking.level.label[0]}) " if paragraph.marking else ""
    return f"{paragraph.number}. {mark}{paragraph.text}"
