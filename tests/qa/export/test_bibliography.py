from dataclasses import replace

from cables import Level
from qa.export.bibliography import as_bibtex, as_ris
from tests.qa.conftest import Make


def test_a_ris_record_names_sender_subject_day_and_id(paragraph: Make) -> None:
    record = as_ris([paragraph("x", number=1).found, paragraph("x", number=2).found])
    assert record.split("\r\n") == [
        "TY  - GOVDOC",
        "ID  - 08PARIS90001",
        "AU  - Embassy Paris",
        "TI  - TALKS",
        "PY  - 2008",
        "DA  - 2008/04/17/",
        "M3  - Telegram",
        "AN  - 08PARIS90001",
        "N1  - Classification: Confidential",
        "ER  - ",
        "",
    ]


def test_a_bibtex_entry_escapes_what_latex_would_read(paragraph: Make) -> None:
    entry = as_bibtex([paragraph("x", subject="50% OF R&D: A_B {C} \\D").found])
    assert "title = {{50\\% OF R\\&D: A\\_B \\{C\\} \\textbackslash{}D}}" in entry
    assert entry.startswith("@misc{08PARIS90001,\n")
    assert "year = {2008}" in entry


def test_what_a_cable_does_not_say_is_left_out(paragraph: Make) -> None:
    bare = replace(paragraph("x", day=None).found, subject=None, classification=Level.UNCLASSIFIED)
    assert "PY  -" not in as_ris([bare])
    assert "TI  - Telegram 08PARIS90001" in as_ris([bare])
    assert "note" not in as_bibtex([bare])
