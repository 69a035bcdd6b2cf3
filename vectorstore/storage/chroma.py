"""The vectors: Chroma, embedded in the process.

Texts are not stored with the vectors, the catalog has them; the metadata lets a collection be read on its
own. A long paragraph has several vectors: its key, then `key#1`, `key#2`. An archive begins with one
collection, a shelf; when that is full, new vectors go to a further one.
"""

import json
import shutil
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorstore.database import ReadableFolder, connect, disk_errors, in_parts
from vectorstore.errors import UserError
from vectorstore.interfaces import EmbeddedParagraph, Metadata
from vectorstore.keys import key_of, window_id
from vectorstore.storage.memory import give_back, keep_large_apart
from vectorstore.storage.token_vectors import SqliteTokenStore

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

DETAILS = (
    "cable", "key", "number", "post", "date", "classification", "marking", "level", "caveats", "tags",
    "section", "role", "subject", "passages",
)  # fmt: skip
"""Every name that metadata may have; a paragraph has no entry for what it lacks."""

COLLECTION = "paragraphs"
"""Name of the first shelf; the others are called `paragraphs-1`, `paragraphs-2`."""

SHELF = 200_000
"""Vectors on a shelf, about. Chroma holds a collection's whole graph in memory to write into it: an indexer
needs as much for one shelf as for ten, and a new vector finds its place among so many only (docs/scaling.md)."""

LISTS = ("caveats", "tags")
"""Lists are written as lines of one text: Chroma's own take as long as a dozen numbers (docs/scaling.md)."""

CONFIGURATION: Any = {"hnsw": {"space": "cosine", "ef_construction": 60, "ef_search": 600}}
"""A graph that is made in two thirds of the time of Chroma's default and searched a little longer, so that it
finds as many: docs/scaling.md has the recall of both."""

HELD = """
SELECT e.embedding_id, c.name
FROM collections AS c CROSS JOIN segments AS s ON s.collection = c.id AND s.scope = 'METADATA'
CROSS JOIN json_each(?) AS asked CROSS JOIN embeddings AS e ON e.segment_id = s.id AND e.embedding_id = asked.value
"""
"""By CROSS, SQLite looks ids up one by one and not through all that a shelf holds."""

EXACT = 500
"""Vectors among which a search compares every one: sooner than by the graph, and the graph misses some of the
few that are asked for, above all where many paragraphs are the same."""


_opening = threading.Lock()
"""Chroma's list of what is open is everybody's: one at a time empties it and opens anew."""


class VectorsDamaged(UserError):
    """Chroma's folder cannot be read; the message says what to do."""


