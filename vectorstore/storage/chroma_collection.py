"""What vectors in a folder and on a server share: how paragraphs stand in Chroma collections, and how these are searched.

Texts are not stored with the vectors, the catalog has them; the metadata lets a collection be read on its own. A long
paragraph has several vectors, under the ids of `keys.window_id`. Token vectors lie beside them under the same ids.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple

import numpy as np

from vectorstore.database import in_parts
from vectorstore.interfaces import EmbeddedParagraph, Metadata
from vectorstore.keys import key_of, window_id
from vectorstore.storage.token_vectors import SqliteTokenStore

METADATA_FIELDS = (
    "cable",
    "key",
    "number",
    "post",
    "date",
    "classification",
    "marking",
    "level",
    "caveats",
    "tags",
    "section",
    "role",
    "subject",
    "passages",
)
"""Every name that metadata may have; a paragraph has no entry for what it lacks."""

LIST_FIELDS = ("caveats", "tags")
"""Lists are written as lines of one text: Chroma's own take as long as a dozen numbers (docs/scaling.md)."""

GRAPH_CONFIGURATION: Any = {"hnsw": {"space": "cosine", "ef_construction": 60, "ef_search": 600}}
"""A graph that is made in two thirds of the time of Chroma's default and searched a little longer, so that it
finds as many: docs/scaling.md has the recall of both."""

MAX_EXACT_VECTORS = 500
"""Vectors among which a search compares every one: sooner than by the graph, and the graph misses some of the
few that are asked for, above all where many paragraphs are the same."""


class Record(NamedTuple):
    """One vector as Chroma takes it."""

    id: str
    vector: np.ndarray
    metadata: Any


