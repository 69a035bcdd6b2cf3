import dataclasses
import html
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cables import Cable
from cables.forms import read
from tests.cables.forms.made_up import Reader, telegram

SHARED = (Path(__file__).parents[3] / "../shared").resolve()


def _page(*blocks: str, created: str = "2008-02-12 12:12", origin: str = "Embassy Niamey") -> str:
    heads = "".join(
        f"<th>{name}</th>" for name in ("Reference ID", "Created", "Released", "Classification", "Origin")
    )
    cells = "".join(
        f"<td>\n<a href='#'>{cell}</a>\n</td>"
        for cell in ("08NIAMEY417", created, "2010-11-30 16:04", "CONFIDENTIAL", origin)
    )
    pre = "".join(
        "<code><pre>" + html.escape(block).replace("\n", "&#x000A;") + "</pre></code>\n" for block in blocks
    )
    return (
        "<!DOCTYPE html>\n<html><head><title>Viewer</title><script>x < 1</script></head><body>"
        "<h3>Viewing cable 08NIAMEY417, A WELL</h3>"
        f"<table class='cable'><tr>{heads}</tr><tr>{cells}</tr></table>"
        f"{pre}</body></html>"
    )


def _same(one: Cable, other: Cable, *but: str) -> list[str]:
    """The names of the fields in which two cables differ, places in the text apart."""

    def value(cable: Cable, name: str) -> Any:
        if name == "paragraphs":
            return [dataclasses.replace(paragraph, span=None) for paragraph in cable.paragraphs]  # type: ignore[arg-type]
        return getattr(cable, name)

    names = [
        field.name for field in dataclasses.fields(Cable) if field.name not in ("original", "notes", *but)
    ]
    return [name for name in names if value(one, name) != value(other, name)]


def test_a_page_gives_the_same_cable_as_its_text(tmp_path: Path, outcome: Reader) -> None:
    header, body = telegram().split("\n\n", 1)
    (tmp_path / "page.html").write_text(_page(header, body))
    (tmp_path / "08NIAMEY417.txt").write_text(telegram())
    (page,), _ = outcome(tmp_path / "page.html")
    (text,), _ = outcome(tmp_path / "08NIAMEY417.txt")
    assert _same(page.cable, text.cable) == []


def test_the_page_fills_what_the_text_lacks(tmp_path: Path, outcome: Reader) -> None:
    (tmp_path / "page.html").write_text(_page("SUBJECT: A WELL\n\n1. The pump is late."))
    (page,), _ = outcome(tmp_path / "page.html")
    assert (page.cable.id, page.cable.post, str(page.cable.classification), page.cable.date) == (
        "08NIAMEY417",
        "Embassy Niamey",
        "CONFIDENTIAL",
        datetime(2008, 2, 12, 12, 0, tzinfo=UTC),
    )


def test_links_around_codes_and_pilcrows_leave_no_trace(tmp_path: Path, outcome: Reader) -> None:
    page = _page(telegram()).replace("PREL", "<a href='/tag/PREL_0.html'>PREL</a>")
    page = page.replace("2. (C)", "<a id='par2' href='#par2'>¶</a>2. (C)")
    (tmp_path / "page.html").write_text(page)
    (reading,), _ = outcome(tmp_path / "page.html")
    assert [tag.code for tag in reading.cable.tags] == ["PREL", "EAID", "NG"]
    assert [paragraph.number for paragraph in reading.cable.paragraphs] == [1, 2]


def test_a_page_without_pre_is_read_as_what_it_shows(tmp_path: Path, outcome: Reader) -> None:
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in telegram().splitlines())
    (tmp_path / "page.html").write_text(f"<html><body>{lines}</body></html>")
    (reading,), _ = outcome(tmp_path / "page.html")
    assert reading.cable.subject == "A WELL AND ITS PUMP"


def test_a_marked_section_of_no_known_kind_is_text(tmp_path: Path, outcome: Reader) -> None:
    (tmp_path / "page.html").write_text(_page(telegram()).replace("<h3>", "<![odd[ x ]]><h3>"))
    (reading,), _ = outcome(tmp_path / "page.html")
    assert reading.cable.id == "08NIAMEY417"


def test_a_page_about_something_else_is_refused(tmp_path: Path, outcome: Reader) -> None:
    (tmp_path / "page.html").write_text("<html><body><p>The weather</p></body></html>")
    _, (failure,) = outcome(tmp_path / "page.html")
    assert failure.reason.startswith("no sign of a cable: a web page")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real pages are not here")
def test_real_pages_give_the_same_cables_as_their_texts() -> None:
    differing = {}
    for path in sorted((SHARED / "forms/html").glob("*.html")):
        page, text = (next(read(file)) for file in (path, SHARED / "cables" / f"{path.stem}.txt"))
        filled = ("date",) if text.cable.date is None else ()  # type: ignore[union-attr]
        fields = _same(page.cable, text.cable, *filled)  # type: ignore[union-attr]
        if fields:
            differing[path.stem] = fields
    assert differing == {}
