import pytest
from telegrams import FIELDS, telegram

from cables import Cable, parse_telegram
from cables.parsing.fields import parse_fields


def _with(fields: str) -> Cable:
    return parse_telegram(telegram(fields=fields))


@pytest.mark.parametrize(
    ("line", "declassify"),
    [
        ("E.O. 12958: DECL: 03/14/2017", "2017-03-14"),
        ("EO 12958 DECL: 2020/02/23", "2020-02-23"),
        ("E.O. 12958: DECL: 2020-02-23", "2020-02-23"),
        ("E.O. 12958: decl: 6/3/08", "2008-06-03"),
        ("E.O. 12958: DECL: N/A", None),
        ("E.O. 12958: N/A", None),
        ("E.O. 12356: DECL: OADR", "OADR"),
        ("E.O. 12958: DECL: MR", "MR"),
        ("E.O. 12958: DECL: JUNE 21, 2026", "2026-06-21"),
        ("E.O. 12958: DECL: TEN YEARS AFTER THE CLOSURE", "TEN YEARS AFTER THE CLOSURE"),
        ("E. O. 13526: DECLl: 03/14/2035", "2035-03-14"),
        ("E.0. 12958: DECL: 12 OCT 2018", "2018-10-12"),
        ("E.O. 12958\nDECL: 10/12/2018", "2018-10-12"),
        ("E.O. 12958: DECL: 10/12/\n2018", "2018-10-12"),
        ("E.O. 12958: DECL:10/12/2018TAGS: X", "2018-10-12"),
        ("DECL: 20181012", "2018-10-12"),
        ("E.O. 12958: DECL: X1", "X1"),
    ],
)
def test_declassification_is_a_date_or_the_words_in_its_place(line: str, declassify: str | None) -> None:
    assert _with(f"{line}\nTAGS: PREL\nSUBJECT: A PIER\n").declassify == declassify


@pytest.mark.parametrize(
    ("fields", "subject"),
    [
        ("SUBJECT: A PIER IN THE\nHARBOR\n\n", "A PIER IN THE HARBOR"),
        ("SUBJ: A PIER", "A PIER"),
        ("UBJECT: A PIER", "A PIER"),
        ("SUBJECT A PIER", "A PIER"),
        ("Subject: (S/NF) A pier", "A pier"),
        ("SUBJECT:\nA PIER\n", "A PIER"),
        ("SUBJECT: US-\nLATIN PIERS", "US-LATIN PIERS"),
        ("SUBJECT: PORTUGAL'S PRIMEREF: A. LISBON 498", "PORTUGAL'S PRIME"),
        ("SUBJECT: A PIER REF: LISBON 498 Classified By: X for reasons 1.4 (b)", "A PIER"),
        ("SUBJECT: A PIER\nClassified By: X for reasons 1.4 (b)", "A PIER"),
        ("SUBJECT: A PIER\n-----------\n", "A PIER"),
        ("SUBJECT: A PIER (C-AL9-01786)", "A PIER"),
        ("SUBJECT: A PIER\nThis is a request for help, see below.\n", "A PIER"),
        ("SUBJECT: A PIER Ref(s): A) LISBON 498; B) LISBON 499", "A PIER"),
        ("SUBJECT: A PIER\nRef(s): LISBON 498", "A PIER"),
        ("SUBJECT: A PIER DERIVED FROM STONE", "A PIER DERIVED FROM STONE"),
        ("SUBJECT: A PIER \n CONFIDENTIAL\nPAGE 02 LISB", "A PIER"),
        ("SUBJECT - A PIER", "A PIER"),
        ("SUBJECT: A PIER...\n\nSUBJECT: A PIER IN THE HARBOR", "A PIER IN THE HARBOR"),
    ],
)
def test_subjects_end_where_they_end(fields: str, subject: str) -> None:
    assert _with(f"E.O. 12958: N/A\nTAGS: PREL\n{fields}").subject == subject


