"""Backup and restore: the archive as of one moment, in one file, while others go on asking."""

import shutil
import sqlite3
import stat
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from archives import HARBOR, TIDES, cables_in, disagreements, open_hashed, write_cable

from cables import Level
from vectorstore.access import EVERYTHING, Clearance
from vectorstore.indexing.indexer import Indexer
from vectorstore.indexing.lock import ArchiveLocked, one_writer
from vectorstore.maintenance import backup as module
from vectorstore.maintenance import doctor
from vectorstore.maintenance import restore as restoring
from vectorstore.maintenance.backup import BackupSummary, backup
from vectorstore.maintenance.restore import InvalidBackup
from vectorstore.query import Query
from vectorstore.retrieval.retriever import Retriever
from vectorstore.storage.catalog_view import ArchiveMissing
from vectorstore.storage.row_level_security import Rule

LATER = "07LISBON91003"


def restore(data: Path, file: Path) -> BackupSummary:
    """Restore, as programs do whose archives have the embedder that only hashes."""
    return restoring.restore(data, file, opener=open_hashed)


@pytest.fixture
def data(tmp_path: Path, folder: Path) -> Path:
    Indexer(open_hashed(tmp_path / "data")).run([folder])
    return tmp_path / "data"


@pytest.fixture
def kept(tmp_path: Path, data: Path) -> Path:
    """A backup of the archive as it was indexed first."""
    backup(data, tmp_path / "kept.zip")
    return tmp_path / "kept.zip"


def change(data: Path, folder: Path) -> None:
    """Let the archive go on after a backup."""
    write_cable(folder / "later.txt", LATER, ["Something later. four"])
    (folder / "tides.txt").unlink()
    Indexer(open_hashed(data)).run([folder], prune=True)


def test_the_archive_and_its_backup_are_read_by_their_owner_alone(kept: Path, data: Path) -> None:
    assert [stat.S_IMODE(path.stat().st_mode) for path in (data, kept)] == [0o700, 0o600]


def test_a_backup_counts_what_it_holds(data: Path, tmp_path: Path) -> None:
    backed = backup(data, tmp_path / "kept.zip")
    assert (backed.cables, backed.paragraphs, backed.vectors) == (2, 3, 3)
    assert [file.name for file in tmp_path.iterdir() if "kept" in file.name] == ["kept.zip"]


def test_a_backup_restored_elsewhere_is_the_same_archive(kept: Path, folder: Path, tmp_path: Path) -> None:
    restore(tmp_path / "elsewhere", kept)
    assert doctor.check(open_hashed(tmp_path / "elsewhere")) == []
    assert disagreements(tmp_path / "elsewhere", cables_in(folder)) == []


@pytest.mark.usefixtures("small_shards")
def test_a_restored_archive_is_what_it_was_and_indexes_on(kept: Path, data: Path, folder: Path) -> None:
    before = cables_in(folder)
    change(data, folder)
    restore(data, kept)
    assert disagreements(data, before) == []
    Indexer(open_hashed(data)).run([folder], prune=True)
    assert disagreements(data, cables_in(folder)) == []
    assert len(list((data / "vectors").iterdir())) == 1


def test_a_running_chat_answers_from_the_restored_archive(kept: Path, data: Path, folder: Path) -> None:
    change(data, folder)
    chat = open_hashed(data)
    retriever = Retriever(archive=chat, view=chat.view(EVERYTHING))
    assert "tide" not in " ".join(evidence.text for evidence in retriever.search(Query("tide")))
    restore(data, kept)
    found = retriever.search(Query("tide"))
    assert {evidence.cable_id for evidence in found} == {HARBOR, TIDES}
    assert found[0].text == "The tide rose. three"


def test_questions_are_answered_while_backups_are_made_and_put_back(kept: Path, data: Path) -> None:
    stop, wrong = threading.Event(), []

    def ask() -> None:
        chat = open_hashed(data)
        retriever = Retriever(archive=chat, view=chat.view(EVERYTHING))
        while not stop.is_set():
            found = {evidence.cable_id for evidence in retriever.search(Query("the tide and the pier"))}
            if found != {HARBOR, TIDES}:
                wrong.append(found)

    asking = threading.Thread(target=ask)
    asking.start()
    for _ in range(3):
        backup(data, kept)
        restore(data, kept)
    stop.set()
    asking.join()
    assert wrong == []


