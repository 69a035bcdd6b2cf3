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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from vectorstore.interfaces import Vectors

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer
    from tokenizers import Encoding

log = logging.getLogger(__name__)

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


class Projection(Protocol):
    """What is kept of a passage's tokens, beside its vector."""

    @property
    def layers(self) -> tuple[int, ...]:
        """Layers whose states are taken, one behind the other."""

    @property
    def projection(self) -> np.ndarray:
        """Shape (numbers kept, layers × width)."""

    def packed(self, text: str, encoding: "Encoding", vectors: np.ndarray) -> bytes:
        """What is kept of a text whose tokens have these unit vectors, shape (tokens, numbers kept)."""


class Backend(Protocol):
    """What runs the model: texts in any order to unit vectors in the same order."""

    dimension: int
    precision: str
    """The number format, in words for docs and benches."""

    def encode(self, texts: Sequence[str], advance: Advance) -> Vectors:
        """Unit vectors of `texts`, shape (len(texts), dimension); `advance(n)` is told of each n done."""

    def read(self, texts: Sequence[str], advance: Advance) -> tuple[Vectors, list[bytes]]:
        """The same with what is kept of each text's tokens, where the runtime was made with a projection."""


def gpu_present() -> bool:
    """Whether torch finds a GPU that it can use; torch is asked only where a driver is installed."""
    if not (Path("/dev/nvidiactl").exists() or shutil.which("nvidia-smi")):
        return False  # importing torch to ask would cost seconds
    import torch

    return torch.cuda.is_available()


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_gpu(model: "SentenceTransformer", projection: Projection | None = None) -> Backend:
    """The model on the GPU, in half precision where its vectors agree with float32 ones."""
    from vectorstore.embedding.gpu import GpuBackend

    return (
        GpuBackend(model, projection)
        if pooled_by_mean(model)
        else SentenceTransformersBackend(model, batch=256)
    )


def on_processor(
    converted: Path, load: Callable[[], "SentenceTransformer"], projection: Projection | None = None
) -> Backend:
    """The model on the processor: from the folder `converted`, where `load()` is converted to if need be."""
    if not (converted / "model.xml").exists():
        model = load()
        if not pooled_by_mean(model):
            return SentenceTransformersBackend(model, batch=4)
        converted = convert(_pooled(model, projection), model, converted)
    return OpenVinoBackend(converted, projection)


def agree(one: Vectors, other: Vectors) -> bool:
    """Whether unit vectors are so near to each other that retrieval cannot tell them apart."""
    return bool(np.all(np.sum(one * other, axis=1) >= AGREEMENT))


def pooled_by_mean(model: "SentenceTransformer") -> bool:
    """Whether the model is a transformer with mean pooling and unit length: what our own runtimes compute."""
    kinds = [type(module).__name__ for module in model]
    by_mean = len(kinds) > 1 and getattr(model[1], "pooling_mode", None) in ("mean", ("mean",), ["mean"])
    return kinds == ["Transformer", "Pooling", "Normalize"] and by_mean


