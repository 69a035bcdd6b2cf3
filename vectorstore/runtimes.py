"""What runs a sentence-transformers model: a GPU, OpenVINO on the processor, or sentence-transformers itself.

On a processor OpenVINO takes bfloat16 where the processor is fast in it and the vectors agree with float32
ones, checked once; torch is loaded only once, to convert the model. Measured in docs/speed.md.
"""

import json
import logging
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)

Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]
Advance = Callable[[int], None]

AGREEMENT = 0.999
"""Cosine to float32 that each of CHECKED must reach before a shorter number format is used."""
CHECKED = (
    "Why did the ministry refuse?",
    "The minister said on 3 April that $2.5 million would be paid; the union wants twice as much.",
    "SUMMARY: Talks on fishing rights ended without result. The two sides will meet again in autumn. " * 4,
    "He did not rule out a visit, and he did not announce one either: everything, he said, was open. " * 9,
)
"""Texts of different lengths in which two number formats are compared."""


class Runtime(Protocol):
    """What runs the model: texts in any order to unit vectors in the same order."""

    dimension: int
    precision: str
    """The number format, in words for docs and benches."""

    def encode(self, texts: Sequence[str], advance: Advance) -> Vectors:
        """Unit vectors of `texts`, shape (len(texts), dimension); `advance(n)` is told of each n done."""


def gpu_present() -> bool:
    """Whether torch finds a GPU that it can use; torch is asked only where a driver is installed."""
    if not (Path("/dev/nvidiactl").exists() or shutil.which("nvidia-smi")):
        return False  # importing torch to ask would cost seconds
    import torch

    return torch.cuda.is_available()


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_gpu(model: "SentenceTransformer") -> Runtime:
    """The model on the GPU, in half precision where its vectors agree with float32 ones."""
    from vectorstore.gpu import Batches

    return Batches(model) if pooled_by_mean(model) else Plain(model, batch=256)


def on_processor(converted: Path, load: Callable[[], "SentenceTransformer"]) -> Runtime:
    """The model on the processor: from the folder `converted`, where `load()` is converted to if need be."""
    if not (converted / "model.xml").exists():
        model = load()
        if not pooled_by_mean(model):
            return Plain(model, batch=4)
        converted = _convert(model, converted)
    return OpenVino(converted)


def agree(one: Vectors, other: Vectors) -> bool:
    """Whether unit vectors are so near to each other that retrieval cannot tell them apart."""
    return bool(np.all(np.sum(one * other, axis=1) >= AGREEMENT))


def pooled_by_mean(model: "SentenceTransformer") -> bool:
    """Whether the model is a transformer with mean pooling and unit length: what our own runtimes compute."""
    kinds = [type(module).__name__ for module in model]
    by_mean = len(kinds) > 1 and getattr(model[1], "pooling_mode", None) in ("mean", ("mean",), ["mean"])
    return kinds == ["Transformer", "Pooling", "Normalize"] and by_mean


class OpenVino:
    """A converted model on the processor: length-sorted small batches over one stream a core."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self._openvino = _quiet_openvino()
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(json.loads((folder / "limits.json").read_text())["tokens"])
        self._tokenizer.no_padding()
        # One single-threaded stream a core: measured faster than all cores on one batch.
        self._streams = cores()
        self._core = self._openvino.Core()
        self._graph = self._core.read_model(folder / "model.xml")
        self.dimension = int(self._graph.output(0).get_partial_shape()[1].get_length())
        self.precision, self._model = self._compiled(folder / "precision.json")
        # Larger batches fall out of the cache and pad more; bfloat16 halves what a batch takes of it.
        self._batch = 8 if self.precision == "bfloat16" else 4

    def encode(self, texts: Sequence[str], advance: Advance) -> Vectors:
        """Unit vectors of `texts`, shape (len(texts), dimension)."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        longest_first = sorted(range(len(tokens)), key=lambda i: -len(tokens[i]))
        queue = self._openvino.AsyncInferQueue(self._model, self._streams + 1)

        def keep(request: Any, rows: list[int]) -> None:
            vectors[rows] = request.get_output_tensor(0).data
            advance(len(rows))

        queue.set_callback(keep)
        for start in range(0, len(longest_first), self._batch):
            rows = longest_first[start : start + self._batch]
            queue.start_async(padded([tokens[i] for i in rows]), rows)
        queue.wait_all()
        return vectors

    def _compiled(self, verdict: Path) -> tuple[str, Any]:
        """The precision with the compiled model; that bfloat16 agrees is checked once a processor."""
        if "BF16" not in self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            return "float32", self._compile("f32")
        processor = (
            self._core.get_property("CPU", "FULL_DEVICE_NAME") + f" OpenVINO {self._openvino.__version__}"
        )
        known = json.loads(verdict.read_text()) if verdict.exists() else {}
        if processor not in known:
            known[processor] = self._bfloat16_agrees()
            verdict.write_text(json.dumps(known))
        if known[processor]:
            return "bfloat16", self._compile("bf16")
        log.warning(
            "bfloat16 on this processor gives other vectors than float32: embedding in float32, more slowly"
        )
        return "float32", self._compile("f32")

    def _bfloat16_agrees(self) -> bool:
        vectors = []
        for precision in ("f32", "bf16"):
            self._model, self._batch = self._compile(precision), 4
            vectors.append(self.encode(CHECKED, lambda n: None))
        return agree(*vectors)

    def _compile(self, precision: str) -> Any:
        hints = {"PERFORMANCE_HINT": "THROUGHPUT", "NUM_STREAMS": self._streams,
                 "INFERENCE_NUM_THREADS": self._streams, "ENABLE_CPU_PINNING": False,
                 "INFERENCE_PRECISION_HINT": precision}  # fmt: skip
        return self._core.compile_model(self._graph, "CPU", hints)


class Plain:
    """sentence-transformers itself, for models that are no transformer with mean pooling."""

    precision = "as loaded"

    def __init__(self, model: "SentenceTransformer", batch: int) -> None:
        self._model = model
        self._batch = batch
        self.dimension = int(model.get_sentence_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str], advance: Advance) -> Vectors:
        """Unit vectors of `texts`, shape (len(texts), dimension)."""
        vectors = self._model.encode(
            list(texts), batch_size=self._batch, normalize_embeddings=True, show_progress_bar=False
        )
        advance(len(texts))
        return np.asarray(vectors, dtype=np.float32)


def padded(tokens: Sequence[Sequence[int]]) -> list[np.ndarray]:
    """Token ids and attention mask, both of shape (texts, longest)."""
    shape = len(tokens), max(map(len, tokens))
    ids, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for row, own in enumerate(tokens):
        ids[row, : len(own)] = own
        mask[row, : len(own)] = 1
    return [ids, mask]


def _quiet_openvino() -> Any:
    """OpenVINO without its telemetry, which would report every import; without that package it is silent."""
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # makes its import fail, as documented
    import openvino

    return openvino


def _convert(model: "SentenceTransformer", target: Path) -> Path:
    """Write the model for OpenVINO, with its tokenizer, to `target`, or where that fails to a folder in /tmp."""
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
