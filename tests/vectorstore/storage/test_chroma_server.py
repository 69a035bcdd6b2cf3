"""Vectors on a real Chroma server, behind a proxy with a token: same answers, clear errors, nothing lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from archives import HARBOR, HashEmbedder, cables_in, disagreements, open_hashed, write_cable
from chroma_servers import TOKEN, ChromaServer, Proxy, free_port

from vectorstore.access import EVERYTHING
from vectorstore.indexing.indexer import Indexer
from vectorstore.maintenance import doctor
from vectorstore.maintenance.backup import backup
from vectorstore.maintenance.restore import restore
from vectorstore.query import Filters, Query
from vectorstore.retrieval.retriever import Retriever
from vectorstore.storage.chroma_server import Server, ServerUnavailable


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A server for the module; every test has a data directory, and so collections, of its own."""
    chroma = ChromaServer(tmp_path_factory.mktemp("chroma"))
    proxy = Proxy(chroma)
    yield proxy
    proxy.close()
    chroma.kill()


@pytest.fixture
def server(proxy: Proxy) -> Server:
    return Server(proxy.url, TOKEN, patience=200)


def evidence(data: Path, server: Server | None, search: Query) -> list[tuple[str, float]]:
    archive = open_hashed(data, server=server)
    found = Retriever(archive=archive, view=archive.view(EVERYTHING)).search(search)
    return [(one.key, round(one.score, 4)) for one in found]


@pytest.mark.parametrize("filters", [Filters(), Filters(cables=(HARBOR,))], ids=["all", "filtered"])
def test_a_server_gives_the_same_answers(
    tmp_path: Path, folder: Path, server: Server, filters: Filters
) -> None:
    Indexer(open_hashed(tmp_path / "own")).run([folder])
    Indexer(open_hashed(tmp_path / "data", server=server)).run([folder])
    search = Query("who wept at the pier", filters=filters)
    assert evidence(tmp_path / "data", server, search) == evidence(tmp_path / "own", None, search) != []
    assert not list((tmp_path / "data").rglob("chroma.sqlite3"))


def test_what_another_process_writes_is_found_without_opening_anew(
    tmp_path: Path, folder: Path, server: Server
) -> None:
    Indexer(open_hashed(tmp_path / "data", server=server)).run([folder])
    chat = open_hashed(tmp_path / "data", server=server)
    retriever = Retriever(archive=chat, view=chat.view(EVERYTHING))
    retriever.search(Query("tide"))
    write_cable(folder / "new.txt", "07LISBON91003", ["A lighthouse burned. four"])
    Indexer(open_hashed(tmp_path / "data", server=server)).run([folder])
    assert "07LISBON91003.1" in [found.key for found in retriever.search(Query("lighthouse"))]


def test_changes_and_withdrawals_reach_the_server(tmp_path: Path, folder: Path, server: Server) -> None:
    data = tmp_path / "data"
    Indexer(open_hashed(data, server=server)).run([folder])
    write_cable(folder / "harbor.txt", HARBOR, ["The pier rose. changed"])
    (folder / "tides.txt").unlink()
    Indexer(open_hashed(data, server=server)).run([folder], prune=True)
    assert disagreements(data, cables_in(folder), server=server) == []
    assert doctor.check(open_hashed(data, server=server)) == []


def test_two_archives_on_one_server_are_kept_apart(tmp_path: Path, folder: Path, server: Server) -> None:
    other = tmp_path / "others"
    other.mkdir()
    write_cable(other / "a.txt", "07LISBON91009", ["Elsewhere. nine"])
    Indexer(open_hashed(tmp_path / "one", server=server)).run([folder])
    Indexer(open_hashed(tmp_path / "two", server=server)).run([other])
    Indexer(open_hashed(tmp_path / "two", server=server)).run([other])
    assert disagreements(tmp_path / "one", cables_in(folder), server=server) == []
    assert disagreements(tmp_path / "two", cables_in(other), server=server) == []


