"""The places that know Chroma's insides, all seen in chromadb 1.5.9 (tests/vectorstore/storage/test_chroma_compat.py)."""

import json
import logging
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from filelock import FileLock

from vectorstore.database import ReadableFolder, connect, disk_errors, is_panic
from vectorstore.errors import VectorsDamaged
from vectorstore.storage.hnsw_compat import graph_fault

if TYPE_CHECKING:
    from chromadb.api import ClientAPI, ServerAPI

log = logging.getLogger(__name__)

_COLLECTIONS_OF_IDS = """
SELECT e.embedding_id, c.name
FROM collections AS c CROSS JOIN segments AS s ON s.collection = c.id AND s.scope = 'METADATA'
CROSS JOIN json_each(?) AS wanted CROSS JOIN embeddings AS e ON e.segment_id = s.id AND e.embedding_id = wanted.value
"""
"""By CROSS, SQLite looks ids up one by one and not through all that a collection holds."""

LOCK_NAME = "vectors.lock"
"""Name of the lock's file, beside Chroma's.

Chroma is made for one process a folder. It writes the records of its log into a collection's graph when a process
first reads the collection, and saves the graph once these are 1,000: five files, without a lock, one after another.
Two processes that do so at once leave files that do not belong together, over which Chroma's core crashes. Between
two writes of an indexer there are always fewer records, so who first reads a collection then only loads the graph;
later reads touch the disk no more.
"""

_opening = threading.Lock()
_open_paths: set[str] = set()


class ChromaFolder:
    """A Chroma client over a folder, which sees what other processes have written until it was opened.

    Clients of one path share what they have read, whichever part of this process opened them. So each of these spells its
    path as no other does (`folder/.`, `folder/./.`), and other clients stay as they are. Raises VectorsDamaged.
    """

    def __init__(self, folder: Path) -> None:
        import chromadb

        self._named, self._folder = folder, ReadableFolder(folder, copied="chroma.sqlite3")
        self.lock = FileLock(self._folder.path / LOCK_NAME)
        """To be held while a collection is written and while it is first read, by every process."""
        with _opening, self.lock, readable(folder):
            spellings = (f"{self._folder.path}{'/.' * n}" for n in count(1))
            path = next(spelling for spelling in spellings if spelling not in _open_paths)
            _open_paths.add(path)
            self.client: ClientAPI = chromadb.PersistentClient(path, _quiet_settings())
        self._closing = weakref.finalize(self, _close, self.client, path)
        self._closing.atexit = False

    def close(self) -> None:
        """Let go of the graphs."""
        self._closing()

    def check_graph(self, collection: Any) -> None:
        """Raise VectorsDamaged where the graph of a collection, as it was saved, would crash who loads it."""
        query = "SELECT id FROM segments WHERE collection = ? AND scope = 'VECTOR'"
        with closing(connect(self._folder.path / "chroma.sqlite3", readonly=True)) as db:
            faults = [
                graph_fault(self._folder.path / id) for (id,) in db.execute(query, [str(collection.id)])
            ]
        for fault in filter(None, faults):
            log.warning("%s: %s", self._named, fault)
            raise damaged_vectors(self._named)

    def collections_of(self, ids: Sequence[str]) -> dict[str, str]:
        """The names of the collections of those ids that are there.

        Read from Chroma's own tables: asking Chroma loads the graph of every collection that is asked, and an indexer
        needs one of them only.
        """
        with closing(connect(self._folder.path / "chroma.sqlite3", readonly=True)) as db:
            return dict(db.execute(_COLLECTIONS_OF_IDS, [json.dumps(ids)]))


def _close(client: "ClientAPI", path: str) -> None:
    client.close()
    _open_paths.discard(path)


def server_api(url: str, headers: Mapping[str, str], timeout: float) -> "ServerAPI":
    """A Chroma server's collections, with calls that end after `timeout` seconds.

    `chromadb.HttpClient` has no timeout and calls the server before it could be given one, so that a server which accepts
    and is silent is waited for without end. Here the session has it before the first call.
    """
    from chromadb.api import ServerAPI
    from chromadb.config import System

    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    settings = _quiet_settings()
    settings.chroma_api_impl = "chromadb.api.fastapi.FastAPI"
    settings.chroma_server_host = f"{parts.scheme}://{parts.hostname}{path}" if path else parts.hostname
    settings.chroma_server_http_port = parts.port or (443 if parts.scheme == "https" else 8000)
    settings.chroma_server_ssl_enabled = parts.scheme == "https"
    settings.chroma_server_headers = dict(headers)
    api: Any = System(settings).instance(ServerAPI)
    api._session.timeout = httpx.Timeout(timeout)
    return api


def _quiet_settings() -> Any:
    """Settings for a Chroma client that reports nothing."""
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Turns what says that a store in `folder` is damaged into VectorsDamaged.

    Chroma's core is Rust: it panics over a damaged file, which comes as a BaseException.
    """
    try:
        yield
    except BaseException as error:
        if not _is_damage(error):
            raise
        with disk_errors(folder, 0, damaged_vectors(folder), BaseException):  # a full disk looks like damage
            raise


def damaged_vectors(folder: Path) -> VectorsDamaged:
    """The error for a folder that cannot be read."""
    return VectorsDamaged(f"{folder} is damaged: `reftel doctor --heal` makes it again")


def _is_damage(error: BaseException | None) -> bool:
    """Whether Chroma's core has failed: its own error, a panic, or one on the way out."""
    while error is not None:
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            return True
        if type(error).__module__.startswith("chromadb") or is_panic(error):
            return True
        error = error.__context__
    return False
