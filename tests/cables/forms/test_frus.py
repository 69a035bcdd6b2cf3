from datetime import UTC, datetime
from pathlib import Path

from cables import Address, Role
from tests.cables.forms.made_up import Reader

VOLUME = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0"
 xmlns:frus="http://history.state.gov/frus/ns/1.0" xml:id="frus1964-68v99">
<teiHeader/><text><front><div><p>A preface.</p></div></front><body><div type="compilation">
<div type="document" n="8" xml:id="d8" frus:doc-dateTime-min="1966-12-28T18:48:00-05:00">
<head>8. Telegram From the Embassy in Niger to the Department of State<note type="source">Source: Archives.
Secret; Priority. <p>A paragraph of the note.</p></note></head>
<opener><dateline><placeName>Niamey</placeName>, <date when="1966-12-28">28 December</date></dateline>
</opener>
<p>2534. Subject: The well. Ref: State 100.</p>
<p>1. <persName>Minister Abdou</persName> said that the pump<note n="2">A footnote.</note> was
<pb n="12"/>late.</p>
<p>2. Comment: We doubt it.</p>
<closer><signed><persName>Halvorsen</persName></signed></closer>
</div>
<div type="document" n="9" xml:id="d9"><head>9. Memorandum of Conversation</head>
<opener><dateline><date when="1967-01-03">January 3</date></dateline></opener>
<p>They spoke of pumps.</p></div>
</div></body></text></TEI>
"""


def _volume(path: Path, text: str = VOLUME) -> Path:
    (path / "download.xml").write_text(text)
    return path / "download.xml"


def test_each_document_is_a_record_with_its_own_id(tmp_path: Path, outcome: Reader) -> None:
    readings, failures = outcome(_volume(tmp_path))
    assert [reading.cable.id for reading in readings] == ["frus1964-68v99-d8", "frus1964-68v99-d9"]
    assert failures == []


def test_a_telegrams_fields_come_from_its_head_and_source_note(tmp_path: Path, outcome: Reader) -> None:
    cable = outcome(_volume(tmp_path))[0][0].cable
    assert (cable.subject, cable.post, cable.date, str(cable.classification), cable.signature) == (
        "Telegram From the Embassy in Niger to the Department of State",
        "Embassy Niamey",
        datetime(1966, 12, 28, 18, 48, tzinfo=UTC),
        "SECRET",
        "Halvorsen",
    )
    assert (cable.sender, cable.action) == (Address("Embassy in Niger"), (Address("Department of State"),))


def test_footnotes_and_page_breaks_are_no_text(tmp_path: Path, outcome: Reader) -> None:
    cable = outcome(_volume(tmp_path))[0][0].cable
    assert [(paragraph.number, paragraph.text, paragraph.role) for paragraph in cable.paragraphs] == [
        (None, "Subject: The well. Ref: State 100.", Role.BODY),
        (1, "Minister Abdou said that the pump was late.", Role.BODY),
        (2, "Comment: We doubt it.", Role.COMMENT),
    ]


def test_each_paragraph_stands_where_its_span_says(tmp_path: Path, outcome: Reader) -> None:
    cable = outcome(_volume(tmp_path))[0][0].cable
    for paragraph in cable.paragraphs:
        assert cable.original[paragraph.span.start : paragraph.span.end].endswith(paragraph.text)


def test_a_memorandum_has_no_sender(tmp_path: Path, outcome: Reader) -> None:
    cable = outcome(_volume(tmp_path))[0][1].cable
    assert (cable.sender, cable.date) == (None, datetime(1967, 1, 3, tzinfo=UTC))


def test_a_torn_volume_gives_what_came_before_the_tear(tmp_path: Path, outcome: Reader) -> None:
    readings, (failure,) = outcome(_volume(tmp_path, VOLUME[: VOLUME.index("They spoke")]))
    assert [reading.cable.id for reading in readings] == ["frus1964-68v99-d8"]
    assert failure.line == VOLUME[: VOLUME.index("They spoke")].count("\n") + 1


def test_an_encoding_that_there_is_not_is_a_failure(tmp_path: Path, outcome: Reader) -> None:
    _, (failure,) = outcome(_volume(tmp_path, VOLUME.replace("UTF-8", "UTF-X")))
    assert failure.reason.startswith("no valid XML (unknown encoding")


def test_entities_of_its_own_make_a_volume_refused(tmp_path: Path, outcome: Reader) -> None:
    bomb = '<!DOCTYPE TEI [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    text = VOLUME.replace("?>\n", f"?>\n{bomb}\n", 1).replace("A preface.", "&b;")
    readings, (failure,) = outcome(_volume(tmp_path, text))
    assert readings == []
    assert failure.reason.startswith("XML that defines entities")


OLD = """<TEI xmlns="http://www.tei-c.org/ns/1.0" xmlns:frus="http://history.state.gov/frus/ns/1.0" xml:id="frus1942">
<div type="document" n="59" xml:id="d59" frus:doc-dateTime-min="1942-01-29T21:00:00-05:00">
<head><hi>The Ambassador in Chile</hi> (<persName type="from">Barrow</persName>) to the
<gloss type="to">Secretary of State</gloss></head>
<opener><dateline>Santiago, <date when="1942-01-29">January 29, 1942</date></dateline></opener>
<p>211. The Minister agreed: <list><label>1.</label><item>Copper first.</item></list> It ends in 1943.</p>
<p rend="sectiontitleital">A. Tonnage</p>
<table><row><cell>Copper</cell><cell>48,000 tons</cell></row></table>
<quote><p>Excellency: I confirm.</p></quote>
<closer><signed>Claude Barrow</signed></closer>
<frus:attachment><head>The Minister to the Ambassador</head><p>We cannot sell tin.</p>
<closer><signed>Pedrero</signed></closer></frus:attachment>
</div></TEI>
"""


def test_an_old_volume_names_its_sender_by_the_persons_and_keeps_the_datelines_own_day(
    tmp_path: Path, outcome: Reader
) -> None:
    cable = outcome(_volume(tmp_path, OLD))[0][0].cable
    assert (cable.post, cable.signature) == ("Embassy Santiago", "Claude Barrow")
    assert cable.sender == Address("Ambassador in Chile (Barrow)")
    assert cable.date == datetime(1942, 1, 29, 21, tzinfo=UTC)


def test_tables_lists_titles_and_enclosures_have_their_places(tmp_path: Path, outcome: Reader) -> None:
    cable = outcome(_volume(tmp_path, OLD))[0][0].cable
    assert [(paragraph.text, paragraph.section, paragraph.role) for paragraph in cable.paragraphs] == [
        ("The Minister agreed:\n1. Copper first.\nIt ends in 1943.", None, Role.BODY),
        ("Copper | 48,000 tons", "A. Tonnage", Role.BODY),
        ("Excellency: I confirm.", "A. Tonnage", Role.QUOTED),
        ("The Minister to the Ambassador", "A. Tonnage", Role.QUOTED),
        ("We cannot sell tin.", "A. Tonnage", Role.QUOTED),
        ("Pedrero", "A. Tonnage", Role.QUOTED),
    ]
