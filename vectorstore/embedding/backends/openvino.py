"""A model converted for OpenVINO, which runs it on a processor.

It takes bfloat16 where the processor is fast in it and the vectors agree with float32 ones, checked once a processor.
torch is loaded only once, to convert the model.
"""

import json
import logging
import tempfile
import threading
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorstore.embedding.backends.base import PRECISION_TEXTS, Advance, Projection, agree, cores, padded
from vectorstore.embedding.openvino_compat import import_openvino
from vectorstore.interfaces import Vectors

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)

_FIRST_INFERENCE = threading.Lock()


def compiled(core: Any, graph: Any, hints: dict[str, object]) -> Any:
    """A model, compiled and run once.

    OpenVINO's Python part sets itself up at the first inference, under a lock of its own; two threads that come there
    together block each other for good, one with that lock and one with Python's. So one thread goes first.
    """
    with _FIRST_INFERENCE:
        model = core.compile_model(graph, "CPU", hints)
        request = model.create_infer_request()
        request.infer(padded([[0]]), share_inputs=True)
        for number in range(len(graph.outputs)):
            request.get_output_tensor(number).data.sum()
    return model


class OpenVinoBackend:
    """A converted model on the processor: length-sorted small batches over one stream a core."""

    def __init__(self, folder: Path, projection: Projection | None = None) -> None:
        from tokenizers import Tokenizer

        openvino = import_openvino()
        self._projection = projection
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(json.loads((folder / "limits.json").read_text())["tokens"])
        self._tokenizer.no_padding()
        # One single-threaded stream a core: measured faster than all cores on one batch.
        self._streams = cores()
        self._core = openvino.Core()
        self._graph = self._core.read_model(folder / "model.xml")
        self.dimension = int(self._graph.output(0).get_partial_shape()[1].get_length())
        self._batch = 4
        hint = "f32"
        if "BF16" in self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            processor = (
                f"{self._core.get_property('CPU', 'FULL_DEVICE_NAME')} OpenVINO {openvino.__version__}"
            )
            hint = agreeing_precision(processor, folder / "precision.json", self._vectors_in)
        self.precision = {"f32": "float32", "bf16": "bfloat16"}[hint]
        self._model = self._compile(hint)
        # Larger batches fall out of the cache and pad more; bfloat16 halves what a batch takes of it.
        self._batch = 8 if hint == "bf16" else 4

    def encode(self, texts: Sequence[str], advance: Advance) -> Vectors:
        """Unit vectors of `texts`, shape (len(texts), dimension)."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]

        def keep(rows: list[int], outputs: list[np.ndarray]) -> None:
            vectors[rows] = outputs[0]
            advance(len(rows))

        self._run(tokens, keep)
        return vectors

    def encode_with_tokens(self, texts: Sequence[str], advance: Advance) -> tuple[Vectors, list[bytes]]:
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

    def _vectors_in(self, precision: str) -> Vectors:
        self._model = self._compile(precision)
        return self.encode(PRECISION_TEXTS, lambda n: None)

    def _compile(self, precision: str) -> Any:
        return compiled(
            self._core,
            self._graph,
            {
                "PERFORMANCE_HINT": "THROUGHPUT",
                "NUM_STREAMS": self._streams,
                "INFERENCE_NUM_THREADS": self._streams,
                "ENABLE_CPU_PINNING": False,
                "INFERENCE_PRECISION_HINT": precision,
            },
        )


def agreeing_precision(processor: str, verdicts: Path, vectors_in: Callable[[str], Vectors]) -> str:
    """`bf16` where its vectors of PRECISION_TEXTS agree with those of `f32`, else `f32`.

    The verdict is kept by processor in the file `verdicts`.
    """
    known = json.loads(verdicts.read_text()) if verdicts.exists() else {}
    if processor not in known:
        known[processor] = agree(vectors_in("f32"), vectors_in("bf16"))
        verdicts.write_text(json.dumps(known))
    if known[processor]:
        return "bf16"
    log.warning(
        "bfloat16 on this processor gives other vectors than float32: embedding in float32, more slowly"
    )
    return "f32"


def load_model(folder: Path) -> Any:
    """A converted model for single inputs, in float32: called with ids and mask it gives its outputs."""
    core = import_openvino().Core()
    hints = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": cores(),
        "INFERENCE_PRECISION_HINT": "f32",
    }
    return compiled(core, core.read_model(folder / "model.xml"), hints)


def convert(module: "torch.nn.Module", model: "SentenceTransformer", target: Path) -> Path:
    """Write a module over the model's tokens for OpenVINO, with its tokenizer, to `target`.

    Where that cannot be written, to a folder of its own; the folder that holds it is returned.
    """
    import torch

    openvino = import_openvino()
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
