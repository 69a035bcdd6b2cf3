"""Reading, parsing and embedding on a Ray cluster, while one process writes.

Tasks read files and cut what they hold into chunks; actors, each with the model loaded once, embed them. A
file's cables come back with their vectors, in the files' order, and the indexer that holds the archive's lock
writes them in batches. Nothing else is written, so a worker that dies costs its chunk, which Ray gives to
another, and a run that is cut off is mended as ever. Workers see the same paths and have Reftel installed.
"""

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import numpy as np

from cables import forms
from cables.forms import Failure, Reading
from vectorstore.archive import Archive
from vectorstore.embedding import chunking
from vectorstore.errors import UserError
from vectorstore.interfaces import Embedder, EncodedQuery, Vectors

CHUNK_CABLES = 64
"""Cables that are embedded together, and lost together with their worker."""
MAX_WAITING_TEXTS = 20_000
"""Texts whose vectors wait to be written: many times what a batch holds."""


class RayUnavailable(UserError):
    """Ray is not installed or its cluster cannot be reached; the message says what to do."""


class RayBatchReader:
    """An embedder that has the vectors which workers delivered, and makes those that they did not."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.fingerprint = embedder.name, embedder.fingerprint
        self.late_interaction = embedder.late_interaction
        self._known: dict[str, tuple[np.ndarray, bytes | None]] = {}

    def take(self, texts: Sequence[str], vectors: np.ndarray, tokens: Sequence[bytes]) -> None:
        """Keep what a worker made of texts until it is written."""
        self._keep(texts, vectors, tokens)
        for text in list(islice(self._known, max(0, len(self._known) - MAX_WAITING_TEXTS))):
            del self._known[text]

    def _keep(self, texts: Sequence[str], vectors: np.ndarray, tokens: Sequence[bytes]) -> None:
        packed: Sequence[bytes | None] = tokens or [None] * len(texts)
        self._known.update(zip(texts, zip(vectors, packed, strict=True), strict=True))

    def encode_passages(
        self, texts: Sequence[str], advance: Callable[[int], None] = lambda n: None
    ) -> tuple[Vectors, list[bytes]]:
        """As an embedder's; what was delivered costs nothing."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        if missing:
            self._keep(missing, *self._embedder.encode_passages(missing))
        advance(len(texts))
        found = [self._known[text] for text in texts]
        vectors = np.array([vector for vector, _ in found], np.float32)
        return vectors, [packed for _, packed in found if packed is not None]

    def encode_query(self, question: str, language: str = "en") -> EncodedQuery:
        """As an embedder's."""
        return self._embedder.encode_query(question, language)

    def encode(self, texts: Sequence[str], advance: Callable[[int], None] = lambda n: None) -> Vectors:
        """As an embedder's."""
        return self._embedder.encode(texts, advance)


class RayPipeline:
    """Reads files on a cluster; to be the `cluster` of an indexer of `archive`.

    `load` makes the embedder in a worker. Raises RayUnavailable.
    """

    def __init__(self, address: str, archive: Archive, load: Callable[[], Embedder]) -> None:
        self._ray = _connected(address)
        self._workers = max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        self._load = load
        self._delivered = RayBatchReader(archive.embedder)
        archive.embedder = self._delivered

    def __call__(self, paths: Iterable[Path]) -> Iterator[tuple[Path, Iterable[Reading | Failure]]]:
        """Each file with its cables, as the cluster has read and embedded them."""
        rows = [{"path": str(path)} for path in paths]
        if not rows:
            return
        data = self._ray.data
        data.DataContext.get_current().execution_options.preserve_order = True
        embedded = (
            data.from_items(rows, override_num_blocks=min(len(rows), 4 * self._workers))
            .flat_map(_chunks, num_cpus=0.25)
            .map_batches(
                _Embedding,
                fn_constructor_args=(self._load,),
                batch_size=1,
                num_cpus=0.5,
                concurrency=(1, self._workers),
            )
        )
        for path, chunks in groupby(embedded.iter_rows(), key=lambda row: row["path"]):
            yield Path(path), self._items(chunks)

    def _items(self, chunks: Iterable[dict[str, Any]]) -> Iterator[Reading | Failure]:
        for chunk in chunks:
            items, *made = pickle.loads(chunk["content"])
            self._delivered.take(*made)
            yield from items


def _connected(address: str) -> Any:
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise RayUnavailable("Ray is not installed: pip install 'reftel[ray]'") from error
    if not ray.is_initialized():
        try:
            ray.init(address=address, log_to_driver=False, logging_level="warning")
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise RayUnavailable(
                f"no Ray cluster at {address!r} ({error}): start one with `ray start --head`, "
                "or give `local` for one of this machine's own"
            ) from error
    return ray


def _chunks(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A file's cables in chunks; one chunk at least, so that no file is lost sight of."""
    items = forms.read(Path(row["path"]))
    chunk = list(islice(items, CHUNK_CABLES))
    yield {"path": row["path"], "content": pickle.dumps(chunk)}
    while chunk := list(islice(items, CHUNK_CABLES)):
        yield {"path": row["path"], "content": pickle.dumps(chunk)}


class _Embedding:
    """An actor: embeds the passages of chunks with a model that it loads once."""

    def __init__(self, load: Callable[[], Embedder]) -> None:
        self._embedder = load()

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """The chunks with their passages and vectors."""
        return {
            "path": batch["path"],
            "content": np.array([self._embed(c) for c in batch["content"]], object),
        }

    def _embed(self, content: bytes) -> bytes:
        items = pickle.loads(content)
        texts = [
            text
            for item in items
            if isinstance(item, Reading)
            for paragraph in item.cable.paragraphs
            for text in chunking.windows(item.cable, paragraph)
        ]
        vectors, tokens = (
            self._embedder.encode_passages(texts) if texts else (np.empty((0, 1), np.float32), [])
        )
        return pickle.dumps((items, texts, vectors, tokens))