class ChromaVectors:
    """Shelves in a folder of their own, with the passages' tokens beside them. Raises VectorsDamaged.

    `with_tokens` says whether each vector's passage must have its tokens: one without them counts as missing.
    """

    live = False
    """Whether what other processes write is seen without opening the collection again."""

    _shelves: list[Any]
    """Chroma's collections, oldest first."""
    _room: float
    """How many vectors the newest shelf still takes."""

    def __init__(self, folder: Path, *, with_tokens: bool = False) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        keep_large_apart()
        self._open()
        with _readable(folder):
            self.tokens = SqliteTokenStore(folder / "tokens.sqlite") if with_tokens else None

    def _open(self) -> None:
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient

        with _opening, _readable(self._folder):
            # Chroma shares what it has open by path, so that another process's writes would never be seen.
            SharedSystemClient.clear_system_cache()
            self._lies = ReadableFolder(self._folder, copied="chroma.sqlite3")
            self._client = chromadb.PersistentClient(str(self._lies.path), quiet_settings())
            names = {COLLECTION, *(collection.name for collection in self._client.list_collections())}
            self._shelves = [self._shelf(name) for name in sorted(names, key=lambda name: (len(name), name))]
            self._batch: int = self._client.get_max_batch_size()
            self._room = SHELF - self._shelves[-1].count()

    def _shelf(self, name: str) -> "Collection":
        return self._client.get_or_create_collection(
            name, embedding_function=None, configuration=CONFIGURATION
        )

    def _begin_shelf(self) -> None:
        """Put an empty shelf behind the others, and let go of the graph of the one that is full."""
        with self._telling(0):
            self._shelf(f"{COLLECTION}-{len(self._shelves)}")
        self._open()
        give_back()

    def _placed(self, ids: Sequence[str]) -> Iterator[tuple[Any, list[int]]]:
        """Shelves with the places in `ids` of what is theirs; what none holds is the newest's."""
        *older, newest = self._shelves
        if not older:
            yield newest, list(range(len(ids)))
            return
        held = self._held(ids)
        for shelf in self._shelves:
            own = [n for n, id in enumerate(ids) if held.get(id, newest.name) == shelf.name]
            if own:
                yield shelf, own

    def _held(self, ids: Sequence[str]) -> dict[str, str]:
        """The names of the shelves of those ids that are there.

        Read from Chroma's own table, since asking Chroma loads the graph of every shelf that is asked.
        """
        with closing(connect(self._lies.path / "chroma.sqlite3", readonly=True)) as db:
            return dict(db.execute(HELD, [json.dumps(ids)]))

    def write(self, paragraphs: Iterable[EmbeddedParagraph]) -> None:
        """Put vectors and metadata in place of what stands under the same keys."""
        ids: list[str] = []
        vectors: list[np.ndarray] = []
        details: list[Metadata] = []
        tokens: dict[str, bytes] = {}
        for paragraph in paragraphs:
            tokens |= {window_id(paragraph.key, n): packed for n, packed in enumerate(paragraph.tokens)}
            for window, vector in enumerate(paragraph.vectors):
                ids.append(window_id(paragraph.key, window))
                vectors.append(vector)
                details.append(_whole(paragraph.details))
        if self.tokens is not None:  # first, so that a killed run leaves no vector without its tokens
            self.tokens.write(tokens)
        for start in range(0, len(ids), self._batch):
            part = slice(start, start + self._batch)
            self._put(ids[part], vectors[part], details[part])

    def _put(self, ids: Sequence[str], vectors: Sequence[np.ndarray], details: Sequence[Metadata]) -> None:
        if self._room <= 0:
            self._begin_shelf()
        for shelf, places in self._placed(ids):
            if shelf is self._shelves[-1]:
                self._room -= len(places)
            with self._telling(4 * sum(vectors[n].size for n in places)):
                shelf.upsert(
                    [ids[n] for n in places],
                    embeddings=np.array([vectors[n] for n in places]),
                    metadatas=[details[n] for n in places],
                )

    def write_details(self, details: Mapping[str, Metadata], windows: Mapping[str, int]) -> None:
        """Change the metadata of paragraphs whose vectors stay; `windows` counts each one's vectors."""
        rows = {window_id(key, n): _whole(details[key]) for key in details for n in range(windows[key])}
        for ids in in_parts(list(rows), self._batch):
            for shelf, places in self._placed(ids):
                own = [ids[place] for place in places]
                with self._telling(0):
                    shelf.update(ids=own, metadatas=[rows[id] for id in own])

    def drop(self, ids: Sequence[str]) -> None:
        """Remove vectors by their ids; unknown ones are passed over."""
        for part in in_parts(ids, self._batch):
            for shelf, places in self._placed(part):
                with self._telling(0):
                    shelf.delete(ids=[part[place] for place in places])
        if self.tokens is not None:
            self.tokens.drop(ids)

    def _telling(self, size: int) -> AbstractContextManager[None]:
        """Turns what Chroma says of a write that failed into the disk's word, or into VectorsDamaged."""
        from chromadb.errors import InternalError

        return disk_errors(self._folder, size, damage(self._folder), InternalError)

    def search(
        self, vector: np.ndarray, limit: int, *, only: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The nearest paragraphs, of the vectors in `only` if given: (key, cosine), best first, each once."""
        if limit == 0:
            return []
        if only is not None and len(only) <= EXACT:
            best = self.cosines(vector, only)
        else:
            best = {}
            for shelf in self._shelves:
                for id, cosine in self._nearest(shelf, vector, limit, only):
                    best[key_of(id)] = max(cosine, best.get(key_of(id), -1.0))
        return sorted(best.items(), key=lambda one: (-one[1], one[0]))[:limit]

    def cosines(self, vector: np.ndarray, ids: Sequence[str]) -> dict[str, float]:
        """The cosine of a unit vector with each paragraph that has one of some ids, by its best window."""
        best: dict[str, float] = {}
        for shelf in self._shelves if ids else ():
            got = shelf.get(ids=list(ids), include=["embeddings"])
            for id, own in zip(got["ids"], got["embeddings"], strict=True):
                best[key_of(id)] = max(float(own @ vector), best.get(key_of(id), -1.0))
        return best

    def _nearest(
        self, shelf: Any, vector: np.ndarray, limit: int, only: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        """A shelf's nearest vectors, of those in `only` if given: (id, cosine)."""
        asked = {"query_embeddings": [vector.tolist()], "n_results": limit, "include": ["distances"]}
        if only is not None:
            asked["ids"] = shelf.get(ids=list(only), include=[])["ids"]
            if not asked["ids"]:
                return []
        result = shelf.query(**asked)
        return [(id, 1.0 - far) for id, far in zip(result["ids"][0], result["distances"][0], strict=True)]

    def metadata(self, cables: Sequence[str] | None = None) -> Iterator[tuple[str, Metadata]]:
        """Every vector's id with its metadata, of all cables or of some, for the archive's checker.

        With nothing where the passage's tokens are missing, and, of all cables, where there are tokens alone.
        """
        where: Any = {"cable": {"$in": list(cables)}} if cables is not None else None
        seen: set[str] = set()
        for page in self._pages(where):
            ids = page["ids"]
            whole = set(ids) if self.tokens is None else self.tokens.known(ids)
            yield from (
                (id, _read(details) if id in whole else {})
                for id, details in zip(ids, page["metadatas"], strict=True)
            )
            seen.update(ids)
        if self.tokens is not None and cables is None:
            yield from ((id, {}) for id in list(self.tokens.ids()) if id not in seen)

    def _pages(self, where: Any) -> Iterator[Any]:
        for shelf in self._shelves:
            start = 0
            while True:
                page = shelf.get(where=where, limit=self._batch, offset=start, include=["metadatas"])
                if not page["ids"]:
                    break
                yield page
                start += len(page["ids"])

    def probe(self) -> None:
        """Read one vector of each shelf and search for it: raises VectorsDamaged where a graph cannot be loaded."""
        with _readable(self._folder):
            if self.tokens is not None:
                self.tokens.count()
            for shelf in self._shelves:
                first = shelf.get(limit=1, include=["embeddings"])["embeddings"]
                if first is not None and len(first):
                    self._nearest(shelf, np.asarray(first[0]), 1, None)

    def count(self) -> int:
        """Vectors on all shelves."""
        return sum(shelf.count() for shelf in self._shelves)

    def complete(self) -> bool:
        """Whether there are as many passages with their tokens as vectors."""
        return self.tokens is None or self.tokens.count() == self.count()

    def discard(self) -> None:
        """Delete the folder; it is not to be used after that."""
        shutil.rmtree(self._folder)


def quiet_settings() -> Any:
    """Settings for a Chroma client that reports nothing."""
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        if not _is_damage(error):
            raise
        raise damage(folder) from error


def damage(folder: Path) -> VectorsDamaged:
    """What is told of a folder that cannot be read."""
    return VectorsDamaged(f"{folder} is damaged: `reftel doctor --heal` makes it anew")


def _is_damage(error: BaseException | None) -> bool:
    """Whether Chroma's core has failed: its own error, a panic (no Exception), or one on the way out."""
    while error is not None:
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            return True
        if type(error).__module__.startswith("chromadb") or type(error).__name__ == "PanicException":
            return True
        error = error.__context__
    return False


def _whole(details: Metadata) -> Any:
    """Metadata with None for what the paragraph lacks: Chroma keeps old entries that are not named."""
    lines = {name: "\n".join(held) for name, held in details.items() if isinstance(held, list)}
    return dict.fromkeys(DETAILS) | dict(details) | lines


def _read(details: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata as `_whole` was given it; an earlier version wrote lists as such."""
    lines = {name: details[name].split("\n") for name in LISTS if isinstance(details.get(name), str)}
    return {**details, **lines}
