"""Indexing keeps the archive in step with its files, loses nothing, and does no work twice."""

import gc
import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from archives import (
    HARBOR,
    TIDES,
    HashEmbedder,
    cable_text,
    cables_in,
    disagreements,
    open_hashed,
    stored_vectors,
    write_cable,
)
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from cables import Cable
from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive, IndexSpecMismatch
from vectorstore.indexing import indexer as indexer_module
from vectorstore.indexing.indexer import Indexer
from vectorstore.indexing.lock import ArchiveLocked, one_writer
from vectorstore.indexing.report import Report
from vectorstore.maintenance import doctor


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def run(data: Path, folder: Path, *, prune: bool = False, dry: bool = False, name: str = "hash") -> Report:
    return Indexer(open_hashed(data, name), dry=dry).run([folder], prune=prune)


def embedded_by(archive: Archive) -> int:
    assert isinstance(archive.embedder, HashEmbedder)
    return archive.embedder.encoded


def test_a_first_run_takes_every_cable(data: Path, folder: Path) -> None:
    report = run(data, folder)
    assert (report.new, report.paragraphs, report.embedded) == ([HARBOR, TIDES], 3, 3)
    assert disagreements(data, cables_in(folder)) == []


def test_a_second_run_embeds_nothing_and_counts_everything_unchanged(data: Path, folder: Path) -> None:
    run(data, folder)
    archive = open_hashed(data)
    report = Indexer(archive).run([folder])
    assert (report.unchanged, report.new, report.changed, embedded_by(archive)) == (2, [], [], 0)


def test_a_touched_file_is_unchanged(data: Path, folder: Path) -> None:
    run(data, folder)
    os.utime(folder / "tides.txt", (1, 1))
    report = run(data, folder)
    assert (report.unchanged, report.changed) == (2, [])


def test_an_archive_of_a_version_that_kept_no_time_of_change_is_taken_over(data: Path, folder: Path) -> None:
    run(data, folder)
    with closing(sqlite3.connect(data / "catalog.sqlite")) as db, db:
        db.execute("ALTER TABLE files DROP COLUMN changed")
    archive = open_hashed(data)
    report = Indexer(archive).run([folder])
    assert (report.unchanged, report.new, report.changed, embedded_by(archive)) == (2, [], [], 0)
    assert disagreements(data, cables_in(folder)) == []


def test_a_file_that_kept_size_and_time_but_not_its_text_is_read_again(data: Path, folder: Path) -> None:
    file = folder / "tides.txt"
    os.utime(file, (1, 1))
    run(data, folder)
    write_cable(file, TIDES, ["The tide fell. three"], subject="TIDES")
    os.utime(file, (1, 1))
    assert run(data, folder).changed == [TIDES]


def test_a_file_written_twice_within_a_tick_of_the_clock_is_read_again(data: Path, folder: Path) -> None:
    run(data, folder)
    known = open_hashed(data).catalog.file(str(folder / "tides.txt"))
    assert known is not None
    assert known.modified == 0  # it was written a moment ago: its times prove nothing


