"""Word-processor files and mail are read by their text."""

import zipfile
from pathlib import Path

from cables import Role
from tests.cables.forms.made_up import Reader, telegram

MAILBOX = """From anna Sun Apr  3 11:31:00 2011
From: Anna Marlow <anna@example.org>
To: H <h@example.org>
Date: Sun, 3 Apr 2011 11:31:00 -0400
Message-ID: <1@example.org>
Subject: Harbour crews

I agree: the crews come in May.

-----Original Message-----
When do they come?

From h Sun Apr  3 12:00:00 2011
From: H <h@example.org>
To: Anna Marlow <anna@example.org>
Date: Sun, 3 Apr 2011 12:00:00 -0400
Message-ID: <2@example.org>
Subject: Re: Harbour crews

Then we wait for them.
"""


def test_a_word_document_is_read_by_its_paragraphs(tmp_path: Path, outcome: Reader) -> None:
    lines = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in telegram().split("\n"))
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    path = tmp_path / "08NIAMEY417.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{lines}</w:body></w:document>'
        )
    (reading,), failures = outcome(path)
    assert (reading.cable.id, failures) == ("08NIAMEY417", [])
    assert [paragraph.number for paragraph in reading.cable.paragraphs] == [1, 2]


def test_rich_text_is_read_by_its_words(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "08NIAMEY417.rtf"
    path.write_text("{\\rtf1 " + telegram().replace("\n", "\\par\n") + "}")
    (reading,), failures = outcome(path)
    assert (reading.cable.id, failures) == ("08NIAMEY417", [])


def test_a_mailbox_keeps_its_first_message_and_each_ones_own_text(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "harbour.mbox"
    path.write_text(MAILBOX)
    readings, failures = outcome(path)
    assert failures == []
    assert [reading.cable.id for reading in readings] == ["20110403-HARBOUR-1", "20110403-HARBOUR-2"]
    first = readings[0].cable
    assert first.paragraphs[0].text == "I agree: the crews come in May."
    assert {paragraph.role for paragraph in first.paragraphs[1:]} == {Role.QUOTED}
    assert first.subject == "Harbour crews"


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path: Path, outcome: Reader) -> None:
    first, second = telegram().split("2. (C)", 1)
    pages = {"b.xhtml": first, "a b.xhtml": "2. (C)" + second}
    items = '<item id="x" href="a%20b.xhtml"/><item id="y" href="b.xhtml"/>'
    path = tmp_path / "08NIAMEY417.epub"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:c"><rootfiles><rootfile full-path="OPS/p.opf"/></rootfiles></container>',
        )
        archive.writestr(
            "OPS/p.opf",
            f'<package xmlns="urn:p"><manifest>{items}</manifest>'
            '<spine><itemref idref="y"/><itemref idref="x"/></spine></package>',
        )
        for name, text in pages.items():
            lines = "".join(f"<p>{line}</p>" for line in text.split("\n"))
            archive.writestr(
                f"OPS/{name}", f"<html><head><title>Book</title></head><body>{lines}</body></html>"
            )
    (reading,), failures = outcome(path)
    assert failures == []
    assert [paragraph.number for paragraph in reading.cable.paragraphs] == [1, 2]


def test_a_book_without_its_list_of_pages_says_what_to_do(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "a.epub"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
    _, (failure,) = outcome(path)
    assert "save it as plain text" in failure.reason
