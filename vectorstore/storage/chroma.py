"""The vectors in a folder: Chroma, embedded in the process, in collections of bounded size (shards)."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from vectorstore.database import disk_errors, in_parts
from vectorstore.interfaces import EmbeddedParagraph, Metadata, TokenStore
from vectorstore.storage import chroma_collection
from vectorstore.storage.chroma_collection import CONFIGURATION, Record
from vectorstore.storage.chroma_compat import ChromaFolder, damaged_vectors, readable
from vectorstore.storage.memory import return_freed_memory

COLLECTION = "paragraphs"
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


class ChromaVectors:
    """Vectors in the shards of one folder: a `VectorStore`. Raises VectorsDamaged, OSError."""

    live = False
    tokens: TokenStore | None = None

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._chroma = self._open()

    def _open(self) -> ChromaFolder:
        chroma = ChromaFolder(self._folder)
        self._loaded: set[str] = set()
        with chroma.lock, readable(self._folder):
            names = {COLLECTION, *(collection.name for collection in chroma.client.list_collections())}
            self.shards: list[Any] = [
                _shard(chroma, name) for name in sorted(names, key=lambda name: (len(name), name))
            ]
            self._batch: int = chroma.client.get_max_batch_size()
            self._room = SHARD_VECTORS - self.shards[-1].count()
        return chroma

    def _add_shard(self) -> None:
        """Put an empty shard behind the others, and let go of the graph of the one that is full."""
        with self._writing(0):
            _shard(self._chroma, f"{COLLECTION}-{len(self.shards)}")
        self._chroma.close()
        self._chroma = self._open()
        return_freed_memory()

    def _by_shard(self, ids: Sequence[str]) -> Iterator[tuple[Any, list[int]]]:
        """Shards with the places in `ids` of what is theirs; what none holds is the newest's."""
        *older, newest = self.shards
        if not older:
            yield newest, list(range(len(ids)))
            return
        held = self._chroma.collections_of(ids)
        for shard in self.shards:
            own = [n for n, id in enumerate(ids) if held.get(id, newest.name) == shard.name]
            if own:
                yield shard, own

    def write(self, paragraphs: Iterable[EmbeddedParagraph]) -> None:
        """Put vectors and metadata in place of what stands under the same keys."""
        for records in in_parts(chroma_collection.records_of(paragraphs), self._batch):
            self._put(records)

    def _put(self, records: Sequence[Record]) -> None:
        if self._room <= 0:
            self._add_shard()
        for shard, places in self._by_shard([record.id for record in records]):
            if shard is self.shards[-1]:
                self._room -= len(places)
            own = [records[n] for n in places]
            with self._writing(4 * sum(record.vector.size for record in own)):
                chroma_collection.upsert(shard, own)

    def write_details(self, details: Mapping[str, Metadata], windows: Mapping[str, int]) -> None:
        """Change the metadata of paragraphs whose vectors stay; `windows` counts each one's vectors."""
        metadata = chroma_collection.metadata_of(details, windows)
        for ids in in_parts(list(metadata), self._batch):
            for shard, places in self._by_shard(ids):
                own = [ids[place] for place in places]
                with self._writing(0):
                    shard.update(ids=own, metadatas=[metadata[id] for id in own])

    def drop(self, ids: Sequence[str]) -> None:
        """Remove vectors by their ids; unknown ones are passed over."""
        for part in in_parts(ids, self._batch):
            for shard, places in self._by_shard(part):
                with self._writing(0):
                    shard.delete(ids=[part[place] for place in places])

    @contextmanager
    def _writing(self, size: int) -> Iterator[None]:
        """Holds the lock, and turns what Chroma says of a write that failed into the disk's OSError or VectorsDamaged."""
        from chromadb.errors import InternalError

        with self._chroma.lock, disk_errors(self._folder, size, damaged_vectors(self._folder), InternalError):
            yield

    def _readable_shards(self) -> list[Any]:
        """The shards that hold something, loaded.

        Chroma loads a shard's graph, and writes it, when the shard is first read, so that is done under the lock.
        """
        if len(self._loaded) < len(self.shards):
            with self._chroma.lock, readable(self._folder):
                self._loaded |= {shard.name for shard in self.shards if _load(shard)}
        return [shard for shard in self.shards if shard.name in self._loaded]

    def search(
        self, vector: np.ndarray, limit: int, *, only: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The nearest paragraphs, of the vectors in `only` if given: (key, cosine), best first, each once."""
        return chroma_collection.search(self._readable_shards(), vector, limit, only)

    def cosines(self, vector: np.ndarray, ids: Sequence[str]) -> dict[str, float]:
        """The cosine of a unit vector with each paragraph that has one of some ids, by its best window."""
        return chroma_collection.cosines(self._readable_shards(), vector, ids)

    def metadata(self, cables: Sequence[str] | None = None) -> Iterator[tuple[str, Metadata]]:
        """Every vector's id with its metadata, of all cables or of some."""
        return chroma_collection.all_metadata(self._readable_shards(), cables, self._batch)

    def probe(self) -> None:
        """Read one vector of each shard and search for it: raises VectorsDamaged where a graph cannot be loaded."""
        self._loaded.clear()
        self._readable_shards()

    def read_all(self) -> None:
        """Read every vector: raises VectorsDamaged where a graph lacks one that Chroma's tables have."""
        self.probe()
        with readable(self._folder):
            for shard in self._readable_shards():
                for start in range(0, shard.count(), self._batch):
                    shard.get(limit=self._batch, offset=start, include=["embeddings"])

    def count(self) -> int:
        """Vectors in all shards."""
        with self._chroma.lock:
            return sum(shard.count() for shard in self.shards)

    def complete(self) -> bool:
        """Vectors alone are always complete."""
        return True

    def discard(self) -> None:
        """Delete the folder; it is not to be used after that."""
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
    chroma_collection.nearest(shard, np.asarray(first[0]), 1)
    return True


def _shard(chroma: ChromaFolder, name: str) -> Any:
    return chroma.client.get_or_create_collection(name, embedding_function=None, configuration=CONFIGURATION)
