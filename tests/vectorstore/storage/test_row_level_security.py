"""Row-level security: caveats, need-to-know groups, and that nothing kept back moves what is shown."""

import sqlite3
from pathlib import Path

import pytest
from archives import cable_text, open_hashed

from cables import Level
from vectorstore.access import ALL, EVERYTHING, Clearance
from vectorstore.indexing.indexer import Indexer
from vectorstore.query import Filters, Query
from vectorstore.retrieval.retriever import Retriever
from vectorstore.storage.catalog import SqliteCatalog
from vectorstore.storage.catalog_view import CatalogView
from vectorstore.storage.row_level_security import RowLevelSecurityMissing, Rule

OPEN, MIXED, NOFORN, EXDIS = "07LISBON91001", "08LISBON91002", "09LISBON91003", "09LISBON91004"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One plain cable, one with a paragraph released to NATO, one NOFORN as a whole, one EXDIS by caption."""
    texts = {
        OPEN: cable_text(OPEN, ["The pier sank."]),
        MIXED: cable_text(MIXED, ["The minister wept.", "(C/REL NATO) Allies know."]),
        NOFORN: cable_text(NOFORN, ["He lies."], classification="C O N F I D E N T I A L//NOFORN"),
        EXDIS: cable_text(EXDIS, ["She knows."]).replace("SIPDIS\n", "EXDIS\n"),
    }
    texts[EXDIS] = texts[EXDIS].replace("TAGS: PREL, PO", "TAGS: KNNP, PO")
    for cable_id, text in texts.items():
        folder = tmp_path / ("region" if cable_id == OPEN else "cables")
        folder.mkdir(exist_ok=True)
        (folder / f"{cable_id}.txt").write_text(text)
    Indexer(open_hashed(tmp_path / "data")).run([tmp_path / "region", tmp_path / "cables"])
    return tmp_path / "data"


def seen(data: Path, *caveats: str, groups: frozenset[str] = ALL) -> set[str]:
    """Keys of all paragraphs that someone cleared for CONFIDENTIAL with these caveats sees."""
    held = ALL if caveats == ("*",) else frozenset(caveats)
    view = CatalogView(data / "catalog.sqlite", Clearance(Level.CONFIDENTIAL, held, groups))
    rows = view.rows(Filters(), 100)
    assert rows is not None
    return {found.paragraph.key for found in view.find(rows, Filters()).values()}


def test_a_caveat_that_is_not_held_keeps_a_paragraph_or_a_cable_back(data: Path) -> None:
    assert seen(data) == {f"{OPEN}.1", f"{MIXED}.1"}


def test_a_caveat_that_is_held_opens_what_bears_it(data: Path) -> None:
    assert seen(data, "EXDIS") == {f"{OPEN}.1", f"{MIXED}.1", f"{EXDIS}.1"}


def test_who_holds_noforn_sees_what_is_released_to_somebody(data: Path) -> None:
    assert seen(data, "NOFORN") == {f"{OPEN}.1", f"{MIXED}.1", f"{MIXED}.2", f"{NOFORN}.1"}


def test_a_group_keeps_the_cables_of_its_folder(data: Path) -> None:
    keep(data, Rule("region", "folder", str(data.parent / "region")))
    assert seen(data, groups=frozenset()) == {f"{MIXED}.1"}
    assert seen(data, groups=frozenset({"region"})) == {f"{OPEN}.1", f"{MIXED}.1"}


def test_cables_stay_kept_when_their_folder_is_moved(data: Path) -> None:
    keep(data, Rule("region", "folder", str(data.parent / "region")))
    (data.parent / "region").rename(data.parent / "moved")
    Indexer(open_hashed(data)).run([data.parent / "moved"], prune=True)
    assert seen(data, groups=frozenset()) == {f"{MIXED}.1"}


def test_a_rule_covers_everything_below_the_root_and_a_single_file(data: Path) -> None:
    keep(data, Rule("all", "folder", ""))
    assert seen(data, "*", groups=frozenset({"region"})) == set()
    catalog = SqliteCatalog(data / "catalog.sqlite")
    file = catalog.origin(OPEN)[0]
    assert (
        catalog.groups.kept_by(Rule("one", "folder", file)),
        catalog.groups.kept_by(Rule("no", "folder", file[:-1])),
    ) == (1, 0)


def test_cables_that_come_from_a_kept_folder_later_are_bound_too(data: Path) -> None:
    region = data.parent / "region"
    keep(data, Rule("region", "folder", str(region)))
    (region / "later.txt").write_text(cable_text("07LISBON91099", ["The quay sank."]))
    Indexer(open_hashed(data)).run([region])
    region.rename(data.parent / "moved")
    Indexer(open_hashed(data)).run([data.parent / "moved"], prune=True)
    assert "07LISBON91099.1" not in seen(data, groups=frozenset())


def test_a_group_keeps_the_cables_with_its_tag(data: Path) -> None:
    keep(data, Rule("arms", "tag", "KNNP"))
    assert f"{EXDIS}.1" not in seen(data, "*", groups=frozenset({"region"}))
    assert f"{EXDIS}.1" in seen(data, "*", groups=frozenset({"arms"}))


def test_a_cable_of_two_groups_is_for_who_belongs_to_both(data: Path) -> None:
    keep(data, Rule("arms", "tag", "KNNP"), Rule("all", "tag", "PO"))
    assert f"{EXDIS}.1" not in seen(data, "*", groups=frozenset({"arms"}))
    assert f"{EXDIS}.1" in seen(data, "*", groups=frozenset({"arms", "all"}))


def test_a_rule_holds_at_once_for_a_view_that_is_open(data: Path) -> None:
    view = CatalogView(data / "catalog.sqlite", Clearance(Level.SECRET, ALL))
    before = view.count()
    keep(data, Rule("arms", "tag", "KNNP"))
    assert (before, view.count()) == ((4, 5), (3, 4))


def test_a_new_query_cannot_forget_the_gate(data: Path) -> None:
    view = CatalogView(data / "catalog.sqlite", Clearance(Level.CONFIDENTIAL))
    for table in (
        "cables",
        "paragraphs",
        "tags",
        "links",
        "aliases",
        "files",
        "places",
        "runs",
        "needs",
        "versions",
        "names",
        "name_rows",
    ):
        seen = str(view._db.execute(f"SELECT * FROM {table}").fetchall())
        assert NOFORN not in seen
        assert EXDIS not in seen


def test_a_catalog_without_caveats_opens_only_to_who_sees_everything(data: Path) -> None:
    with sqlite3.connect(data / "catalog.sqlite") as db:
        db.execute("DROP TABLE needs")
    assert CatalogView(data / "catalog.sqlite", EVERYTHING).count() == (4, 5)
    with pytest.raises(RowLevelSecurityMissing, match="reftel index"):
        CatalogView(data / "catalog.sqlite", Clearance(Level.TOP_SECRET))


def test_the_next_index_notes_the_caveats_of_an_old_catalog(data: Path) -> None:
    with sqlite3.connect(data / "catalog.sqlite") as db:
        db.execute("DROP TABLE needs")
    Indexer(open_hashed(data)).run([data.parent / "region"])
    assert seen(data) == {f"{OPEN}.1", f"{MIXED}.1"}


def keep(data: Path, *rules: Rule) -> None:
    archive = open_hashed(data)
    with archive.catalog.transaction():
        for rule in rules:
            archive.catalog.groups.put(rule)
    archive.catalog.close()


# What is kept back moves nothing


def findings(folder: Path, texts: dict[str, str], clearance: Clearance) -> list[tuple[str, float]]:
    """Keys and scores that a question finds in an archive of these cables."""
    (folder / "cables").mkdir(parents=True)
    for cable_id, text in texts.items():
        (folder / "cables" / f"{cable_id}.txt").write_text(text)
    archive = open_hashed(folder / "data")
    Indexer(archive).run([folder / "cables"])
    retriever = Retriever(archive=archive, view=archive.view(clearance))
    return [(e.key, e.score) for e in retriever.search(Query("Who sank the pier at the harbor?"))]


def test_hidden_cables_and_paragraphs_change_neither_order_nor_scores(tmp_path: Path) -> None:
    plain = {
        f"07LISBON9{n:04d}": cable_text(f"07LISBON9{n:04d}", [f"The pier number {n} sank twice."])
        for n in range(30)
    }
    secret = {
        f"08LISBON9{n:04d}": cable_text(
            f"08LISBON9{n:04d}", [f"The harbor sank pier {n}."], marking="S", classification="S E C R E T"
        )
        for n in range(400)
    }
    low = Clearance(Level.CONFIDENTIAL)
    without = findings(tmp_path / "without", plain, low)
    assert len(without) == 20
    assert findings(tmp_path / "with", plain | secret, low) == without


def test_a_readers_own_words_follow_the_archive(tmp_path: Path) -> None:
    archive = open_hashed(tmp_path / "data")
    source = tmp_path / f"{OPEN}.txt"
    source.write_text(cable_text(OPEN, ["The pier sank.", "(S) The crane wept."]))
    Indexer(archive).run([source])
    retriever = Retriever(archive=archive, view=archive.view(Clearance(Level.CONFIDENTIAL)))
    words = retriever.words.paragraphs
    assert (words.count(), words.knows("pier"), words.knows("crane")) == (1, True, False)
    source.write_text(cable_text(OPEN, ["The quay sank.", "(S) The crane wept."]))
    Indexer(archive).run([source])
    retriever.search(Query("quay"))
    assert (words.count(), words.knows("pier"), words.knows("quay"), words.knows("crane")) == (
        1,
        False,
        True,
        False,
    )
