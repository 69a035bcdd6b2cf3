"""The vectors: one Chroma collection, embedded in the process.

Texts are not stored with the vectors, the catalog has them; the metadata lets a collection be read on its
own. A long paragraph has several vectors: its key, then `key#1`, `key#2`.
"""

import shutil
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorstore.disk import Readable, telling
from vectorstore.tokens import TokenStore
from vectorstore.troubles import Trouble

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

Details = Mapping[str, str | int | list[str]]
DETAILS = (
    "cable", "key", "number", "post", "date", "classification", "marking", "level", "caveats", "tags",
    "section", "role", "subject", "passages",
)  # fmt: skip
"""Every name that metadata may have; a paragraph has no entry for what it lacks."""

COLLECTION = "paragraphs"

LISTS = ("caveats", "tags")
"""Lists are written as lines of one text: Chroma's own take as long as a dozen numbers (docs/scaling.md)."""

CONFIGURATION: Any = {"hnsw": {"space": "cosine", "ef_construction": 60, "ef_search": 600}}
"""A graph that is made in two thirds of the time of Chroma's default and searched a little longer, so that it
finds as many: docs/scaling.md has the recall of both."""


EXACT = 500
"""Vectors among which a search compares every one: sooner than by the graph, and the graph misses some of the
few that are asked for, above all where many paragraphs are the same."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A paragraph's vectors, shape (windows, dimension), with its metadata and each window's packed tokens."""

    key: str
    vectors: np.ndarray
    details: Details
    tokens: Sequence[bytes] = ()


_opening = threading.Lock()
"""Chroma's list of what is open is everybody's: one at a time empties it and opens anew."""


class VectorsDamaged(Trouble):
    """Chroma's folder cannot be read; the message says what to do."""


