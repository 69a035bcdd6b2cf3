"""The catalog gives every cable back word for word, takes all of a change or nothing, and reports damage."""

import sqlite3
from pathlib import Path

import pytest
from archives import cable_text

from cables import Cable, Level, parse_telegram
from vectorstore.access import level_of
from vectorstore.interfaces import KnownParagraph
from vectorstore.keys import row_of, text_hash
from vectorstore.storage.catalog import CatalogDamaged, KnownFile, SqliteCatalog

HARBOR = "07LISBON91001"


@pytest.fixture
def cable() -> Cable:
    text = cable_text(HARBOR, ["The pier sank.", "(S/NF) The minister wept.", "(U) It rained."])
    return parse_telegram(text.replace("SUBJECT:", "SUBJECT: \udcffé"), id=HARBOR)


@pytest.fixture
def catalog(tmp_path: Path) -> SqliteCatalog:
    return SqliteCatalog(tmp_path / "data" / "catalog.sqlite")


def known(cable: Cable) -> dict[str, KnownParagraph]:
    return {p.key: KnownParagraph(p.key, text_hash(p.text), 1, "details") for p in cable.paragraphs}


def put(catalog: SqliteCatalog, cable: Cable, file: str = "/cables/harbor.txt") -> None:
    with catalog.transaction():
        catalog.put_cable(cable, known(cable), file=file, place="")


@pytest.mark.parametrize("text", ["plain", "Ωmega ¶ “quotes”", "line\r\nends\x0b\x85"])
def test_a_cable_comes_back_equal_to_what_was_put(catalog: SqliteCatalog, text: str) -> None:
    cable = parse_telegram(cable_text(HARBOR, [f"The pier sank. {text}", "(S/NF) It is old."]), id=HARBOR)
    put(catalog, cable)
    assert catalog.cable(HARBOR) == cable


def test_a_cable_put_again_takes_the_place_of_the_first(catalog: SqliteCatalog) -> None:
    put(catalog, parse_telegram(cable_text(HARBOR, ["One.", "Two."]), id=HARBOR))
    later = parse_telegram(cable_text(HARBOR, ["Three."]), id=HARBOR)
    put(catalog, later)
    assert (catalog.cable(HARBOR), catalog.counts()) == (later, (1, 1, 1))


def test_a_dropped_cable_leaves_nothing(catalog: SqliteCatalog, tmp_path: Path) -> None:
    put(catalog, parse_telegram(cable_text(HARBOR, ["One."]), id=HARBOR))
    with catalog.transaction():
        catalog.drop_cable(HARBOR)
    with sqlite3.connect(catalog.path) as db:
        left = [
            db.execute(f"SELECT count(*) FROM {t}").fetchone()[0]
            for t in ("cables", "paragraphs", "tags", "links")
        ]
    assert left == [0, 0, 0, 0]


def test_a_transaction_that_fails_changes_nothing(catalog: SqliteCatalog) -> None:
    cable = parse_telegram(cable_text(HARBOR, ["One."]), id=HARBOR)
    with pytest.raises(KeyError), catalog.transaction():
        catalog.put_cable(cable, {}, file="a", place="")
    assert catalog.counts() == (0, 0, 0)


def test_a_file_is_remembered_as_it_was(catalog: SqliteCatalog) -> None:
    file = KnownFile("/cables/a.txt", 10, 123456789012345678, 123456789012345679, "hash", "1")
    with catalog.transaction():
        catalog.put_file(file)
    assert catalog.file("/cables/a.txt") == file


def test_files_under_a_folder_are_not_those_of_its_namesake(catalog: SqliteCatalog, tmp_path: Path) -> None:
    for name in ("cables/a.txt", "cables-of-others/b.txt"):
        with catalog.transaction():
            catalog.put_file(KnownFile(str(tmp_path / name), 1, 1, 1, "", ""))
    assert list(catalog.files_under([tmp_path / "cables"])) == [str(tmp_path / "cables/a.txt")]


def test_what_is_being_written_is_noted_until_it_is_confirmed(catalog: SqliteCatalog) -> None:
    with catalog.transaction():
        catalog.begin_writing(["a", "b", "a"])
    noted = catalog.unfinished()
    with catalog.transaction():
        catalog.written()
    assert (noted, catalog.unfinished()) == (["a", "b"], [])


def test_a_paragraphs_level_is_the_higher_of_its_marking_and_its_cables(cable: Cable) -> None:
    levels = [level_of(cable, paragraph) for paragraph in cable.paragraphs]
    assert levels == [Level.CONFIDENTIAL, Level.SECRET, Level.CONFIDENTIAL]


def test_a_row_is_a_positive_number_that_depends_on_the_key_alone() -> None:
    rows = {row_of(f"07LISBON9100{n}.{m}") for n in range(10) for m in range(100)}
    assert len(rows) == 1000
    assert all(0 <= row < 2**63 for row in rows)


def test_an_altered_original_is_found(catalog: SqliteCatalog) -> None:
    put(catalog, parse_telegram(cable_text(HARBOR, ["One."]), id=HARBOR))
    with sqlite3.connect(catalog.path) as db:
        db.execute("UPDATE cables SET original = replace(original, 'One', 'Two')")
    assert catalog.altered() == [HARBOR]


def test_a_file_that_is_no_database_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"not a database, but long enough to look at" * 100)
    with pytest.raises(CatalogDamaged, match="reftel restore FILE"):
        SqliteCatalog(tmp_path / "catalog.sqlite")


def test_a_broken_page_is_found(catalog: SqliteCatalog) -> None:
    for n in range(30):
        put(
            catalog,
            parse_telegram(cable_text(f"07LISBON9{n:04d}", ["Words. " * 300]), id=f"07LISBON9{n:04d}"),
        )
    catalog._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    catalog.close()
    torn = bytearray(catalog.path.read_bytes())
    torn[len(torn) // 2 : len(torn) // 2 + 9000] = b"\xff" * 9000
    catalog.path.write_bytes(torn)
    with pytest.raises(CatalogDamaged):
        SqliteCatalog(catalog.path).check_pages()
