"""Full text is exact: words, phrases and beginnings of words, counted by paragraph and by cable, for each reader."""

from pathlib import Path

import pytest
from archives import cable_text, open_hashed

from cables import Level
from vectorstore.access import EVERYTHING, Clearance
from vectorstore.indexing.indexer import Indexer
from vectorstore.query import Filters, TextQuery
from vectorstore.storage.catalog_rows import MATCH_END, MATCH_START
from vectorstore.storage.catalog_view import CatalogView

PIER, TALKS, SECRET = "07LISBON91001", "08LISBON91002", "09LISBON91003"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("text")
    texts = {
        PIER: cable_text(
            PIER,
            ["The old pier sank.", "No ferry called."],
            subject="A PIER IS LOST",
            classification="UNCLAS",
            marking="U",
        ),
        TALKS: cable_text(
            TALKS,
            ["The minister of São Tomé wept.", "(S) He named the ferry's owner.", "A new pier is old news."],
            subject="FERRY TALKS",
        ),
        SECRET: cable_text(SECRET, ["(S) The pier was blown up."], classification="S E C R E T"),
    }
    (root / "cables").mkdir()
    for cable_id, text in texts.items():
        (root / "cables" / f"{cable_id}.txt").write_text(text)
    Indexer(open_hashed(root / "data")).run([root / "cables"])
    return root / "data"


def view_of(data: Path, clearance: Clearance = EVERYTHING) -> CatalogView:
    return CatalogView(data / "catalog.sqlite", clearance)


def found(view: CatalogView, text: str) -> tuple[list[str], list[str]]:
    """Keys of the paragraphs and ids of the cables that hold what was typed."""
    filters = Filters(text=TextQuery.parse(text))
    hits, paragraphs, _ = view.text_hits(filters)
    cables, total = view.listed(filters)
    assert (paragraphs, total) == (len(hits), len(cables))
    return sorted(hit.hit.paragraph.key for hit in hits), sorted(cable.id for cable in cables)


@pytest.mark.parametrize(
    ("text", "keys", "cables"),
    [
        ("PIER", [f"{PIER}.1", f"{TALKS}.3", f"{SECRET}.1"], [PIER, TALKS, SECRET]),
        ("old pier", [f"{PIER}.1", f"{TALKS}.3"], [PIER, TALKS]),
        ('"old pier"', [f"{PIER}.1"], [PIER]),
        ("fer*", [f"{PIER}.2", f"{TALKS}.2"], [PIER, TALKS]),
        ("sao tome", [f"{TALKS}.1"], [TALKS]),
        ("minister OR sank", [f"{PIER}.1", f"{TALKS}.1"], [PIER, TALKS]),
        ("pier -old", [f"{SECRET}.1"], [SECRET]),
        ("lost", [], [PIER]),  # in a subject alone
        ("minister ferry", [], [TALKS]),  # in two paragraphs of one cable
        ("harbour", [], []),
    ],
)
def test_words_phrases_beginnings_and_alternatives_are_found_exactly(
    data: Path, text: str, keys: list[str], cables: list[str]
) -> None:
    assert found(view_of(data), text) == (sorted(keys), sorted(cables))


def test_what_is_kept_back_is_neither_found_nor_counted(data: Path) -> None:
    view = view_of(data, Clearance(Level.CONFIDENTIAL))
    assert found(view, "pier") == ([f"{PIER}.1", f"{TALKS}.3"], [PIER, TALKS])
    assert found(view, "owner") == ([], [])
    assert found(view, "blown") == ([], [])
    assert view.tally("level", Filters(text=TextQuery.parse("pier"))) == [(0, 1), (2, 1)]


def test_a_snippet_marks_the_words(data: Path) -> None:
    hits, _, _ = view_of(data).text_hits(Filters(text=TextQuery.parse("sank")))
    assert hits[0].snippet == f"The old pier {MATCH_START}sank{MATCH_END}."


def test_a_paragraph_without_end_is_found_and_shown_around_its_match_in_no_time(tmp_path: Path) -> None:
    """FTS5 makes snippets in time that grows with the square of the matches: minutes for this one."""
    (tmp_path / "cables").mkdir()
    text = cable_text(PIER, ["It began. " + "1. " * 100_000 + "The old pier sank at last."])
    (tmp_path / "cables" / f"{PIER}.txt").write_text(text)
    Indexer(open_hashed(tmp_path / "data")).run([tmp_path / "cables"])
    for words, shown in (("1", "…It began. 1. 1."), ("PIER", "The old pier sank")):
        hits, _, _ = view_of(tmp_path / "data").text_hits(Filters(text=TextQuery.parse(words)))
        assert shown in hits[0].snippet
        assert len(hits[0].snippet) < 250


def test_hits_come_latest_first_or_by_relevance_and_page_by_page(data: Path) -> None:
    filters = Filters(text=TextQuery.parse("pier"))
    view = view_of(data)
    latest = [hit.hit.cable_id for hit in view.text_hits(filters)[0]]
    assert latest == [SECRET, TALKS, PIER]
    assert [hit.hit.cable_id for hit in view.text_hits(filters, start=1, limit=1)[0]] == [TALKS]
    assert sorted(hit.hit.cable_id for hit in view.text_hits(filters, by_relevance=True)[0]) == sorted(latest)


def test_other_filters_hold_too(data: Path) -> None:
    filters = Filters(text=TextQuery.parse("pier"), until=20081231)
    assert [hit.hit.cable_id for hit in view_of(data).text_hits(filters)[0]] == [TALKS, PIER]


@pytest.mark.parametrize(
    "text", ['"', "*", "-", "OR", "AND OR", 'NEAR("a b", 2', "a OR", "text : x", "^x", "-pier"]
)
def test_no_typing_breaks_the_query(data: Path, text: str) -> None:
    filters = Filters(text=TextQuery.parse(text))
    if filters.text:
        view_of(data).text_hits(filters)
    assert view_of(data).listed(filters)


def test_a_cable_that_is_withdrawn_is_found_no_more(data: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(data, tmp_path / "own")
    Indexer(open_hashed(tmp_path / "own")).withdraw([PIER])
    assert found(view_of(tmp_path / "own"), "sank OR lost") == ([], [])


def test_a_catalog_from_before_there_was_full_text_gets_it_when_it_is_written_to(
    data: Path, tmp_path: Path
) -> None:
    import shutil
    import sqlite3

    shutil.copytree(data, tmp_path / "own")
    db = sqlite3.connect(tmp_path / "own" / "catalog.sqlite")
    names = db.execute(
        "SELECT type, name FROM sqlite_schema WHERE name LIKE '%\\_text%' ESCAPE '\\'"
    ).fetchall()
    for kind in ("trigger", "table"):
        for own, name in names:
            if own == kind and (kind == "trigger" or name in ("paragraph_text", "subject_text")):
                db.execute(f"DROP {kind} {name}")
    db.commit()
    db.close()
    Indexer(open_hashed(tmp_path / "own")).run([])
    assert found(view_of(tmp_path / "own"), "sank") == ([f"{PIER}.1"], [PIER])