class Vectors:
    """One collection in a folder of its own, with the passages' tokens beside it. Raises VectorsDamaged.

    `with_tokens` says whether each vector's passage must have its tokens: one without them counts as missing.
    """

    live = False
    """Whether what other processes write is seen without opening the collection again."""

    def __init__(self, folder: Path, *, with_tokens: bool = False) -> None:
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient

        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        with _opening, _readable(folder):
            # Chroma shares what it has open by path, so that another process's writes would never be seen.
            SharedSystemClient.clear_system_cache()
            self._lies = Readable(folder, copied="chroma.sqlite3")
            self._client = chromadb.PersistentClient(str(self._lies.path), quiet_settings())
            self._collection: Collection = self._client.get_or_create_collection(
                COLLECTION,
                embedding_function=None,
                configuration=CONFIGURATION,
            )
            self._batch: int = self._client.get_max_batch_size()
            self.tokens = TokenStore(folder / "tokens.sqlite") if with_tokens else None

    def write(self, paragraphs: Iterable[Embedded]) -> None:
        """Put vectors and metadata in place of what stands under the same keys."""
        ids: list[str] = []
        vectors: list[np.ndarray] = []
        details: list[Details] = []
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
            with self._telling(4 * sum(vector.size for vector in vectors[part])):
                self._collection.upsert(
                    ids[part], embeddings=np.array(vectors[part]), metadatas=list(details[part])
                )

    def write_details(self, details: Mapping[str, Details], windows: Mapping[str, int]) -> None:
        """Change the metadata of paragraphs whose vectors stay; `windows` counts each one's vectors."""
        ids = [window_id(key, window) for key in details for window in range(windows[key])]
        rows = [_whole(details[key]) for key in details for _ in range(windows[key])]
        for start in range(0, len(ids), self._batch):
            with self._telling(0):
                self._collection.update(
                    ids[start : start + self._batch], metadatas=rows[start : start + self._batch]
                )

    def drop(self, ids: Sequence[str]) -> None:
        """Remove vectors by their ids; unknown ones are passed over."""
        for start in range(0, len(ids), self._batch):
            with self._telling(0):
                self._collection.delete(ids=list(ids[start : start + self._batch]))
        if self.tokens is not None:
            self.tokens.drop(ids)

    def _telling(self, size: int) -> AbstractContextManager[None]:
        """Turns what Chroma says of a write that failed into the disk's word, or into VectorsDamaged."""
        from chromadb.errors import InternalError

        return telling(self._folder, size, damage(self._folder), InternalError)

    def search(
        self, vector: np.ndarray, limit: int, *, only: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The nearest paragraphs, of the vectors in `only` if given: (key, cosine), best first, each once."""
        from chromadb.errors import InternalError

        if limit == 0:
            return []
        if only is None:
            return self._nearest(vector, limit, {})
        if len(only) <= EXACT:
            return sorted(self.nearness(vector, only).items(), key=lambda one: (-one[1], one[0]))[:limit]
        try:
            return self._nearest(vector, limit, {"ids": list(only)})
        except InternalError:  # an id that is not there: a writer is just putting it in, or taking it out
            present = self._collection.get(ids=list(only), include=[])["ids"]
            return self._nearest(vector, limit, {"ids": present}) if present else []

    def nearness(self, vector: np.ndarray, ids: Sequence[str]) -> dict[str, float]:
        """The cosine of a unit vector with each paragraph that has one of some ids, by its best window."""
        if not ids:
            return {}
        got = self._collection.get(ids=list(ids), include=["embeddings"])
        best: dict[str, float] = {}
        for found, own in zip(got["ids"], got["embeddings"], strict=True):
            best[key_of(found)] = max(float(own @ vector), best.get(key_of(found), -1.0))
        return best

    def _nearest(self, vector: np.ndarray, limit: int, among: dict[str, Any]) -> list[tuple[str, float]]:
        result = self._collection.query(
            query_embeddings=[vector.tolist()], n_results=limit, include=["distances"], **among
        )
        best: dict[str, float] = {}
        for found, distance in zip(result["ids"][0], (result["distances"] or [[]])[0], strict=True):
            best.setdefault(key_of(found), 1.0 - distance)
        return list(best.items())

    def metadata(self, cables: Sequence[str] | None = None) -> Iterator[tuple[str, Details]]:
        """Every vector's id with its metadata, of all cables or of some, for the archive's checker.

        With nothing where the passage's tokens are missing, and, of all cables, where there are tokens alone.
        """
        where: Any = {"cable": {"$in": list(cables)}} if cables is not None else None
        start = 0
        seen: set[str] = set()
        while ids := (page := self._page(where, start))["ids"]:
            whole = set(ids) if self.tokens is None else self.tokens.known(ids)
            yield from (
                (id, _read(details) if id in whole else {})
                for id, details in zip(ids, page["metadatas"], strict=True)
            )
            start += len(ids)
            seen.update(ids)
        if self.tokens is not None and cables is None:
            yield from ((id, {}) for id in list(self.tokens.ids()) if id not in seen)

    def _page(self, where: Any, start: int) -> Any:
        return self._collection.get(where=where, limit=self._batch, offset=start, include=["metadatas"])

    def probe(self) -> None:
        """Read one vector and search for it: raises VectorsDamaged where the graph cannot be loaded."""
        with _readable(self._folder):
            if self.tokens is not None:
                self.tokens.count()
            first = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
            if first is not None and len(first):
                self.search(np.asarray(first[0]), 1)

    def count(self) -> int:
        """Vectors in the collection."""
        count: int = self._collection.count()
        return count

    def complete(self) -> bool:
        """Whether there are as many passages with their tokens as vectors."""
        return self.tokens is None or self.tokens.count() == self.count()

    def discard(self) -> None:
        """Delete the collection's folder; it is not to be used after that."""
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


def _whole(details: Details) -> Any:
    """Metadata with None for what the paragraph lacks: Chroma keeps old entries that are not named."""
    lines = {name: "\n".join(held) for name, held in details.items() if isinstance(held, list)}
    return dict.fromkeys(DETAILS) | dict(details) | lines


def _read(details: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata as `_whole` was given it; an earlier version wrote lists as such."""
    lines = {name: details[name].split("\n") for name in LISTS if isinstance(details.get(name), str)}
    return {**details, **lines}


def window_id(key: str, window: int) -> str:
    """The id of a paragraph's n-th vector."""
    return f"{key}#{window}" if window else key


def key_of(window: str) -> str:
    """The paragraph's key in a vector's id."""
    return window.partition("#")[0]