class CollectionVectors(ABC):
    """A `VectorStore` over Chroma collections, with the token vectors in `tokens`, if any, beside them.

    A vector without its token vectors counts as missing.
    """

    live: bool

    def __init__(self, tokens: SqliteTokenStore | None) -> None:
        self.tokens = tokens
        self.batch = 1
        """Records that Chroma takes at once."""

    @abstractmethod
    def readable_collections(self) -> Sequence[Any]:
        """The collections that may hold something."""

    @abstractmethod
    def by_collection(self, ids: Sequence[str]) -> Iterator[tuple[Any, list[int]]]:
        """Collections to write to, each with the places in `ids` of what is theirs."""

    def writing(self, size: int) -> AbstractContextManager[None]:
        """Is entered while some `size` bytes are written."""
        return nullcontext()

    def reading(self) -> AbstractContextManager[None]:
        """Is entered while something is read."""
        return nullcontext()

    def write(self, paragraphs: Iterable[EmbeddedParagraph]) -> None:
        """Put vectors, metadata and token vectors in place of what stands under the same keys."""
        paragraphs = list(paragraphs)
        if self.tokens:  # first, so that a killed run leaves no vector without its tokens
            packed = ((window_id(p.key, n), own) for p in paragraphs for n, own in enumerate(p.tokens))
            self.tokens.write(dict(packed))
        for records in in_parts(_records_of(paragraphs), self.batch):
            self._write_records(records)

    def _write_records(self, records: Sequence[Record]) -> None:
        for collection, places in self.by_collection([record.id for record in records]):
            own = [records[n] for n in places]
            with self.writing(4 * sum(record.vector.size for record in own)):
                collection.upsert(
                    [record.id for record in own],
                    embeddings=np.array([record.vector for record in own]),
                    metadatas=[record.metadata for record in own],
                )

    def write_details(self, details: Mapping[str, Metadata], windows: Mapping[str, int]) -> None:
        """Change the metadata of paragraphs whose vectors stay; `windows` counts each one's vectors."""
        metadata = {
            window_id(key, n): to_chroma(details[key]) for key in details for n in range(windows[key])
        }
        for ids in in_parts(list(metadata), self.batch):
            for collection, places in self.by_collection(ids):
                own = [ids[n] for n in places]
                with self.writing(0):
                    collection.update(ids=own, metadatas=[metadata[id] for id in own])

    def drop(self, ids: Sequence[str]) -> None:
        """Remove vectors with their token vectors; unknown ids are passed over."""
        for part in in_parts(ids, self.batch):
            for collection, places in self.by_collection(part):
                with self.writing(0):
                    collection.delete(ids=[part[n] for n in places])
        if self.tokens:
            self.tokens.drop(ids)

    def search(
        self, vector: np.ndarray, limit: int, *, only: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The nearest paragraphs, of the vectors in `only` if given: (key, cosine), best first, each once."""
        if limit == 0:
            return []
        if only is not None and len(only) <= MAX_EXACT_VECTORS:
            best = self.cosines(vector, only)
        else:
            best = {}
            with self.reading():
                for collection in self.readable_collections():
                    for id, cosine in nearest(collection, vector, limit, only):
                        best[key_of(id)] = max(cosine, best.get(key_of(id), -1.0))
        return sorted(best.items(), key=lambda one: (-one[1], one[0]))[:limit]

    def cosines(self, vector: np.ndarray, ids: Sequence[str]) -> dict[str, float]:
        """The cosine of a unit vector with each paragraph that has one of some ids, by its best window."""
        best: dict[str, float] = {}
        with self.reading():
            for collection in self.readable_collections() if ids else ():
                got = collection.get(ids=list(ids), include=["embeddings"])
                for id, own in zip(got["ids"], got["embeddings"], strict=True):
                    best[key_of(id)] = max(float(own @ vector), best.get(key_of(id), -1.0))
        return best

    def metadata(self, cables: Sequence[str] | None = None) -> Iterator[tuple[str, Metadata]]:
        """Every vector's id with its metadata, of all cables or of some; empty where its token vectors are missing.

        Of all cables, token vectors without a vector come too, with empty metadata.
        """
        where: Any = {"cable": {"$in": list(cables)}} if cables is not None else None
        without_vector = set(self.tokens.ids()) if self.tokens and cables is None else set()
        for collection in self.readable_collections():
            start = 0
            while ids := (page := self._page(collection, where, start))["ids"]:
                whole = self.tokens.known(ids) if self.tokens else set(ids)
                for id, details in zip(ids, page["metadatas"], strict=True):
                    yield id, _from_chroma(details or {}) if id in whole else {}
                without_vector.difference_update(ids)
                start += len(ids)
        yield from ((id, {}) for id in without_vector)

    def _page(self, collection: Any, where: Any, start: int) -> Any:
        with self.reading():
            return collection.get(where=where, limit=self.batch, offset=start, include=["metadatas"])

    def complete(self) -> bool:
        """Whether there are as many passages with token vectors as vectors."""
        return self.tokens is None or self.tokens.count() == self.count()

    @abstractmethod
    def count(self) -> int:
        """How many vectors there are."""


def nearest(
    collection: Any, vector: np.ndarray, limit: int, only: Sequence[str] | None = None
) -> list[tuple[str, float]]:
    """A collection's nearest vectors, of those in `only` if given: (id, cosine)."""
    query = {"query_embeddings": [vector.tolist()], "n_results": limit, "include": ["distances"]}
    if only is not None:
        query["ids"] = collection.get(ids=list(only), include=[])["ids"]
        if not query["ids"]:
            return []
    result = collection.query(**query)
    return [(id, 1.0 - far) for id, far in zip(result["ids"][0], result["distances"][0], strict=True)]


def to_chroma(details: Metadata) -> Any:
    """Metadata with None for what the paragraph lacks: Chroma keeps old entries that are not named."""
    lines = {name: "\n".join(held) for name, held in details.items() if isinstance(held, list)}
    return dict.fromkeys(METADATA_FIELDS) | dict(details) | lines


def _from_chroma(details: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata as `to_chroma` was given it; an earlier version wrote lists as such."""
    lines = {name: details[name].split("\n") for name in LIST_FIELDS if isinstance(details.get(name), str)}
    return {**details, **lines}


def _records_of(paragraphs: Iterable[EmbeddedParagraph]) -> list[Record]:
    """The records of paragraphs, one a window."""
    return [
        Record(window_id(paragraph.key, window), vector, to_chroma(paragraph.details))
        for paragraph in paragraphs
        for window, vector in enumerate(paragraph.vectors)
    ]
