"""Two texts under one id: the better one is shown, the other is kept, and who may not read all of it sees none."""

from pathlib import Path

import pytest
from archives import TIDES, cable_text, open_hashed

from cables import Level
from vectorstore.access import EVERYTHING, Clearance
from vectorstore.indexing.indexer import Indexer
from vectorstore.indexing.report import Report
from vectorstore.storage.catalog_view import CatalogView

FULL = cable_text(TIDES, ["The tide fell early.", "Nobody saw the minister come ashore."])
MASKED = FULL.replace("the minister", "xxxxxxxxxxxx")
HIGHER = FULL.replace("2. (C)", "2. (S/NF)").replace("ashore", "a")


def run(root: Path, *, prune: bool = False) -> Report:
    return Indexer(open_hashed(root / "data")).run([root / "cables"], prune=prune)


def write(root: Path, **texts: str) -> None:
    (root / "cables").mkdir(exist_ok=True)
    for name, text in texts.items():
        (root / "cables" / f"{name}.txt").write_text(text)


def texts(root: Path, clearance: Clearance = EVERYTHING) -> tuple[str, list[str]]:
    """The shown text and the others."""
    view = CatalogView(root / "data" / "catalog.sqlite", clearance)
    shown = view.cable(TIDES)
    assert shown
    return shown.original, [version.original for version in view.versions(TIDES)]


@pytest.mark.parametrize(("first", "second"), [(FULL, MASKED), (MASKED, FULL)])
def test_the_better_text_is_shown_and_the_other_kept_whichever_comes_first(
    tmp_path: Path, first: str, second: str
) -> None:
    write(tmp_path, a=first, b=second)
    report = run(tmp_path)
    assert texts(tmp_path) == (FULL, [MASKED])
    assert report.notes["two texts, one id"] == 1
    assert "is kept as another version" in report.noted_in["two texts, one id"][0]
    run(tmp_path)
    assert texts(tmp_path) == (FULL, [MASKED])


def test_two_texts_in_one_file_are_kept_too(tmp_path: Path) -> None:
    other = FULL.replace("fell early", "fell late")
    write(tmp_path, a=f"{FULL}\n\n{cable_text('07LISBON91009', ['Between.'])}\n\n{other}")
    run(tmp_path)
    shown, versions = texts(tmp_path)
    assert len(versions) == 1
    assert {"early" in shown, "early" in versions[0]} == {True, False}


def test_a_version_goes_with_its_file_and_is_shown_when_the_better_one_goes(tmp_path: Path) -> None:
    write(tmp_path, a=FULL, b=MASKED)
    run(tmp_path)
    (tmp_path / "cables" / "a.txt").unlink()
    run(tmp_path, prune=True)
    assert texts(tmp_path) == (MASKED, [])
    write(tmp_path, a=FULL)
    run(tmp_path)
    (tmp_path / "cables" / "b.txt").unlink()
    run(tmp_path, prune=True)
    assert texts(tmp_path) == (FULL, [])


@pytest.mark.parametrize(
    ("clearance", "count"),
    [
        (EVERYTHING, 1),
        (Clearance(Level.SECRET, frozenset(["NOFORN"])), 1),
        (Clearance(Level.SECRET), 0),
        (Clearance(Level.CONFIDENTIAL, frozenset(["NOFORN"])), 0),
    ],
)
def test_a_version_is_seen_by_who_may_read_all_of_it(
    tmp_path: Path, clearance: Clearance, count: int
) -> None:
    write(tmp_path, a=FULL, b=HIGHER)
    run(tmp_path)
    shown, versions = texts(tmp_path, clearance)
    assert (shown, len(versions)) == (FULL, count)


def test_a_withdrawn_cable_takes_its_versions_along(tmp_path: Path) -> None:
    write(tmp_path, a=FULL, b=MASKED)
    run(tmp_path)
    Indexer(open_hashed(tmp_path / "data")).withdraw([TIDES])
    assert CatalogView(tmp_path / "data" / "catalog.sqlite", EVERYTHING).versions(TIDES) == []