class OpenVinoBackend:
    """A converted model on the processor: length-sorted small batches over one stream a core."""

    def __init__(self, folder: Path, projection: Projection | None = None) -> None:
        from tokenizers import Tokenizer

        self._openvino = quiet_openvino()
        self._projection = projection
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

        def keep(rows: list[int], outputs: list[np.ndarray]) -> None:
            vectors[rows] = outputs[0]
            advance(len(rows))

        self._run(tokens, keep)
        return vectors

    def read(self, texts: Sequence[str], advance: Advance) -> tuple[Vectors, list[bytes]]:
        """Unit vectors with what the projection keeps of each text's tokens."""
        assert self._projection is not None
        projection = self._projection
        vectors, kept = np.empty((len(texts), self.dimension), dtype=np.float32), [b""] * len(texts)
        encodings = self._tokenizer.encode_batch(list(texts))

        def keep(rows: list[int], outputs: list[np.ndarray]) -> None:
            vectors[rows] = outputs[0]
            for row, tokens in zip(rows, outputs[1], strict=True):
                kept[row] = projection.packed(texts[row], encodings[row], tokens[: len(encodings[row].ids)])
            advance(len(rows))

        self._run([encoding.ids for encoding in encodings], keep)
        return vectors, kept

    def _run(self, tokens: list[list[int]], keep: Callable[[list[int], list[np.ndarray]], None]) -> None:
        """Run texts in batches, longest first; `keep` is given the rows of each with the model's outputs.

        Threads of our own, not OpenVINO's callbacks: those need the interpreter's lock when they end, and what
        waited for them while holding it hung or aborted at exit.
        """
        longest_first = sorted(range(len(tokens)), key=lambda i: -len(tokens[i]))
        batches = iter([longest_first[i : i + self._batch] for i in range(0, len(tokens), self._batch)])
        outputs = len(self._graph.outputs)

        def work() -> None:
            request = self._model.create_infer_request()
            for rows in batches:
                request.infer(padded([tokens[i] for i in rows]), share_inputs=True)
                keep(rows, [request.get_output_tensor(n).data for n in range(outputs)])

        # One more than streams, so that none waits while a batch is prepared or kept.
        with ThreadPoolExecutor(self._streams + 1) as threads:
            for done in [threads.submit(work) for _ in range(self._streams + 1)]:
                done.result()

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


class SentenceTransformersBackend:
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

    def read(self, texts: Sequence[str], advance: Advance) -> tuple[Vectors, list[bytes]]:
        """Such a model keeps nothing of tokens."""
        raise NotImplementedError


def padded(tokens: Sequence[Sequence[int]]) -> list[np.ndarray]:
    """Token ids and attention mask, both of shape (texts, longest)."""
    shape = len(tokens), max(map(len, tokens))
    ids, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for row, own in enumerate(tokens):
        ids[row, : len(own)] = own
        mask[row, : len(own)] = 1
    return [ids, mask]


def load_graph(folder: Path) -> Any:
    """A converted module to be run on single inputs, in float32: called with its inputs it gives its outputs."""
    core = quiet_openvino().Core()
    hints = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": cores(),
        "INFERENCE_PRECISION_HINT": "f32",
    }
    return core.compile_model(core.read_model(folder / "model.xml"), "CPU", hints)


def quiet_openvino() -> Any:
    """OpenVINO without its telemetry, which would report every import; without that package it is silent."""
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # makes its import fail, as documented
    import openvino

    return openvino


def _pooled(model: "SentenceTransformer", projection: Projection | None) -> "torch.nn.Module":
    """The model as one module: tokens to the mean of their last states, at unit length, and with a projection
    to the tokens' own vectors."""
    import torch

    matrix = torch.empty(0) if projection is None else torch.from_numpy(projection.projection).T

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = model[0].model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
            found = self.encoder(
                input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True
            )
            states = found.last_hidden_state
            weights = attention_mask.unsqueeze(-1).to(states.dtype)
            vector = torch.nn.functional.normalize((states * weights).sum(1) / weights.sum(1))
            if projection is None:
                return (vector,)
            deep = torch.cat([found.hidden_states[layer] for layer in projection.layers], -1)
            return vector, torch.nn.functional.normalize(deep @ matrix, dim=-1)

    return Pooled()


def convert(module: "torch.nn.Module", model: "SentenceTransformer", target: Path) -> Path:
    """Write a module over the model's tokens for OpenVINO, with its tokenizer, to `target`.

    Where that cannot be written, to a folder of its own; the folder that holds it is returned.
    """
    import torch

    openvino = quiet_openvino()
    log.info("converting %s for this processor, once", target.name)
    example = {name: torch.ones(2, 8, dtype=torch.long) for name in ("input_ids", "attention_mask")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns about branches that do not depend on the text
        converted = openvino.convert_model(module.eval(), example_input=example)
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
