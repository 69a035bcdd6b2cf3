"""The vectors: one Chroma collection, embedded in the process.

Texts are not stored with the vectors, the catalog has them; the metadata lets a collection be read on its
own. A long paragraph has several vectors: its key, then `key#1`, `key#2`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

Details = Mapping[str, str | int | list[str]]

SEARCH_EFFORT = 200
"""HNSW's ef_search: recall at 10 over 0.98 at 100,000 paragraphs for a millisecond more than the default."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A paragraph's vectors, shape (windows, dimension), with its metadata."""

    key: str
    vectors: np.ndarray
    details: Details


class Vectors:
    """One collection in `folder`; a new embedder gets a new collection."""

    def __init__(self, folder: Path, name: str) -> None:
        import chromadb
        from chromadb.config import Settings

        folder.mkdir(parents=True, exist_ok=True)
        self._client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
        self.name = name
        self._collection: Collection = self._client.get_or_create_collection(
            name,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_search": SEARCH_EFFORT}},
        )
        self._batch: int = self._client.get_max_batch_size()

    def write(self, paragraphs: Iterable[Embedded]) -> None:
        """Put vectors and metadata in place of what stands under the same keys."""
        ids: list[str] = []
        vectors: list[np.ndarray] = []
        details: list[Details] = []
        for paragraph in paragraphs:
            for window, vector in enumerate(paragraph.vectors):
                ids.append(window_id(paragraph.key, window))
                vectors.append(vector)
                details.append(paragraph.details)
        for start in range(0, len(ids), self._batch):
            part = slice(start, start + self._batch)
            self._collection.upsert(ids[part], embeddings=np.array(vectors[part]), metadatas=list(details[part]))

    def write_details(self, details: Mapping[str, Details], windows: Mapping[str, int]) -> None:
        """Change the metadata of paragraphs whose vectors stay; `windows` counts each one's vectors."""
        ids = [window_id(key, window) for key in details for window in range(windows[key])]
        rows = [details[key] for key in details for _ in range(windows[key])]
        for start in range(0, len(ids), self._batch):
            self._collection.update(ids[start : start + self._batch], metadatas=rows[start : start + self._batch])

    def drop(self, ids: Sequence[str]) -> None:
        """Remove vectors by their ids; unknown ones are passed over."""
        for start in range(0, len(ids), self._batch):
            self._collection.delete(ids=list(ids[start : start + self._batch]))

    def search(
        self, vector: np.ndarray, limit: int, *, only: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The nearest paragraphs: (key, cosine), best first, each key once."""
        result = self._collection.query(
            query_embeddings=[vector.tolist()], n_results=limit, include=["distances"],
            **({"ids": list(only)} if only is not None else {}),
        )  # fmt: skip
        best: dict[str, float] = {}
        for found, distance in zip(result["ids"][0], (result["distances"] or [[]])[0], strict=True):
            best.setdefault(key_of(found), 1.0 - distance)
        return list(best.items())

    def ids(self) -> list[str]:
        """Every vector's id, for the archive's checker."""
        found: list[str] = []
        while page := self._collection.get(limit=self._batch, offset=len(found), include=[])["ids"]:
            found.extend(page)
        return found

    def count(self) -> int:
        """Vectors in the collection."""
        return self._collection.count()

    def get(self, ids: Sequence[str]) -> dict[str, tuple[np.ndarray, dict[str, Any]]]:
        """Vectors and metadata by id."""
        got = self._collection.get(ids=list(ids), include=["embeddings", "metadatas"])
        rows = zip(got["ids"], got["embeddings"], got["metadatas"], strict=True)  # type: ignore[arg-type]
        return {found: (np.asarray(vector), dict(details)) for found, vector, details in rows}


def window_id(key: str, window: int) -> str:
    """The id of a paragraph's n-th vector."""
    return f"{key}#{window}" if window else key


def key_of(window: str) -> str:
    """The paragraph's key in a vector's id."""
    return window.partition("#")[0]
