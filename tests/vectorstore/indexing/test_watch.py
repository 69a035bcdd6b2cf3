"""A watched folder: what arrives, changes or goes is in the archive within seconds."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from archives import cable_text, cables_in, disagreements, open_hashed, write_cable
from filelock import FileLock

from vectorstore.indexing.report import Report
from vectorstore.indexing.watch import watch

HARBOR, TIDES = "07LISBON91001", "07LISBON91002"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "cables"
    folder.mkdir()
    write_cable(folder / "harbor.txt", HARBOR, ["The pier sank. one"])
    return folder


@pytest.fixture
def reports(tmp_path: Path, folder: Path) -> Iterator[Iterator[Report]]:
    """The runs of a watch with --prune; it ends by itself where a test would wait for ever."""
    stop = threading.Event()
    alarm = threading.Timer(60, stop.set)
    alarm.start()
    yield watch(open_hashed(tmp_path / "data"), [folder], prune=True, stop=stop)
    alarm.cancel()


def until(reports: Iterator[Report], true: Callable[[Report], object]) -> Report:
    """The first report of which something is true; fails where the watch ended before."""
    found = next((report for report in reports if true(report)), None)
    assert found is not None
    return found


def test_a_watch_begins_by_indexing_what_is_there(reports: Iterator[Report]) -> None:
    assert next(reports).new == [HARBOR]


def test_a_cable_that_arrives_is_indexed(reports: Iterator[Report], folder: Path, tmp_path: Path) -> None:
    next(reports)
    write_cable(folder / "tides.txt", TIDES, ["The tide rose. three"])
    assert until(reports, lambda report: report.new).new == [TIDES]
    assert disagreements(tmp_path / "data", cables_in(folder)) == []


def test_a_file_caught_half_written_is_read_again_when_it_is_whole(
    reports: Iterator[Report], folder: Path, tmp_path: Path
) -> None:
    next(reports)
    text = cable_text(TIDES, ["The tide rose. three", "The tide fell. four"])
    half = folder / "tides.txt"
    half.write_text(text[:200])
    until(reports, lambda report: report.failed or report.new)
    half.write_text(text)
    until(reports, lambda report: report.new or report.changed)
    assert disagreements(tmp_path / "data", cables_in(folder)) == []


def test_a_file_renamed_into_place_is_indexed(reports: Iterator[Report], folder: Path) -> None:
    next(reports)
    write_cable(folder / ".coming", TIDES, ["The tide rose. three"]).rename(folder / "tides.txt")
    assert until(reports, lambda report: report.new).new == [TIDES]


def test_a_deleted_file_is_withdrawn_with_prune(reports: Iterator[Report], folder: Path) -> None:
    next(reports)
    (folder / "harbor.txt").unlink()
    assert until(reports, lambda report: report.withdrawn).withdrawn == [HARBOR]


def test_changes_wait_while_another_process_indexes(
    reports: Iterator[Report], folder: Path, tmp_path: Path
) -> None:
    next(reports)
    write_cable(folder / "tides.txt", TIDES, ["The tide rose. three"])
    lock = FileLock(tmp_path / "data" / "indexing.lock", thread_local=False)
    lock.acquire()
    threading.Timer(2, lock.release).start()
    assert until(reports, lambda report: report.new).new == [TIDES]
