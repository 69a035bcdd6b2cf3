"""The vectors in a folder: Chroma, embedded in the process, in collections of bounded size (shards)."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from vectorstore.database import disk_errors
from vectorstore.storage.chroma_collection import GRAPH_CONFIGURATION, CollectionVectors, Record, nearest
from vectorstore.storage.chroma_compat import ChromaFolder, damaged_vectors, readable
from vectorstore.storage.memory import return_freed_memory
from vectorstore.storage.token_vectors import SqliteTokenStore

FIRST_SHARD_NAME = "paragraphs"
"""Name of the first shard; the others are called `paragraphs-1`, `paragraphs-2`."""

SHARD_VECTORS = 200_000
"""Vectors in a shard, about. Chroma holds a collection's whole graph in memory to write into it: an indexer
needs as much for one shard as for ten, and a new vector finds its place among so many only (docs/scaling.md)."""

_READ_ALL = """
import sys
from pathlib import Path
from vectorstore.errors import VectorsDamaged
from vectorstore.storage.chroma import ChromaVectors
try:
    ChromaVectors(Path(sys.argv[1])).read_all()
except VectorsDamaged:
    sys.exit(3)
"""
_DAMAGED_CODES = {3, -signal.SIGSEGV, -signal.SIGABRT, -signal.SIGILL, -signal.SIGFPE}
"""Return codes of a process that found the vectors damaged, or whose native code failed over them."""


class ChromaVectors(CollectionVectors):
    """Vectors in the shards of one folder: a `VectorStore`. Raises VectorsDamaged, OSError."""

    live = False

    def __init__(self, folder: Path, tokens: SqliteTokenStore | None = None) -> None:
        super().__init__(tokens)
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._chroma = self._open()

    def _open(self) -> ChromaFolder:
        chroma = ChromaFolder(self._folder)
        self._loaded: set[str] = set()
        with chroma.lock, readable(self._folder):
            names = {FIRST_SHARD_NAME, *(collection.name for collection in chroma.client.list_collections())}
            self.shards: list[Any] = [
                _shard(chroma, name) for name in sorted(names, key=lambda name: (len(name), name))
            ]
            for shard in self.shards:
                chroma.check_graph(shard)  # before anything loads it, even a count
            self.batch = chroma.client.get_max_batch_size()
        return chroma

    def _add_shard(self) -> None:
        """Put an empty shard behind the others, and let go of the graph of the one that is full."""
        with self.writing(0):
            _shard(self._chroma, f"{FIRST_SHARD_NAME}-{len(self.shards)}")
        self._chroma.close()
        self._chroma = self._open()
        return_freed_memory()

    def by_collection(self, ids: Sequence[str]) -> Iterator[tuple[Any, list[int]]]:
        """Shards with the places in `ids` of what is theirs; what none holds is the newest's."""
        *older, newest = self.shards
        held = self._chroma.collections_of(ids) if older else {}
        for shard in self.shards:
            own = [n for n, id in enumerate(ids) if held.get(id, newest.name) == shard.name]
            if own:
                yield shard, own

    def _write_records(self, records: Sequence[Record]) -> None:
        with self._chroma.lock, self.reading():
            full = self.shards[-1].count() >= SHARD_VECTORS
        if full:
            self._add_shard()
        super()._write_records(records)

    @contextmanager
    def writing(self, size: int) -> Iterator[None]:
        """Holds the lock, and turns what Chroma says of a write that failed into the disk's OSError or VectorsDamaged."""
        from chromadb.errors import InternalError

        with self._chroma.lock, disk_errors(self._folder, size, damaged_vectors(self._folder), InternalError):
            yield

    def reading(self) -> AbstractContextManager[None]:
        """Turns what says that the vectors are damaged into VectorsDamaged."""
        return readable(self._folder)

    def readable_collections(self) -> list[Any]:
        """The shards that hold something, loaded.

        Chroma loads a shard's graph, and writes it, when the shard is first read, so that is done under the lock.
        """
        if len(self._loaded) < len(self.shards):
            with self._chroma.lock, readable(self._folder):
                self._loaded |= {shard.name for shard in self.shards if _load(shard)}
        return [shard for shard in self.shards if shard.name in self._loaded]

    def probe(self) -> None:
        """Read one vector of each shard and search for it: raises VectorsDamaged where a graph cannot be loaded."""
        if self.tokens:
            self.tokens.count()
        self._loaded.clear()
        self.readable_collections()

    def read_all(self) -> None:
        """Read every vector: raises VectorsDamaged where a graph lacks one that Chroma's tables have."""
        self.probe()
        with readable(self._folder):
            for shard in self.readable_collections():
                for start in range(0, shard.count(), self.batch):
                    shard.get(limit=self.batch, offset=start, include=["embeddings"])

    def count(self) -> int:
        """Vectors in all shards."""
        with self._chroma.lock, self.reading():
            return sum(shard.count() for shard in self.shards)

    def discard(self) -> None:
        """Delete the folder; it is not to be used after that."""
        if self.tokens:
            self.tokens.clear()
        self._chroma.close()
        shutil.rmtree(self._folder)


def read_in_child(folder: Path) -> None:
    """Read all vectors in a process of their own: raises VectorsDamaged where one is missing, or where that crashes."""
    if not folder.exists():
        return
    paths = os.pathsep.join(path for path in sys.path if path)
    child = subprocess.run(
        [sys.executable, "-c", _READ_ALL, str(folder)],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        check=False,
    )
    if child.returncode in _DAMAGED_CODES:
        raise damaged_vectors(folder)


def _load(shard: Any) -> bool:
    """Whether a shard holds anything; one of its vectors is searched for, which loads the graph."""
    first = shard.get(limit=1, include=["embeddings"])["embeddings"]
    if first is None or not len(first):
        return False
    nearest(shard, np.asarray(first[0]), 1)
    return True


def _shard(chroma: ChromaFolder, name: str) -> Any:
    return chroma.client.get_or_create_collection(
        name, embedding_function=None, configuration=GRAPH_CONFIGURATION
    )
