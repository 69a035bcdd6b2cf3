"""What is known of Chroma's insides still holds, and a program's own Chroma clients stay as they are."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import chromadb
import numpy as np
import pytest
from chromadb.api.shared_system_client import SharedSystemClient

from vectorstore.interfaces import EmbeddedParagraph
from vectorstore.storage.chroma import ChromaVectors
from vectorstore.storage.chroma_compat import ChromaFolder
from vectorstore.storage.chroma_server import ChromaServerVectors, Server, ServerUnavailable

AXES = np.eye(4, dtype=np.float32)


def test_opening_an_archive_leaves_the_programs_own_clients_open(tmp_path: Path) -> None:
    settings = chromadb.config.Settings(anonymized_telemetry=False)
    own = chromadb.PersistentClient(str(tmp_path / "own"), settings)
    same = chromadb.PersistentClient(str(tmp_path / "vectors"), settings)
    vectors = ChromaVectors(tmp_path / "vectors")
    vectors.write([EmbeddedParagraph("07LISBON1.1", AXES[:1], {"cable": "07LISBON1"})])
    del vectors
    for client in (own, same):
        client.get_or_create_collection("theirs", embedding_function=None).upsert(["a"], embeddings=AXES[:1])
        assert client.get_settings().persist_directory in SharedSystemClient._identifier_to_system
        assert client.get_collection("theirs", embedding_function=None).count() == 1


def test_two_that_are_open_at_once_each_see_what_was_written_before(tmp_path: Path) -> None:
    first = ChromaVectors(tmp_path / "vectors")
    for n in range(3):
        first.write([EmbeddedParagraph(f"07LISBON1.{n}", AXES[n : n + 1], {"cable": "07LISBON1"})])
        assert ChromaVectors(tmp_path / "vectors").count() == n + 1


def test_closing_lets_go_of_everything(tmp_path: Path) -> None:
    before = set(SharedSystemClient._identifier_to_system)
    folder = ChromaFolder(tmp_path / "vectors")
    folder.client.get_or_create_collection("one", embedding_function=None)
    folder.close()
    assert set(SharedSystemClient._identifier_to_system) == before


def test_the_collections_of_ids_are_read_from_chromas_tables(tmp_path: Path) -> None:
    folder = ChromaFolder(tmp_path / "vectors")
    for name in ("one", "two"):
        collection = folder.client.get_or_create_collection(name, embedding_function=None)
        collection.upsert([f"in {name}"], embeddings=AXES[:1])
    assert folder.collections_of(["in two", "in one", "nowhere"]) == {"in one": "one", "in two": "two"}


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        accepted: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    accepted.append(listening.accept()[0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        for connection in accepted:
            connection.close()


def test_a_server_that_accepts_and_is_silent_is_given_up_from_the_first_call_on(silent: str) -> None:
    given_up: list[ServerUnavailable] = []

    def ask() -> None:
        with pytest.raises(ServerUnavailable) as error:
            ChromaServerVectors(Server(silent, patience=0.2, timeout=0.3), "of-nobody")
        given_up.append(error.value)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(60)
    assert given_up