@pytest.mark.parametrize("years", [-20, 20])
def test_a_clock_that_jumps_loses_nothing(
    data: Path, folder: Path, years: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(data, folder)
    there = time.time() + years * 365 * 86_400
    monkeypatch.setattr(time, "time", lambda: there)
    monkeypatch.setattr(time, "time_ns", lambda: int(there * 1e9))
    write_cable(folder / "new.txt", "07LISBON91003", ["Something new. four"])
    for file in folder.iterdir():
        os.utime(file, (there, there))
    assert run(data, folder).new == ["07LISBON91003"]
    monkeypatch.undo()
    write_cable(folder / "tides.txt", TIDES, ["The tide fell. back"], subject="TIDES")
    report = run(data, folder)
    assert (report.changed, report.unchanged) == ([TIDES], 2)
    assert [one.number for one in open_hashed(data).view(EVERYTHING).runs()] == [3, 2, 1]
    assert disagreements(data, cables_in(folder)) == []


def test_a_changed_file_embeds_only_its_changed_paragraphs(data: Path, folder: Path) -> None:
    run(data, folder)
    write_cable(folder / "harbor.txt", HARBOR, ["The pier sank. one", "The minister laughed. changed"])
    archive = open_hashed(data)
    report = Indexer(archive).run([folder])
    assert (report.changed, embedded_by(archive)) == ([HARBOR], 1)
    assert disagreements(data, cables_in(folder)) == []


def test_a_paragraph_that_lost_its_section_loses_it_in_the_metadata(data: Path, folder: Path) -> None:
    text = cable_text(HARBOR, ["The pier sank. one", "It was old. two"])
    (folder / "harbor.txt").write_text(text.replace("\n\n2. (C)", "\n\nTHE PIER\n--------\n\n2. (C)"))
    run(data, folder)
    (folder / "harbor.txt").write_text(text)
    run(data, folder)
    details = stored_vectors(open_hashed(data).vectors, [f"{HARBOR}.2"])[f"{HARBOR}.2"][1]
    assert "section" not in details


def test_a_changed_marking_changes_metadata_and_embeds_nothing(data: Path, folder: Path) -> None:
    run(data, folder)
    write_cable(folder / "tides.txt", TIDES, ["(U) The tide rose. three"], subject="TIDES")
    archive = open_hashed(data)
    Indexer(archive).run([folder])
    details = stored_vectors(archive.vectors, [f"{TIDES}.1"])[f"{TIDES}.1"][1]
    assert (details["marking"], embedded_by(archive)) == (0, 0)


def test_a_long_paragraph_that_became_short_leaves_no_windows(data: Path, folder: Path) -> None:
    write_cable(folder / "tides.txt", TIDES, ["The tide rose. " * 200 + "long"])
    run(data, folder)
    write_cable(folder / "tides.txt", TIDES, ["The tide rose. short"])
    run(data, folder)
    assert disagreements(data, cables_in(folder)) == []


def test_a_missing_file_keeps_its_cable_without_prune(data: Path, folder: Path) -> None:
    before = cables_in(folder)
    run(data, folder)
    (folder / "tides.txt").unlink()
    assert run(data, folder).withdrawn == []
    assert disagreements(data, before) == []


def test_prune_withdraws_the_cables_of_missing_files(data: Path, folder: Path) -> None:
    run(data, folder)
    (folder / "tides.txt").unlink()
    assert run(data, folder, prune=True).withdrawn == [TIDES]
    assert disagreements(data, cables_in(folder)) == []


def test_prune_withdraws_nothing_outside_the_given_folders(data: Path, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write_cable(other / "a.txt", "07LISBON91003", ["Elsewhere. four"])
    run(data, folder)
    run(data, other)
    (folder / "tides.txt").unlink()
    assert run(data, other, prune=True).withdrawn == []


def test_a_renamed_file_keeps_its_cable_with_prune(data: Path, folder: Path) -> None:
    run(data, folder)
    (folder / "tides.txt").rename(folder / "a-new-name.txt")
    archive = open_hashed(data)
    report = Indexer(archive).run([folder], prune=True)
    assert (report.withdrawn, embedded_by(archive)) == ([], 0)
    assert disagreements(data, cables_in(folder)) == []


def test_a_cable_in_two_files_stays_until_both_are_gone(data: Path, folder: Path) -> None:
    write_cable(folder / "tides-again.txt", TIDES, ["The tide rose. three"], subject="TIDES")
    run(data, folder)
    (folder / "tides.txt").unlink()
    kept = run(data, folder, prune=True).withdrawn
    (folder / "tides-again.txt").unlink()
    assert (kept, run(data, folder, prune=True).withdrawn) == ([], [TIDES])


def test_when_the_copy_that_was_read_is_gone_the_other_copy_takes_its_place(data: Path, folder: Path) -> None:
    write_cable(folder / "z-tides.txt", TIDES, ["The tide fell. otherwise"], subject="TIDES")
    run(data, folder)
    (folder / "z-tides.txt").unlink()
    run(data, folder, prune=True)
    assert disagreements(data, cables_in(folder)) == []


def test_what_can_be_no_file_is_a_failure_line_and_the_run_goes_on(data: Path, folder: Path) -> None:
    (folder / "a").symlink_to(folder / "b")
    (folder / "b").symlink_to(folder / "a")
    os.mkfifo(folder / "pipe.txt")
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text(cable_text("07LISBON91003", ["Elsewhere. four"]))
    tei = (
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><div type="document" n="1"><head>1. x</head><p>'
    )
    deep = "<hi>" * 20_000 + "x" + "</hi>" * 20_000
    (folder / "deep.xml").write_text(f"{tei}{deep}</p></div></body></text></TEI>")
    report = run(data, folder)
    assert sorted(failure.path.name for failure in report.failed) == [
        "a",
        "b",
        "caf\\udce9.txt",
        "deep.xml",
        "pipe.txt",
    ]
    assert report.new == [HARBOR, TIDES]
    assert open_hashed(data).view(EVERYTHING).runs()[0].report["new"] == 2


def test_a_cable_that_left_its_file_goes_with_prune(data: Path, folder: Path) -> None:
    both = cable_text(HARBOR, ["The pier sank. one"]) + "\n\n" + cable_text(TIDES, ["The tide rose. three"])
    (folder / "tides.txt").unlink()
    (folder / "harbor.txt").write_text(both)
    run(data, folder)
    write_cable(folder / "harbor.txt", HARBOR, ["The pier sank. one"])
    kept = run(data, folder).withdrawn
    assert (kept, run(data, folder, prune=True).withdrawn) == ([], [TIDES])


def test_a_folder_that_cannot_be_read_is_a_failure_and_is_not_pruned(
    data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(data, folder)
    real = os.scandir

    def refuse(path: Path) -> object:
        if Path(path) == folder:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    report = run(data, folder, prune=True)
    assert (report.withdrawn, len(report.failed)) == ([], 1)


def test_a_file_that_went_bad_is_reported_and_keeps_its_cable(data: Path, folder: Path) -> None:
    before = cables_in(folder)
    run(data, folder)
    (folder / "tides.txt").write_bytes(b"\0\1\2" * 100)
    report = run(data, folder, prune=True)
    assert [failure.path.name for failure in report.failed] == ["tides.txt"]
    assert disagreements(data, before) == []


def test_a_corrected_copy_replaces_and_is_not_replaced_by_the_first_copy(data: Path, folder: Path) -> None:
    write_cable(folder / "a.txt", TIDES, ["The tide fell. corrected"], corrected=True)
    report = run(data, folder)
    assert report.notes["two texts, one id"] == 1
    kept = open_hashed(data).catalog.cable(TIDES)
    assert kept is not None
    assert kept.paragraphs[0].text == "The tide fell. corrected"


def test_a_failed_file_is_read_again_when_it_is_whole(data: Path, folder: Path) -> None:
    whole = (folder / "tides.txt").read_text()
    (folder / "tides.txt").write_text("")
    first = run(data, folder)
    (folder / "tides.txt").write_text(whole)
    assert (len(first.failed), run(data, folder).new) == (1, [TIDES])


def test_a_large_file_is_stored_in_batches(data: Path, folder: Path) -> None:
    many = [cable_text(f"07LISBON9200{n}", [f"Report. a{n}", f"More. b{n}"]) for n in range(6)]
    (folder / "many.txt").write_text("\n\n".join(many))
    archive = open_hashed(data)
    Indexer(archive, batch=3).run([folder])
    assert int(archive.catalog.meta("generation") or 0) >= 4
    assert disagreements(data, cables_in(folder)) == []


def test_a_dry_run_says_what_would_happen_and_writes_nothing(data: Path, folder: Path) -> None:
    run(data, folder)
    write_cable(folder / "new.txt", "07LISBON91003", ["Something new. four"])
    (folder / "tides.txt").unlink()
    gc.collect()  # closes what earlier runs had open, which puts a write-ahead log into its database
    before = {
        file: file.read_bytes() for file in data.rglob("*") if file.is_file() and file.suffix != ".sqlite-shm"
    }
    report = run(data, folder, prune=True, dry=True)
    assert (report.new, report.withdrawn, report.embedded) == (["07LISBON91003"], [TIDES], 1)
    assert {file: file.read_bytes() for file in before} == before


def test_a_dry_run_without_an_archive_makes_none(data: Path, folder: Path) -> None:
    assert run(data, folder, dry=True).new == [HARBOR, TIDES]
    assert not data.exists()


def test_withdrawn_cables_are_gone_from_every_store_and_stay_out(data: Path, folder: Path) -> None:
    run(data, folder)
    report = Indexer(open_hashed(data)).withdraw([TIDES, "99NOWHERE1"])
    assert report.withdrawn == [TIDES]
    assert run(data, folder).new == []
    (folder / "tides.txt").unlink()
    assert disagreements(data, cables_in(folder)) == []


def test_every_run_is_kept_with_its_failures(data: Path, folder: Path) -> None:
    (folder / "empty.txt").write_text("")
    run(data, folder)
    Indexer(open_hashed(data)).withdraw([TIDES])
    second, first = open_hashed(data).view(EVERYTHING).runs()
    assert (first.report["new"], second.report["withdrawn"]) == (2, [TIDES])
    assert first.report["failed"][0]["path"].endswith("empty.txt")


def test_the_archives_own_files_are_no_sources_but_uploaded_files_are(data: Path, folder: Path) -> None:
    run(data, folder)
    uploads = open_hashed(data).uploads
    uploads.mkdir()
    write_cable(uploads / "storm.txt", "08LISBON91009", ["The storm came. four"])
    assert run(data, data).new == ["08LISBON91009"]


def test_a_second_indexer_is_told_who_holds_the_archive(data: Path, folder: Path) -> None:
    run(data, folder)
    with (
        one_writer(data),
        pytest.raises(ArchiveLocked, match=rf"pytest.* \(process {os.getpid()} on .* since 20"),
    ):
        run(data, folder)


def test_two_processes_can_take_turns_at_indexing(data: Path, folder: Path) -> None:
    one, other = open_hashed(data), open_hashed(data)
    Indexer(one).run([folder])
    write_cable(folder / "harbor.txt", HARBOR, ["The pier rose. another"])
    Indexer(other).run([folder])
    write_cable(folder / "tides.txt", TIDES, ["The tide fell. once"])
    Indexer(one).run([folder])
    assert disagreements(data, cables_in(folder)) == []


def test_another_embedder_embeds_everything_again_and_never_mixes(data: Path, folder: Path) -> None:
    run(data, folder)
    report = run(data, folder, name="other")
    assert "every paragraph is embedded again" in report.mended[0]
    assert disagreements(data, cables_in(folder), "other") == []


def test_asking_with_another_embedder_than_the_archives_is_refused(data: Path, folder: Path) -> None:
    run(data, folder)
    with pytest.raises(IndexSpecMismatch, match="reftel index"):
        open_hashed(data, "other").view(EVERYTHING)


def test_a_chat_is_told_when_the_archive_was_embedded_otherwise(data: Path, folder: Path) -> None:
    run(data, folder)
    chat = open_hashed(data)
    view = chat.view(EVERYTHING)
    chat.refresh(view)
    run(data, folder, name="other")
    with pytest.raises(IndexSpecMismatch):
        chat.refresh(view)


def test_embedding_again_goes_on_where_it_was_cut_off(
    data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(data, folder)
    archive = open_hashed(data, "other")
    encode = archive.embedder.encode
    monkeypatch.setattr(
        archive.embedder, "encode", lambda texts, *a: 1 / 0 if "three" in texts[0] else encode(texts, *a)
    )
    with pytest.raises(ZeroDivisionError):
        Indexer(archive, batch=1).run([folder])
    again = open_hashed(data, "other")
    Indexer(again).run([folder])
    assert embedded_by(again) == 1  # the first cable's two paragraphs were there


def test_progress_ends_with_all_bytes_and_all_paragraphs(data: Path, folder: Path) -> None:
    seen: list[indexer_module.Progress] = []
    Indexer(open_hashed(data), progress=seen.append).run([folder])
    assert seen[-1].done == seen[-1].total == sum(file.stat().st_size for file in folder.iterdir())
    assert [p.embedded for p in seen] == sorted(p.embedded for p in seen)
    assert seen[-1].embedded == 3


FILES = st.sampled_from(["a", "b", "c"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), FILES, st.integers(1, 3), st.integers(0, 2)),
        st.tuples(st.just("write"), FILES, st.integers(1, 3), st.integers(0, 2)),
        st.tuples(st.just("two"), FILES, st.integers(1, 2), st.integers(0, 2)),
        st.tuples(
            st.sampled_from(["delete", "corrupt", "empty", "rename", "index"]), FILES, st.just(0), st.just(0)
        ),
    ),
    min_size=3,
    max_size=10,
)


def step(folder: Path, kind: str, name: str, number: int, version: int) -> None:
    """Do one thing to one file."""
    file = folder / f"{name}.txt"
    texts = [f"Version {version} speaks. w{number}v{version}p{n}" for n in range(1 + version)]
    if kind in ("write", "two"):
        text = cable_text(f"07LISBON9100{number}", texts, corrected=version == 2 and kind == "write")
        if kind == "two":
            text += "\n\n" + cable_text(
                f"07LISBON9100{number + 1}", [f"The other one. w{number + 1}twov{version}"]
            )
        file.write_text(text)
    elif not file.exists():
        return
    elif kind == "delete":
        file.unlink()
    elif kind == "corrupt":
        file.write_bytes(b"\0\x01 no cable \0")
    elif kind == "empty":
        file.write_text("")
    elif kind == "rename":
        file.replace(folder / "renamed.txt")


def mirror(folder: Path, good: Path) -> None:
    """Bring `good` in step as an archive is: of a file that cannot be read the last readable text stays."""
    for known in list(good.iterdir()):
        if not (folder / known.name).exists():
            known.unlink()
    for file in folder.iterdir():
        if file.read_bytes().startswith(b"VZCZC"):
            (good / file.name).write_bytes(file.read_bytes())


@pytest.mark.usefixtures("small_shards")
@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(steps=STEPS)
@example(
    steps=[
        ("write", "a", 1, 0),
        ("index", "a", 0, 0),
        ("corrupt", "a", 0, 0),
        ("two", "c", 1, 0),
        ("index", "a", 0, 0),
        ("write", "c", 2, 1),
    ]
)
def test_whatever_happens_to_the_files_the_stores_agree_with_them(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, int, int]]
) -> None:
    root = tmp_path_factory.mktemp("steps")
    data, folder, good = root / "data", root / "cables", root / "good"
    folder.mkdir()
    good.mkdir()
    read: dict[str, list[Cable]] = {}
    for kind, name, number, version in [*steps, ("index", "", 0, 0)]:
        step(folder, kind, name, number, version)
        if kind == "index":
            run(data, folder, prune=True)
            mirror(folder, good)
            for cable_id, copies in cables_in(good).items():
                read.setdefault(cable_id, []).extend(copies)
    assert doctor.check(open_hashed(data)) == []
    # A cable that only a spoilt file holds stays in the words of a copy that was read once.
    allowed = cables_in(good)
    allowed |= {cable_id: read[cable_id] for cable_id in allowed.keys() - cables_in(folder)}
    assert disagreements(data, allowed) == []


def test_killed_runs_lose_double_and_leave_nothing(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    kills = request.config.getoption("--kills")
    script = Path(__file__).with_name("kill_runs.py")
    roots = [str(Path(__file__).parents[3]), str(script.parents[1])]
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path), str(kills), "1"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(roots)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    result = json.loads(done.stdout)
    assert result["problems"] == []
    assert result["cut"] == kills, done.stderr
