from pathlib import Path

from tests.cables.forms.made_up import Reader, telegram


def _pdf(*pages: str) -> bytes:
    """A PDF file with one line of text below the other on each page."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    kids = []
    for page in pages:
        lines = [
            line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in page.splitlines()
        ]
        drawn = " ".join(f"({line}) Tj T*" for line in lines)
        stream = f"BT /F1 8 Tf 10 TL 40 760 Td {drawn} ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        kids.append(len(objects) + 1)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>"
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return f"{body}{end}startxref\n{len(body)}\n%%EOF\n".encode("latin-1")


TEXT = telegram().replace("“", '"').replace("”", '"')
STAMP = "UNCLASSIFIED U.S. Department of State Case No. F-2016-99999 Doc No. C17990001 Date: 07/31/2017"


def test_the_text_of_a_pdf_is_read_in_its_own_form(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "download.pdf"
    path.write_bytes(_pdf(TEXT))
    (reading,), failures = outcome(path)
    assert (reading.cable.id, failures) == ("08NIAMEY417", [])


def test_a_release_over_two_pages_is_one_cable(tmp_path: Path, outcome: Reader) -> None:
    first, second = TEXT.split("2. (C)")
    path = tmp_path / "release.pdf"
    path.write_bytes(_pdf(f"{STAMP}\n{first}\n{STAMP}", f"{STAMP}\n2. (C){second}\n{STAMP}"))
    (reading,), _ = outcome(path)
    assert (reading.cable.id, [paragraph.number for paragraph in reading.cable.paragraphs]) == (
        "08NIAMEY417",
        [1, 2],
    )


def test_scanned_pages_are_reported_beside_what_was_read(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "download.pdf"
    path.write_bytes(_pdf(TEXT, ""))
    (reading,), (failure,) = outcome(path)
    assert reading.cable.id == "08NIAMEY417"
    assert failure.reason.startswith("page 2 of 2 scanned without text: run OCR")


def test_a_pdf_of_pictures_is_a_failure(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "download.pdf"
    path.write_bytes(_pdf("", ""))
    readings, (failure,) = outcome(path)
    assert readings == []
    assert failure.reason.startswith("all pages are scanned without text")


def test_a_torn_pdf_is_a_failure(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "download.pdf"
    path.write_bytes(_pdf(TEXT)[:60])
    _, (failure,) = outcome(path)
    assert "PDF" in failure.reason