def test_a_backup_of_an_archive_that_was_just_killed_is_healed_after_restoring(
    data: Path, folder: Path, tmp_path: Path
) -> None:
    with open_hashed(data).catalog.transaction():
        open_hashed(data).catalog.unfinished()
    archive = open_hashed(data)
    with archive.catalog.transaction():
        archive.catalog.begin_writing([f"{HARBOR}.1"])
    archive.vectors.drop([f"{HARBOR}.1"])
    backup(data, tmp_path / "kept.zip")
    restore(tmp_path / "elsewhere", tmp_path / "kept.zip")
    Indexer(open_hashed(tmp_path / "elsewhere")).run([folder])
    assert disagreements(tmp_path / "elsewhere", cables_in(folder)) == []


def test_a_damaged_catalog_is_replaced_by_the_restored_one(kept: Path, data: Path, folder: Path) -> None:
    (data / "catalog.sqlite").write_bytes(b"no database at all " * 1000)
    restore(data, kept)
    assert disagreements(data, cables_in(folder)) == []


def test_uploaded_files_come_along(data: Path, tmp_path: Path) -> None:
    (data / "uploads").mkdir()
    write_cable(data / "uploads" / "mine.txt", LATER, ["Uploaded. four"])
    backup(data, tmp_path / "kept.zip")
    restore(tmp_path / "elsewhere", tmp_path / "kept.zip")
    assert (tmp_path / "elsewhere" / "uploads" / "mine.txt").exists()


def test_a_torn_backup_changes_nothing(kept: Path, data: Path, folder: Path) -> None:
    change(data, folder)
    kept.write_bytes(kept.read_bytes()[:-2000])
    with pytest.raises(InvalidBackup, match="nothing was changed"):
        restore(data, kept)
    assert disagreements(data, cables_in(folder)) == []


