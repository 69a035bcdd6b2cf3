"""An archive that is built otherwise: the old build answers until the new one is whole."""

from dataclasses import replace
from pathlib import Path

import pytest
from archives import HARBOR, TIDES, HashEmbedder, cables_in, disagreements, open_hashed, write_cable

from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive, IndexSpecMismatch
from vectorstore.archive.index_spec import IndexSpec
from vectorstore.archive.index_state import IndexState
from vectorstore.indexing.indexer import Indexer
from vectorstore.indexing.report import Report
from vectorstore.maintenance import doctor
from vectorstore.query import Query
from vectorstore.retrieval.retriever import Retriever


@pytest.fixture
def data(tmp_path: Path, folder: Path) -> Path:
    """An archive that was indexed with the embedder "hash"."""
    Indexer(open_hashed(tmp_path / "data")).run([folder])
    return tmp_path / "data"


def embedded_by(archive: Archive) -> int:
    assert isinstance(archive.embedder, HashEmbedder)
    return archive.embedder.encoded


def found_by(archive: Archive, text: str) -> list[str]:
    """Keys that a question finds."""
    retriever = Retriever(archive=archive, view=archive.view(EVERYTHING))
    return [evidence.key for evidence in retriever.search(Query(text))]


class Interrupted(Exception):
    """Stands for whatever cuts a run off."""


def cut_off_at(archive: Archive, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let embedding fail at the first text that holds a word."""
    encode = archive.embedder.encode

    def fail(texts: list[str], *rest: object) -> object:
        if any(word in text for text in texts):
            raise Interrupted
        return encode(texts, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(archive.embedder, "encode", fail)


def rebuild(data: Path, folder: Path, name: str) -> Report:
    return Indexer(open_hashed(data, name)).run([folder])


def test_another_embedder_builds_everything_again_and_says_why(data: Path, folder: Path) -> None:
    report = rebuild(data, folder, "other")
    assert "the embedder was hash, now other: every paragraph is embedded again" in report.mended
    assert (report.embedded, report.unchanged) == (3, 2)
    assert disagreements(data, cables_in(folder), "other") == []


def test_the_old_build_answers_while_the_new_one_is_made(
    data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, writer = open_hashed(data), open_hashed(data, "other")
    before = found_by(chat, "minister")
    cut_off_at(writer, "three", monkeypatch)
    with pytest.raises(Interrupted):
        Indexer(writer, batch=1).run([folder])
    assert found_by(chat, "minister") == before
    assert found_by(open_hashed(data), "minister") == before  # and a chat that starts now
    assert disagreements(data, cables_in(folder)) == []


def test_what_a_cut_off_build_has_made_is_kept(
    data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = open_hashed(data, "other")
    cut_off_at(writer, "three", monkeypatch)
    with pytest.raises(Interrupted):
        Indexer(writer, batch=1).run([folder])
    Indexer(open_hashed(data)).run([folder])  # a run with the old embedder leaves the new build alone
    again = open_hashed(data, "other")
    Indexer(again).run([folder])
    assert embedded_by(again) == 1


def test_what_arrives_while_a_build_lies_unfinished_is_in_the_new_one(
    data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = open_hashed(data, "other")
    cut_off_at(writer, "three", monkeypatch)
    with pytest.raises(Interrupted):
        Indexer(writer, batch=1).run([folder])
    write_cable(folder / "harbor.txt", HARBOR, ["The pier rose. changed"])
    Indexer(open_hashed(data)).run([folder])
    Indexer(open_hashed(data)).withdraw([TIDES])
    (folder / "tides.txt").unlink()
    rebuild(data, folder, "other")
    assert disagreements(data, cables_in(folder), "other") == []


def test_the_old_folders_go_with_the_next_run(data: Path, folder: Path) -> None:
    rebuild(data, folder, "other")
    rebuild(data, folder, "other")
    assert len(list((data / "vectors").iterdir())) == len(list((data / "words").iterdir())) == 1


def test_a_chat_with_the_old_embedder_is_told_after_the_change(data: Path, folder: Path) -> None:
    chat = open_hashed(data)
    view = chat.view(EVERYTHING)
    chat.refresh(view)
    rebuild(data, folder, "other")
    assert chat.rebuilt(view)
    with pytest.raises(IndexSpecMismatch):
        chat.refresh(view)


def with_spec(data: Path, **parts: str) -> Archive:
    """The archive as a program opens it that builds otherwise."""
    archive = open_hashed(data)
    return Archive(data, archive.embedder, spec=replace(archive.spec, **parts))


def test_other_passages_are_cut_beside_and_a_running_chat_changes_over(data: Path, folder: Path) -> None:
    chat = open_hashed(data)
    view = chat.view(EVERYTHING)
    chat.refresh(view)
    old = chat.stores.paths
    assert found_by(with_spec(data, passages="another cut"), "minister")  # the new program asks the old index
    report = Indexer(with_spec(data, passages="another cut")).run([folder])
    assert "the cut of passages was" in report.mended[0]
    chat.refresh(view)
    assert chat.stores.paths != old
    assert disagreements(data, cables_in(folder)) == []


def test_another_analysis_of_words_embeds_nothing(data: Path, folder: Path) -> None:
    writer = with_spec(data, words="words of another kind")
    Indexer(writer).run([folder])
    assert embedded_by(writer) == 0
    assert IndexState.read(writer.catalog.meta).spec == writer.spec


def test_a_dry_run_says_what_must_be_built_again(data: Path, folder: Path) -> None:
    report = Indexer(open_hashed(data, "other"), dry=True).run([folder])
    assert "the embedder was hash, now other" in report.mended[0]
    assert found_by(open_hashed(data), "minister")


def test_healing_an_archive_that_was_built_otherwise_builds_it(data: Path, folder: Path) -> None:
    archive = open_hashed(data, "other")
    assert "reftel index" in str(doctor.heal(archive)[0])
    assert doctor.check(archive) == []
    assert disagreements(data, cables_in(folder), "other") == []


def test_withdrawing_with_another_embedder_than_the_archives_is_refused(data: Path) -> None:
    with pytest.raises(IndexSpecMismatch):
        Indexer(open_hashed(data, "other")).withdraw([TIDES])


def test_a_spec_reads_what_it_wrote() -> None:
    spec = IndexSpec("a; strange name@12")
    assert IndexSpec.read(str(spec)) == spec
    assert not spec.can_search(IndexSpec.read("all-MiniLM-L6-v2@53aa passages 1"))
