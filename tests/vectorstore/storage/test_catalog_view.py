"""A view shows what its clearance allows and nothing more, in every reading that it has."""

from pathlib import Path
from typing import Any

import pytest
from archives import cable_text, open_hashed

from cables import Level, Role
from vectorstore.access import EVERYTHING, Clearance
from vectorstore.indexing.indexer import Indexer
from vectorstore.keys import row_of
from vectorstore.query import Filters
from vectorstore.retrieval.evidence import Evidence
from vectorstore.storage.catalog_rows import ParagraphHit
from vectorstore.storage.catalog_view import ArchiveMissing, CatalogView

OPEN, MIXED, SECRET = "07LISBON91001", "08LISBON91002", "09LISBON91003"
NOTHING = Filters()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three cables: unclassified, confidential with a secret paragraph, secret; the last names the others."""
    root = tmp_path_factory.mktemp("view")
    texts = {
        OPEN: cable_text(OPEN, ["(U) Summary: The pier sank. End summary."], classification="UNCLAS"),
        MIXED: cable_text(MIXED, ["The minister wept.", "(S) He named the culprit."]),
        SECRET: cable_text(SECRET, ["(S) Comment: He lies. End comment."], classification="S E C R E T"),
    }
    texts[SECRET] = texts[SECRET].replace(
        "\n\n1.", "\n\nREF: A. 07 LISBON 91001\n     B. 08 LISBON 91002\n\n1."
    )
    texts[MIXED] = texts[MIXED].replace("TAGS: PREL, PO", "TAGS: ECON, SP")
    (root / "cables").mkdir()
    for cable_id, text in texts.items():
        (root / "cables" / f"{cable_id}.txt").write_text(text)
    report = Indexer(open_hashed(root / "data")).run([root / "cables"])
    assert len(report.new) == 3
    return root / "data"


def seen_by(data: Path, level: Level) -> CatalogView:
    return CatalogView(data / "catalog.sqlite", Clearance(level))


def keys(view: CatalogView, filters: Filters) -> set[str]:
    rows = view.rows(filters, 100)
    assert rows is not None
    return {found.paragraph.key for found in view.find(rows, filters).values()}


def test_an_archive_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissing, match="reftel index"):
        CatalogView(tmp_path / "catalog.sqlite", EVERYTHING)


def test_with_full_clearance_a_cable_is_whole(data: Path) -> None:
    cable = seen_by(data, Level.TOP_SECRET).cable(MIXED)
    assert cable is not None
    assert (len(cable.paragraphs), "named the culprit" in cable.original) == (2, True)


def test_a_paragraph_above_the_clearance_is_cut_and_the_original_with_it(data: Path) -> None:
    cable = seen_by(data, Level.CONFIDENTIAL).cable(MIXED)
    assert cable is not None
    assert ([p.number for p in cable.paragraphs], cable.original) == ([1], "")


def test_a_cable_above_the_clearance_reads_like_none(data: Path) -> None:
    view = seen_by(data, Level.CONFIDENTIAL)
    assert (view.cable(SECRET), view.cable("09LISBON99999")) == (None, None)


READINGS: dict[str, Any] = {
    "cable": lambda view: view.cable(SECRET),
    "find": lambda view: view.find([row_of(f"{SECRET}.1"), row_of(f"{MIXED}.2")], NOTHING),
    "rows_of_cable": lambda view: view.rows_of_cable(SECRET),
    "references_of": lambda view: view.references_of([OPEN]),
    "cited_by": lambda view: view.cited_by(OPEN),
    "contains": lambda view: view.contains([SECRET]),
    "secret_rows": lambda view: view.rows(Filters(classifications=(Level.SECRET,)), 100),
    "comments": lambda view: [role for role, _ in view.roles(NOTHING) if role is Role.COMMENT],
    "secret_tally": lambda view: [n for level, n in view.tally("level", NOTHING) if level == Level.SECRET],
    "year_2009": lambda view: [n for month, n in view.tally("month", NOTHING) if month // 100 == 2009],
    "listed": lambda view: view.listed(NOTHING, SECRET)[0],
    "runs": lambda view: view.runs(),
}


@pytest.mark.parametrize("reading", READINGS)
def test_no_reading_tells_of_what_is_above_the_clearance(data: Path, reading: str) -> None:
    assert not READINGS[reading](seen_by(data, Level.CONFIDENTIAL))


def test_counts_are_of_what_may_be_seen(data: Path) -> None:
    counts = [
        seen_by(data, level).count() for level in (Level.UNCLASSIFIED, Level.CONFIDENTIAL, Level.SECRET)
    ]
    assert counts == [(1, 1), (2, 2), (3, 4)]


def test_posts_and_span_are_of_what_may_be_seen(data: Path) -> None:
    low, high = seen_by(data, Level.UNCLASSIFIED), seen_by(data, Level.SECRET)
    assert (low.posts(), high.posts()) == ([("Embassy Lisbon", 1)], [("Embassy Lisbon", 3)])
    assert (low.span(), high.span()) == ((20070315, 20070315), (20070315, 20090315))


def test_a_listed_cable_counts_only_paragraphs_that_may_be_seen(data: Path) -> None:
    counts = [
        seen_by(data, level).listed(NOTHING, MIXED)[0][0].paragraphs
        for level in (Level.CONFIDENTIAL, Level.SECRET)
    ]
    assert counts == [1, 2]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), {f"{OPEN}.1", f"{MIXED}.1", f"{MIXED}.2", f"{SECRET}.1"}),
        (Filters(since=20080101), {f"{MIXED}.1", f"{MIXED}.2", f"{SECRET}.1"}),
        (Filters(until=20071231), {f"{OPEN}.1"}),
        (Filters(since=20080315, until=20080315), {f"{MIXED}.1", f"{MIXED}.2"}),
        (Filters(tags=("ECON",)), {f"{MIXED}.1", f"{MIXED}.2"}),
        (Filters(roles=(Role.SUMMARY, Role.COMMENT)), {f"{OPEN}.1", f"{SECRET}.1"}),
        (Filters(classifications=(Level.UNCLASSIFIED,)), {f"{OPEN}.1"}),
        (Filters(cables=(OPEN, SECRET)), {f"{OPEN}.1", f"{SECRET}.1"}),
        (Filters(posts=("Embassy Lisbon",), tags=("PREL",), since=20090101), {f"{SECRET}.1"}),
        (Filters(posts=("Embassy Oslo",)), set()),
    ],
)
def test_filters_keep_what_passes_all_of_them(data: Path, filters: Filters, expected: set[str]) -> None:
    assert keys(seen_by(data, Level.TOP_SECRET), filters) == expected


def test_more_rows_than_the_limit_are_told_apart_from_none(data: Path) -> None:
    view = seen_by(data, Level.TOP_SECRET)
    assert (view.rows(NOTHING, 3), view.rows(Filters(posts=("Embassy Oslo",)), 3)) == (None, [])


def test_a_cable_knows_who_refers_to_it(data: Path) -> None:
    view = seen_by(data, Level.SECRET)
    assert (view.cited_by(OPEN), view.references_of([SECRET])) == ([SECRET], {SECRET: [OPEN, MIXED]})


def test_a_view_sees_what_is_indexed_after_it_was_opened(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(cable_text(OPEN, ["The pier sank."]))
    Indexer(open_hashed(tmp_path / "data")).run([tmp_path / "a.txt"])
    view = seen_by(tmp_path / "data", Level.TOP_SECRET)
    (tmp_path / "b.txt").write_text(cable_text(MIXED, ["The tide rose."]))
    Indexer(open_hashed(tmp_path / "data")).run([tmp_path / "b.txt"])
    assert view.count() == (2, 2)


def test_a_paragraph_shows_how_its_cable_is_marked_and_in_which_word(tmp_path: Path) -> None:
    old = cable_text(
        "77LISBON91004", ["The pier sank."], marking="LOU", classification="LIMITED OFFICIAL USE"
    )
    garbled = cable_text("08LISBON91005", ["The pier rose."], classification="C0NF1D3N")
    for damage, instead in (("LISBON 091005", "1SBON"), ("ZNY CCCCC ZZH\n", ""), ("1. (C) ", "1. ")):
        garbled = garbled.replace(damage, instead)
    texts = {"77LISBON91004": old, "08LISBON91005": garbled}
    for cable_id, text in texts.items():
        (tmp_path / f"{cable_id}.txt").write_text(text)
    Indexer(open_hashed(tmp_path / "data")).run([tmp_path / f"{cable_id}.txt" for cable_id in texts])
    view = seen_by(tmp_path / "data", Level.TOP_SECRET)
    words = {
        found.paragraph.key: marking_words(found) for found in view.find(view.rows(NOTHING, 9) or []).values()
    }
    assert words == {
        "77LISBON91004.1": "LIMITED OFFICIAL USE",
        "08LISBON91005.1": "SECRET (marking not readable)",
    }


def marking_words(found: ParagraphHit) -> str:
    return Evidence(found, 1.0, 0.0, {}).marking_words