def test_a_backup_with_a_wrong_byte_changes_nothing(kept: Path, data: Path, folder: Path) -> None:
    change(data, folder)
    content = bytearray(kept.read_bytes())
    content[len(content) // 3] ^= 0xFF
    kept.write_bytes(content)
    with pytest.raises(InvalidBackup, match="nothing was changed"):
        restore(data, kept)
    assert disagreements(data, cables_in(folder)) == []


@pytest.mark.parametrize("name", ["../outside.txt", "vectors/../../outside.txt", "/outside.txt", "other.txt"])
def test_a_made_up_backup_writes_nowhere(kept: Path, data: Path, name: str) -> None:
    with zipfile.ZipFile(kept, "a") as source:
        source.writestr(name, "hostile")
    with pytest.raises(InvalidBackup, match="not a file that"):
        restore(data, kept)


def test_a_backup_that_fails_leaves_the_last_one(
    kept: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept.read_bytes()
    monkeypatch.setattr(
        module.os, "fsync", lambda number: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    with pytest.raises(OSError, match="No space"):
        backup(data, kept)
    assert kept.read_bytes() == before
    assert sorted(file.name for file in kept.parent.iterdir()) == ["cables", "data", "kept.zip"]


def test_a_restore_that_is_cut_off_changes_nothing_and_its_remains_go(
    kept: Path, data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(data, folder)

    def killed(*_: object) -> None:
        shutil.copytree(next(data.glob("restoring-*")), data / "restoring-killed")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring, "_replace", killed)
    with pytest.raises(OSError, match="No space"):
        restore(data, kept)
    assert disagreements(data, cables_in(folder)) == []
    Indexer(open_hashed(data)).run([folder])
    assert [len(list((data / kind).iterdir())) for kind in ("vectors", "words")] == [1, 1]
    assert list(data.glob("restoring-*")) == []


def test_neither_happens_while_another_process_writes(kept: Path, data: Path) -> None:
    with one_writer(data):
        with pytest.raises(ArchiveLocked):
            backup(data, kept)
        with pytest.raises(ArchiveLocked):
            restore(data, kept)


def test_there_is_nothing_to_back_up_without_an_archive(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissing):
        backup(tmp_path / "nowhere", tmp_path / "kept.zip")


def test_a_backup_of_another_format_names_both(kept: Path, data: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer.zip"
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(newer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(
                name, content.replace(b'"format": 1', b'"format": 9') if name.endswith("json") else content
            )
    with pytest.raises(InvalidBackup, match="format 9"):
        restore(data, newer)


def table_in(file: Path, *names: str) -> None:
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("CREATE TABLE IF NOT EXISTS said (text TEXT)")
        db.executemany("INSERT INTO said VALUES (?)", [(name,) for name in names])


def said_in(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as db:
        return [text for (text,) in db.execute("SELECT text FROM said")]


def test_conversations_come_along_and_replace_none_that_are_there(data: Path, tmp_path: Path) -> None:
    table_in(data / "conversations.sqlite", "before")
    backup(data, tmp_path / "kept.zip")
    table_in(data / "conversations.sqlite", "after")
    restore(data, tmp_path / "kept.zip")
    restore(tmp_path / "elsewhere", tmp_path / "kept.zip")
    assert said_in(data / "conversations.sqlite") == ["before", "after"]
    assert said_in(tmp_path / "elsewhere" / "conversations.sqlite") == ["before"]


def test_rules_that_were_made_since_a_backup_go_on_to_hold(kept: Path, data: Path) -> None:
    catalog = open_hashed(data).catalog
    with catalog.transaction():
        catalog.groups.put(Rule("region", "tag", "PO"))
    restore(data, kept)
    assert open_hashed(data).catalog.groups.all() == [Rule("region", "tag", "PO")]
    assert open_hashed(data).view(Clearance(Level.SECRET)).count() == (0, 0)


# Made-up and damaged backups

Change = Callable[[dict[str, bytes], Path], None]


def in_catalog(*statements: str) -> Change:
    def change(members: dict[str, bytes], scratch: Path) -> None:
        (scratch / "changed.sqlite").write_bytes(members["catalog.sqlite"])
        with closing(sqlite3.connect(scratch / "changed.sqlite")) as db:
            for statement in statements:
                db.execute(statement)
            db.commit()
        members["catalog.sqlite"] = (scratch / "changed.sqlite").read_bytes()

    return change


def foreign(members: dict[str, bytes], scratch: Path) -> None:
    table_in(scratch / "foreign.sqlite", "nothing of ours")
    members["catalog.sqlite"] = (scratch / "foreign.sqlite").read_bytes()


def member(name: str, content: bytes) -> Change:
    return lambda members, scratch: members.update({name: content})


def without(part: str) -> Change:
    def change(members: dict[str, bytes], scratch: Path) -> None:
        for name in [name for name in members if part in name]:
            del members[name]

    return change


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(foreign, id="foreign catalog"),
        pytest.param(member("catalog.sqlite", b""), id="empty file as catalog"),
        pytest.param(member("catalog.sqlite", b"garbage" * 1000), id="garbage as catalog"),
        pytest.param(in_catalog("DELETE FROM paragraphs", "DELETE FROM cables"), id="catalog without cables"),
        pytest.param(
            in_catalog("DROP TABLE needs", "CREATE VIEW needs AS SELECT '' cable, '' key, '' caveat WHERE 0"),
            id="caveats taken away by a view",
        ),
        pytest.param(
            in_catalog("UPDATE meta SET value = '../../../cables ../../../cables' WHERE name = 'folders'"),
            id="folders outside",
        ),
        pytest.param(member("reftel-backup.json", b"{{{"), id="manifest that is no JSON"),
        pytest.param(member("reftel-backup.json", b"[]"), id="manifest of another shape"),
        pytest.param(member("reftel-backup.json", b'{"format": 1}'), id="manifest without counts"),
        pytest.param(member("accounts.sqlite", b"mine"), id="another database"),
        pytest.param(member("private/accounts.db", b"mine"), id="accounts"),
        pytest.param(without("vectors/"), id="no vectors"),
        pytest.param(without("tokens.sqlite"), id="no token vectors"),
        pytest.param(without("words/"), id="no words"),
    ],
)
def test_a_backup_that_is_not_one_of_ours_or_not_whole_changes_nothing(
    kept: Path, data: Path, folder: Path, tmp_path: Path, change: Change
) -> None:
    with zipfile.ZipFile(kept) as source:
        members = {name: source.read(name) for name in source.namelist()}
    change(members, tmp_path)
    with zipfile.ZipFile(tmp_path / "changed.zip", "w") as target:
        for name, content in members.items():
            target.writestr(name, content)
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(InvalidBackup, match="nothing was changed"):
        restore(data, tmp_path / "changed.zip")
    assert sorted(path.name for path in folder.iterdir()) == before
    assert not (data / "accounts.sqlite").exists()
    assert doctor.check(open_hashed(data)) == []
    assert disagreements(data, cables_in(folder)) == []