def test_another_embedder_gets_another_collection_and_the_old_one_goes(
    tmp_path: Path, folder: Path, server: Server
) -> None:
    data = tmp_path / "data"
    Indexer(open_hashed(data, server=server)).run([folder])
    for _ in range(2):
        Indexer(open_hashed(data, "other", server)).run([folder])
    assert disagreements(data, cables_in(folder), "other", server) == []
    own = open_hashed(data, "other", server).catalog.meta("archive")
    names = [c.name for c in server.connect().list_collections() if c.name.endswith(str(own))]
    assert len(names) == 1


def test_an_archive_moves_to_a_server_and_says_so(tmp_path: Path, folder: Path, server: Server) -> None:
    data = tmp_path / "data"
    Indexer(open_hashed(data)).run([folder])
    report = Indexer(open_hashed(data, server=server)).run([folder])
    assert "place of vectors" in report.mended[0]
    assert disagreements(data, cables_in(folder), server=server) == []


def test_an_overloaded_server_is_asked_again(
    tmp_path: Path, folder: Path, proxy: Proxy, server: Server
) -> None:
    proxy.refuse = 3
    Indexer(open_hashed(tmp_path / "data", server=server)).run([folder])
    assert proxy.refuse == 0
    assert disagreements(tmp_path / "data", cables_in(folder), server=server) == []


def test_a_wrong_token_is_told(tmp_path: Path, folder: Path, proxy: Proxy) -> None:
    archive = open_hashed(tmp_path / "data", server=Server(proxy.url, "wrong", patience=5))
    with pytest.raises(ServerUnavailable, match="REFTEL_CHROMA_TOKEN"):
        Indexer(archive).run([folder])


def test_no_server_at_the_address_is_told_with_what_to_do(tmp_path: Path, folder: Path) -> None:
    nobody = Server(f"http://127.0.0.1:{free_port()}", patience=0.5)
    with pytest.raises(ServerUnavailable, match=r"does not answer .*refused.*chroma run"):
        Indexer(open_hashed(tmp_path / "data", server=nobody)).run([folder])


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://here", "nonsense"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(ServerUnavailable, match="no address"):
        Server(url).connect()


@pytest.mark.parametrize("writes", [0, 1, 2])
def test_a_server_that_dies_in_the_middle_leaves_nothing_half_written(
    tmp_path: Path, folder: Path, proxy: Proxy, writes: int
) -> None:
    data, hasty = tmp_path / "data", Server(proxy.url, TOKEN, patience=0.5)
    Indexer(open_hashed(data, server=Server(proxy.url, TOKEN, patience=200))).run([folder])
    for n in range(3):
        write_cable(folder / f"{n}.txt", f"07LISBON9200{n}", [f"Report. a{n}", f"More. b{n}"])
    write_cable(folder / "harbor.txt", HARBOR, ["The pier rose. changed"])
    proxy.writes_until_death = writes
    with pytest.raises(ServerUnavailable, match="mended by the next"):
        Indexer(open_hashed(data, server=hasty), batch=1).run([folder])
    proxy.server.start()
    patient = Server(proxy.url, TOKEN, patience=200)
    Indexer(open_hashed(data, server=patient)).run([folder])
    assert doctor.check(open_hashed(data, server=patient)) == []
    assert disagreements(data, cables_in(folder), server=patient) == []


def test_a_backup_of_an_archive_on_a_server_is_embedded_again(
    tmp_path: Path, folder: Path, server: Server
) -> None:
    data = tmp_path / "data"
    Indexer(open_hashed(data, server=server)).run([folder])
    before = cables_in(folder)
    backup(data, tmp_path / "kept.zip")
    (folder / "tides.txt").unlink()
    Indexer(open_hashed(data, server=server)).run([folder], prune=True)
    restore(data, tmp_path / "kept.zip")
    archive = open_hashed(data, server=server)
    doctor.heal(archive)
    assert isinstance(archive.embedder, HashEmbedder)
    assert archive.embedder.encoded == 3
    assert disagreements(data, before, server=server) == []