@pytest.mark.parametrize(
    "fields",
    [
        "E.O. 12958: DECL: 03/14/2017\nTAGS: PREL,\nECON, PO\nSUBJECT: A PIER",
        "E.O. 12958: DECL: 03/14/2017 TAGS: PREL, ECON, PO\nSUBJECT: A PIER",
        "E.O. 12958: DECL: 03/14/2017 TAGS: PREL, ECON, PO SUBJECT: A PIER",
        "TAGS: PREL, ECON, PO\nE.O. 12958: DECL: 03/14/2017\nSUBJECT: A PIER",
        "Tags PREL ECON PO\nE.O. 12958: DECL: 03/14/2017\nSubject: A PIER",
        "E.o. 12958: decl: 03/14/2017 Tags: prel, econ, po Subject: A PIER",
        "DECL: 03/14/2017 AGS: PREL, ECON, PO\nSUBJECT: A PIER",
        "E.o. 12958: decl: 03/14/2017\nTags: prel,\necon, po\nSubject: A PIER",
    ],
)
def test_labels_are_found_anywhere_in_the_head(fields: str) -> None:
    cable = _with(fields)
    assert [tag.code for tag in cable.tags] == ["PREL", "ECON", "PO"]
    assert (cable.subject, cable.declassify) == ("A PIER", "2017-03-14")


@pytest.mark.parametrize(
    ("block", "who", "reasons"),
    [
        (
            "Classified By: DCM Ada Example for reasons 1.4 (b) and (d).",
            "DCM Ada Example",
            ("1.4(b)", "1.4(d)"),
        ),
        (
            "Classified By: Classified by: DCM Ada Example; reasons 1.4(b,d)",
            "DCM Ada Example",
            ("1.4(b)", "1.4(d)"),
        ),
        ("CLASSIFIED BY: Ada Example, DCM.\nREASON: 1.4 (b), (d)", "Ada Example, DCM", ("1.4(b)", "1.4(d)")),
        (
            "(U) Classified by DCM Ada Example. Reasons 1.5 (B) AND (D).",
            "DCM Ada Example",
            ("1.5(b)", "1.5(d)"),
        ),
        (
            "Classified By: DCM Ada Example for re \nasons 1.4 (b) a\nnd (d).",
            "DCM Ada Example",
            ("1.4(b)", "1.4(d)"),
        ),
        (
            "Classified By: DCM Ada Example for reasons 1.4\n(b) and (d).",
            "DCM Ada Example",
            ("1.4(b)", "1.4(d)"),
        ),
        ("Derived from: DSCG 05-1, Reasons: 1.4 b/d", "DSCG 05-1", ("1.4(b)", "1.4(d)")),
        ("Classified By: DCM Ada Example", "DCM Ada Example", ()),
        (
            "Classified By: (U) CLASSIFIED BY DCM Ada Example, REASON: 1.4 (C).",
            "DCM Ada Example",
            ("1.4(c)",),
        ),
    ],
)
def test_classified_by_gives_who_and_why(block: str, who: str, reasons: tuple[str, ...]) -> None:
    cable = _with(f"E.O. 12958: DECL: 03/14/2017\nTAGS: PREL\nSUBJECT: A PIER\n\n{block}")
    assert (cable.classified_by, cable.reasons) == (who, reasons)
    assert [p.number for p in cable.paragraphs] == [1, 2, 3]


def test_a_reference_list_runs_over_lines_and_pilcrows() -> None:
    fields = FIELDS.replace("     B. 06 MADRID 2210", "¶B. 06 MADRID 2210\n¶C. STATE 4711 (NOTAL)")
    assert [r.cable_id for r in _with(fields).references] == ["07LISBON498", "06MADRID2210", "07STATE4711"]


def test_a_reference_letter_in_a_sentence_is_no_label() -> None:
    text = "TAGS: PREL\nSUBJECT: A PIER\n\nRef A reported a pier that had been promised long before.\n"
    assert parse_fields(text, 0, len(text)).references == ""


def test_text_without_labels_has_no_fields() -> None:
    fields = parse_fields("A letter from the harbor.\n", 0, 26)
    assert (fields.start, fields.end, fields.subject) == (0, 0, None)


def test_a_reference_letter_is_no_marking() -> None:
    fields = "TAGS: PREL\nSUBJECT: A PIER\n\nRefs: A) Lisbon 1\nB) Lisbon 2\nC) Oslo 12\n(S) Oslo 13\n"
    assert len(_with(fields).references) == 4
