"""What an archive is put together from: one interface for each store and for the embedder, and the values they exchange.

| interface | implemented by |
|---|---|
| `Embedder` | `embedding.embedder.SentenceEmbedder` |
| `VectorStore` | `storage.chroma.ChromaVectors`, `storage.chroma_server.ChromaServerVectors` |
| `LexicalIndex` | `storage.bm25.BM25Index` (tantivy), `storage.postgres_bm25.PostgresBM25` |
| `TokenStore` | `storage.token_vectors.SqliteTokenStore` |
| `Catalog` | `storage.catalog.SqliteCatalog` |
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from cables import Cable

if TYPE_CHECKING:
    from vectorstore.embedding.late_interaction import LateInteraction
    from vectorstore.embedding.tokens import Tokens

Metadata = Mapping[str, str | int | list[str]]
"""What is kept beside a vector of its paragraph and cable, so that a collection can be read on its own."""
Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]
"""Unit vectors, shape (texts, dimension)."""


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """A question as it is searched for.

    `vector` has shape (dimension,); for late interaction `tokens` has shape (tokens, 48) and `weights` (tokens,). Both
    are empty where the embedder has none.
    """

    vector: np.ndarray
    tokens: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True, slots=True)
class EmbeddedParagraph:
    """A paragraph's vectors, shape (windows, dimension), its metadata, and each window's packed token vectors."""

    key: str
    vectors: np.ndarray
    details: Metadata
    tokens: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A text to index under an integer: a paragraph's row, or a cable's."""

    row: int
    header: str
    text: str


@dataclass(frozen=True, slots=True)
class KnownParagraph:
    """What the stores hold of a paragraph: hashes of its passages and its metadata, and how many vectors."""

    key: str
    passages: str
    windows: int
    details: str


class Embedder(Protocol):
    """Texts in, unit vectors out. One with late interaction gives token vectors too."""

    @property
    def name(self) -> str:
        """The model's name or path."""

    @property
    def fingerprint(self) -> str:
        """Names the model and its numbers: vectors of different fingerprints are never mixed."""

    @property
    def late_interaction(self) -> "LateInteraction | None":
        """What compares questions with passages token by token, for the code that puts a retriever together."""

    def encode_query(self, question: str, language: str = "en") -> EncodedQuery:
        """A question as it is searched for; `language` is its ISO 639-1 code."""

    def encode_passages(
        self, texts: Sequence[str], advance: Callable[[int], None] = ...
    ) -> tuple[Vectors, list[bytes]]:
        """Unit vectors of passages and each one's packed token vectors (no list without late interaction).

        `advance(n)` is called for each n texts that are done.
        """

    def encode(self, texts: Sequence[str], advance: Callable[[int], None] = ...) -> Vectors:
        """Unit vectors of any texts."""


class TokenStore(Protocol):
    """What readers need of packed token vectors, which stand under the ids of the passages' vectors."""

    def get(self, ids: Sequence[str]) -> "Mapping[str, Tokens]":
        """The tokens of those of the passages that are known, by id."""

    def count(self) -> int:
        """Passages whose tokens are kept."""

    def flush(self) -> None:
        """Put what was written into the file that stays when all is closed."""


class VectorStore(Protocol):
    """The vectors of paragraphs, with their metadata and, for late interaction, their passages' token vectors.

    Ids are those of `keys.window_id`. Raises VectorsDamaged, ServerUnavailable, OSError.
    """

    live: bool
    """Whether what other processes write is seen without opening the store again."""

    @property
    def tokens(self) -> TokenStore | None:
        """Token vectors beside the vectors; None for an embedder without late interaction."""

    def write(self, paragraphs: Iterable[EmbeddedParagraph]) -> None:
        """Put vectors and metadata in place of what stands under the same keys."""

    def write_details(self, details: Mapping[str, Metadata], windows: Mapping[str, int]) -> None:
        """Change the metadata of paragraphs whose vectors stay; `windows` counts each one's vectors."""

    def drop(self, ids: Sequence[str]) -> None:
        """Remove vectors by their ids; unknown ones are passed over."""

    def search(
        self, vector: np.ndarray, limit: int, *, only: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The nearest paragraphs, of the vectors in `only` if given: (key, cosine), best first, each once."""

    def cosines(self, vector: np.ndarray, ids: Sequence[str]) -> dict[str, float]:
        """The cosine of a unit vector with each paragraph that has one of some ids, by its best window."""

    def metadata(self, cables: Sequence[str] | None = None) -> Iterator[tuple[str, Metadata]]:
        """Every vector's id with its metadata, of all cables or of some; empty where its token vectors are missing.

        Of all cables, token vectors without a vector come too, with empty metadata.
        """

    def count(self) -> int:
        """How many vectors there are."""

    def complete(self) -> bool:
        """Whether every vector has its token vectors, where the embedder has late interaction."""

    def probe(self) -> None:
        """Read and search for a vector, so that what cannot be read is found now."""

    def discard(self) -> None:
        """Delete everything; the store is not to be used after that."""


class LexicalIndex(Protocol):
    """A BM25 index: rows in, ranked rows out. Raises BM25Damaged, PostgresUnavailable, OSError."""

    def terms(self, text: str) -> list[str]:
        """The words of a text as they are indexed: lower case, without accents, stemmed, each once."""

    def stems(self, text: str) -> list[str]:
        """The words of a text as they are indexed, in their order."""

    def weighted(self, text: str) -> dict[str, float]:
        """The terms to search for: those of the text, and at less weight other spellings of its words."""

    def write(self, entries: Iterable[IndexEntry], gone: Iterable[int] = ()) -> None:
        """Put entries in place of those of the same row, drop the rows in `gone`, and commit."""

    def search(
        self, weights: dict[str, float], limit: int, *, header: float = 1.0, only: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The best `limit` rows, of `only` if given, with their BM25 scores for weighted terms."""

    def idf(self, word: str) -> float:
        """Inverse document frequency: log(1 + texts / (1 + texts that hold the word))."""

    def knows(self, term: str) -> bool:
        """Whether any text or header holds the term."""

    def count(self) -> int:
        """Texts in the index."""

    def rows(self, only: Sequence[int] | None = None) -> Counter[int]:
        """Every row, or each of `only` that is there, with how often it stands in the index."""

    def reload(self) -> None:
        """See what has been committed since the last look."""

    def probe(self) -> None:
        """Read every row and search for a word, so that what cannot be read is found now."""

    def close(self) -> None:
        """Let go of what only one process at a time may hold."""

    def discard(self) -> None:
        """Delete everything; the index is not to be used after that."""


class Catalog(Protocol):
    """The record of the archive, by which the other stores are checked. Raises CatalogDamaged, OSError."""

    def meta(self, name: str) -> str | None:
        """A remembered fact about the archive, such as the embedder's fingerprint."""

    def remember(self, name: str, value: str) -> None:
        """Set a fact about the archive."""

    def transaction(self) -> AbstractContextManager[None]:
        """All of the writes inside, or none."""

    def counts(self) -> tuple[int, int, int]:
        """(cables, paragraphs, vectors) that the archive should hold."""

    def cable_ids(self, among: Iterable[str] | None = None) -> list[str]:
        """All ids, sorted; or those of `among` that are in the catalog."""

    def cable(self, cable_id: str) -> Cable | None:
        """The cable of exactly this id, regardless of clearance."""

    def known_paragraphs(self, cable_id: str) -> dict[str, KnownParagraph]:
        """What the stores hold of a cable, by key."""
