"""The word index in a real PostgreSQL finds what the one in the data directory finds, in the same order."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from archives import HARBOR, TIDES, HashEmbedder, open_hashed, write_cable

from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive
from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.indexing.indexer import Indexer
from vectorstore.interfaces import IndexEntry
from vectorstore.maintenance import doctor
from vectorstore.query import Query
from vectorstore.retrieval.retriever import Retriever
from vectorstore.storage.bm25 import BM25Index

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'reftel[postgres]'")

from vectorstore.storage.postgres_bm25 import PostgresBM25  # noqa: E402 - only where psycopg is

FOUND = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
INITDB = str(FOUND[-1]) if FOUND else shutil.which("initdb")
pytestmark = pytest.mark.skipif(not INITDB, reason="no PostgreSQL server here (Debian: postgresql)")

TEXTS = [
    IndexEntry(1, "Talks on the harbor", "The minister said the harbor would open. The harbor is deep."),
    IndexEntry(2, "Talks on the harbor", "The ambassador asked about fishing quotas in the harbor."),
    IndexEntry(
        3, "Tides", "The tide rose and the minister's house was flooded, he said; it's not the first time."
    ),
    IndexEntry(4, "Tides", "Fishing quotas, quotas, quotas: nobody reported a catch."),
    IndexEntry(5, "", "Unrelated remarks on the weather in Lisbon, and on back\\slashes."),
]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the module's own, on a socket in a folder; PostgreSQL does not run as root."""
    assert INITDB
    folder = tmp_path_factory.mktemp("postgres")
    user = pwd.getpwnam("postgres") if os.getuid() == 0 else None
    if user:
        for part in (folder, *folder.parents[:3]):
            os.chmod(part, 0o755)
        os.chown(folder, user.pw_uid, user.pw_gid)
    as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    run = {"check": True, "capture_output": True, "cwd": folder, **as_user}
    subprocess.run([INITDB, "-D", folder / "db", "-A", "trust", "-U", "reftel", "--no-sync"], **run)  # type: ignore[call-overload]
    server = subprocess.Popen(
        [
            Path(INITDB).with_name("postgres"),
            "-D",
            folder / "db",
            "-k",
            folder,
            "-c",
            "listen_addresses=",
            "-F",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **as_user,  # type: ignore[call-overload]
    )
    ready = Path(INITDB).with_name("pg_isready")
    while subprocess.run([ready, "-q", "-h", folder], check=False).returncode:
        assert server.poll() is None, "the server ended"
    yield f"postgresql://reftel@/postgres?host={folder}"
    server.send_signal(signal.SIGINT)  # at once: it would wait for those who are connected
    server.wait()


@pytest.fixture
def words(url: str, request: pytest.FixtureRequest) -> Iterator[PostgresBM25]:
    words = PostgresBM25(url, f"words_{abs(hash(request.node.name))}")
    words.write(TEXTS)
    yield words
    words.discard()


@pytest.mark.parametrize(
    "question", ["the harbor minister", "fishing quotas", "tide", "talks", "house flooded said"]
)
@pytest.mark.parametrize("header", [1.0, 0.6, 0.0])
def test_the_same_rows_come_in_the_same_order(
    words: PostgresBM25, tmp_path: Path, question: str, header: float
) -> None:
    own = BM25Index(tmp_path / "words")
    own.write(TEXTS)
    own.reload()
    weights = dict.fromkeys(own.terms(question), 1.0)
    expected = own.search(weights, 10, header=header)
    found = words.search(weights, 10, header=header)
    assert [row for row, _ in found][: len(expected)] == [row for row, _ in expected]
    assert [score for _, score in found][: len(expected)] == pytest.approx([s for _, s in expected], rel=0.02)


def test_a_word_that_no_text_holds_finds_what_differs_by_a_letter(
    words: PostgresBM25, tmp_path: Path
) -> None:
    own = BM25Index(tmp_path / "words")
    own.write(TEXTS)
    own.reload()
    for typed in ("ambasador", "amabssador", "ambaxsador"):
        weights = words.weighted(typed)
        assert [row for row, _ in words.search(weights, 5)] == [2]
        assert weights == own.weighted(typed)
        assert [row for row, _ in own.search(weights, 5)] == [2]


def test_only_the_given_rows_are_searched(words: PostgresBM25) -> None:
    assert [row for row, _ in words.search({"harbor": 1.0}, 10, only=[2, 3])] == [2]
    assert words.search({"harbor": 1.0}, 10, only=[]) == []


def test_a_row_written_again_takes_the_place_of_the_first(words: PostgresBM25, url: str) -> None:
    words.write([IndexEntry(1, "", "A lighthouse burned.")], gone=[4])
    assert words.search({"deep": 1.0}, 5) == []
    assert [row for row, _ in words.search({"lighthous": 1.0}, 5)] == [1]
    assert (words.count(), dict(words.rows()), words.knows("catch")) == (
        4,
        dict.fromkeys([1, 2, 3, 5], 1),
        False,
    )


def test_counts_of_words_stay_in_step_whatever_is_written(words: PostgresBM25, url: str) -> None:
    for _ in range(3):
        words.write(TEXTS[1:4], gone=[1])
        words.write([TEXTS[0]], gone=[99])
    fresh = PostgresBM25(url, "words_fresh")
    fresh.write(TEXTS)
    weights = {"harbor": 1.0, "quota": 1.0, "minist": 1.0}
    assert words.search(weights, 10) == fresh.search(weights, 10)
    fresh.discard()


def test_idf_is_that_of_the_other_index(words: PostgresBM25, tmp_path: Path) -> None:
    own = BM25Index(tmp_path / "words")
    own.write(TEXTS)
    own.reload()
    for word in ("harbor", "quotas", "unheard"):
        assert words.idf(word) == pytest.approx(own.idf(word))


def test_a_write_that_is_cut_off_leaves_the_index_as_it_was(words: PostgresBM25) -> None:
    with pytest.raises(psycopg.errors.NumericValueOutOfRange):
        words.write(
            [IndexEntry(6, "", "A new text."), IndexEntry(2**70, "", "A row that is too large.")], gone=[1]
        )
    assert (words.count(), words.knows("new")) == (5, False)
    assert [row for row, _ in words.search({"deep": 1.0}, 5)] == [1]


def test_a_name_that_could_be_something_else_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="cannot name a table"):
        PostgresBM25(url, "words; drop table x")


