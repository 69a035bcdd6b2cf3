"""Texts that are no telegrams: other services' messages, e-mails, memoranda."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cables import Level, MarkingState, Role, forms
from cables.forms import Failure, Reading
from cables.parsing.document import document_id, is_document, parse_document

CABLEGRAM = """---
doc_date: '1975-03-05'
title: Cablegram to Jakarta and Lisbon
---

Canberra, 5 March 1975

O.CH983503 SECRET ROUTINE

 **An Island**

Our following telegram contains a press report on the ferry.

  2. In recent talks we have been at pains to say that the ferry matters.
  3. We think that the ferry should sail in May.
"""
MAIL = """From: Marlow, Anna
Sent: Sunday, April 3, 2011 11:31 AM
To: H
Subject: Re: Harbour crews

I agree: the crews come in May and the boats in June.

-----Original Message-----
From: H
Subject: Harbour crews

When do the crews come?
"""


def test_a_cablegram_has_its_date_addressee_marking_and_numbers() -> None:
    cable = parse_document(CABLEGRAM, name="75CANBERRA183503.md")
    assert (cable.id, cable.date) == ("75CANBERRA183503", datetime(1975, 3, 5, tzinfo=UTC))
    assert cable.classification
    assert cable.classification.level is Level.SECRET
    assert cable.action[0].name == "Jakarta and Lisbon"
    assert [paragraph.number for paragraph in cable.paragraphs] == [None, 2, 3]


REPORT = """NATIONAL INTELLIGENCE OFFICE
INTELLIGENCE INFORMATION CABLE

CITE TDX 314/00512-63
DIST 14 MARCH 1963
COUNTRY PORTUGAL
SUBJECT Plans of the Harbor Minister
DATE OF INFO 12 MARCH 1963

1. The minister plans to build a pier.

2. He has no money for it.
"""


def test_a_report_with_labels_without_colons_is_a_document() -> None:
    assert is_document(REPORT)
    cable = parse_document(REPORT, name="report.txt")
    assert (cable.id, cable.subject) == ("19630314-REPORT", "Plans of the Harbor Minister")
    assert [p.text for p in cable.paragraphs if p.number] == [
        "The minister plans to build a pier.",
        "He has no money for it.",
    ]


def test_a_message_keeps_its_own_text_beside_the_quoted_one() -> None:
    cable = parse_document(MAIL, id="C95779637")
    assert cable.paragraphs[0].text == "I agree: the crews come in May and the boats in June."
    assert [paragraph.role for paragraph in cable.paragraphs][1:] == [Role.QUOTED, Role.QUOTED]
    assert (cable.subject, cable.marking_state) == ("Re: Harbour crews", MarkingState.NOT_MARKED)
    assert cable.sender
    assert cable.sender.name == "Marlow, Anna"


@pytest.mark.parametrize(
    ("name", "id"), [("75CANBERRA183503.md", "75CANBERRA183503"), ("D 12 (final).txt", "19750305-D-12-FINAL")]
)
def test_the_id_is_made_of_file_name_and_day(name: str, id: str) -> None:
    assert document_id(name, datetime(1975, 3, 5, tzinfo=UTC)) == id


def test_any_text_is_no_document_unless_it_is_said(tmp_path: Path) -> None:
    assert is_document(CABLEGRAM)
    path = tmp_path / "list.txt"
    path.write_text("Milk\nBread\nA new pump for the well, before Friday\n")
    assert isinstance(next(forms.read(path)), Failure)
    (reading,) = forms.read(path, as_document=True)
    assert isinstance(reading, Reading)
    assert "read as a document" in reading.cable.notes[-1]
