"""What vectors in a folder and on a server share: how paragraphs stand in a Chroma collection, and how one is searched.

Texts are not stored with the vectors, the catalog has them; the metadata lets a collection be read on its own. A long
paragraph has several vectors, under the ids of `keys.window_id`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from vectorstore.interfaces import EmbeddedParagraph, Metadata
from vectorstore.keys import key_of, window_id

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

CONFIGURATION: Any = {"hnsw": {"space": "cosine", "ef_construction": 60, "ef_search": 600}}
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


def records_of(paragraphs: Iterable[EmbeddedParagraph]) -> list[Record]:
    """The records of paragraphs, one a window."""
    return [
        Record(window_id(paragraph.key, window), vector, to_chroma(paragraph.details))
        for paragraph in paragraphs
        for window, vector in enumerate(paragraph.vectors)
    ]


def metadata_of(details: Mapping[str, Metadata], windows: Mapping[str, int]) -> dict[str, Any]:
    """Metadata by id, for paragraphs with so many windows each."""
    return {window_id(key, n): to_chroma(details[key]) for key in details for n in range(windows[key])}


def upsert(collection: Any, records: Sequence[Record]) -> None:
    """Put records in place of those of the same ids."""
    collection.upsert(
        [record.id for record in records],
        embeddings=np.array([record.vector for record in records]),
        metadatas=[record.metadata for record in records],
    )


def search(
    collections: Sequence[Any], vector: np.ndarray, limit: int, only: Sequence[str] | None
) -> list[tuple[str, float]]:
    """The nearest paragraphs of all collections: (key, cosine), best first, each once."""
    if limit == 0:
        return []
    if only is not None and len(only) <= MAX_EXACT_VECTORS:
        best = cosines(collections, vector, only)
    else:
        best = {}
        for collection in collections:
            for id, cosine in nearest(collection, vector, limit, only):
                best[key_of(id)] = max(cosine, best.get(key_of(id), -1.0))
    return sorted(best.items(), key=lambda one: (-one[1], one[0]))[:limit]


def cosines(collections: Sequence[Any], vector: np.ndarray, ids: Sequence[str]) -> dict[str, float]:
    """The cosine of a unit vector with each paragraph that has one of some ids, by its best window."""
    best: dict[str, float] = {}
    for collection in collections if ids else ():
        got = collection.get(ids=list(ids), include=["embeddings"])
        for id, own in zip(got["ids"], got["embeddings"], strict=True):
            best[key_of(id)] = max(float(own @ vector), best.get(key_of(id), -1.0))
    return best


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


def all_metadata(
    collections: Sequence[Any], cables: Sequence[str] | None, batch: int
) -> Iterator[tuple[str, Metadata]]:
    """Every vector's id with its metadata, of all cables or of some; `batch` at a time are read."""
    where: Any = {"cable": {"$in": list(cables)}} if cables is not None else None
    for collection in collections:
        start = 0
        while True:
            page = collection.get(where=where, limit=batch, offset=start, include=["metadatas"])
            if not page["ids"]:
                break
            yield from zip(page["ids"], map(_from_chroma, page["metadatas"]), strict=True)
            start += len(page["ids"])


def to_chroma(details: Metadata) -> Any:
    """Metadata with None for what the paragraph lacks: Chroma keeps old entries that are not named."""
    lines = {name: "\n".join(held) for name, held in details.items() if isinstance(held, list)}
    return dict.fromkeys(METADATA_FIELDS) | dict(details) | lines


def _from_chroma(details: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata as `to_chroma` was given it; an earlier version wrote lists as such."""
    lines = {name: details[name].split("\n") for name in LIST_FIELDS if isinstance(details.get(name), str)}
    return {**details, **lines}