def archive_with(data: Path, url: str) -> Archive:
    return Archive(data, cast(SentenceEmbedder, HashEmbedder()), words_url=url)


def answers(archive: Archive, *questions: str) -> list[list[tuple[str, float]]]:
    """Keys and scores that an archive finds for each question."""
    retriever = Retriever(archive=archive, view=archive.view(EVERYTHING))
    return [[(e.key, round(e.score, 2)) for e in retriever.search(Query(q))] for q in questions]


def test_an_archive_with_its_words_there_answers_as_one_that_has_its_own(
    url: str, tmp_path: Path, folder: Path
) -> None:
    asked = "the harbor minister", "Who said that the tide rose?", "fishing quotas"
    own, shared = open_hashed(tmp_path / "own"), archive_with(tmp_path / "shared", url)
    for archive in (own, shared):
        assert len(Indexer(archive).run([folder]).new) == 2
    assert answers(shared, *asked) == answers(own, *asked)
    assert doctor.check(archive_with(tmp_path / "shared", url)) == []
    assert not (tmp_path / "shared" / "words").exists()


def test_an_archive_with_its_words_there_follows_changes_and_withdrawals(
    url: str, tmp_path: Path, folder: Path
) -> None:
    data = tmp_path / "data"
    Indexer(archive_with(data, url)).run([folder])
    asking = archive_with(data, url)
    write_cable(folder / "harbor.txt", HARBOR, ["The lighthouse burned."])
    (folder / "tides.txt").unlink()
    report = Indexer(archive_with(data, url)).run([folder], prune=True)
    assert (report.changed, report.withdrawn) == ([HARBOR], [TIDES])
    assert [key for key, _ in answers(asking, "lighthouse")[0]] == [f"{HARBOR}.1"]
    assert asking.paragraph_words.count() == 1
    assert doctor.check(archive_with(data, url)) == []


def test_two_archives_on_one_server_keep_their_words_apart(url: str, tmp_path: Path, folder: Path) -> None:
    one, other = archive_with(tmp_path / "one", url), archive_with(tmp_path / "other", url)
    Indexer(one).run([folder])
    Indexer(other).run([folder / "tides.txt"])
    assert (one.cable_words.count(), other.cable_words.count()) == (2, 1)
