"""Models in torch: a transformer with mean pooling on a GPU, or any sentence-transformers model as it is.

The GPU never waits: tokens of the next part are made while it works on this one, batches are sorted by length and as
large as its memory allows, and nothing is waited for until a part is done.
"""

import logging
import shutil
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vectorstore.embedding.backends.base import PRECISION_TEXTS, Advance, Projection, agree, padded
from vectorstore.interfaces import Vectors

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer
    from tokenizers import Encoding

log = logging.getLogger(__name__)

PART_TEXTS = 4096
"""Texts that are tokenised, sorted and run together."""
MAX_BATCH_TOKENS = 1 << 17
"""Tokens a batch at most: beyond it a large GPU gains nothing."""
NUMBERS_A_TOKEN = 100
"""Numbers that a token takes at once, times the model's width: states, the wider middle, scores."""


def gpu_present() -> bool:
    """Whether torch finds a GPU that it can use; torch is asked only where a driver is installed."""
    if not (Path("/dev/nvidiactl").exists() or shutil.which("nvidia-smi")):
        return False  # importing torch to ask would cost seconds
    import torch

    return torch.cuda.is_available()


def is_mean_pooled(model: "SentenceTransformer") -> bool:
    """Whether the model is a transformer with mean pooling and unit length: what our own runtimes compute."""
    kinds = [type(module).__name__ for module in model]
    by_mean = len(kinds) > 1 and getattr(model[1], "pooling_mode", None) in ("mean", ("mean",), ["mean"])
    return kinds == ["Transformer", "Pooling", "Normalize"] and by_mean


class GpuBackend:
    """The model on its device, in half precision on a GPU where the vectors agree with float32 ones."""

    def __init__(self, model: "SentenceTransformer", projection: Projection | None = None) -> None:
        import torch

        self._torch = torch
        self._device = model.device
        self._encoder = model[0].auto_model.eval()
        self._tokenizer = model.tokenizer.backend_tokenizer
        self._tokenizer.enable_truncation(model.max_seq_length)
        self._tokenizer.no_padding()
        self.dimension = int(model.get_sentence_embedding_dimension() or 0)
        self.precision = "float32"
        self._projection = projection
        matrix = torch.empty(0) if projection is None else torch.from_numpy(projection.projection).T
        self._matrix = matrix.to(self._device)
        self._budget = self._fitting()
        if self._device.type == "cuda":
            self._halve()

    def encode(self, texts: Sequence[str], advance: Advance) -> Vectors:
        """Unit vectors of `texts`, shape (len(texts), dimension)."""
        return self._all(texts, advance, deeply=False)[0]

    def encode_with_tokens(self, texts: Sequence[str], advance: Advance) -> tuple[Vectors, list[bytes]]:
        """Unit vectors with what the projection keeps of each text's tokens."""
        return self._all(texts, advance, deeply=True)

    def _all(self, texts: Sequence[str], advance: Advance, *, deeply: bool) -> tuple[Vectors, list[bytes]]:
        parts = [list(texts[start : start + PART_TEXTS]) for start in range(0, len(texts), PART_TEXTS)]
        vectors, kept = [np.empty((0, self.dimension), dtype=np.float32)], []
        with ThreadPoolExecutor(1) as ahead, self._torch.inference_mode():
            coming = deque(ahead.submit(self._tokenizer.encode_batch, part) for part in parts)
            for part in parts:
                found, tokens = self._run(part, coming.popleft().result(), deeply=deeply)
                vectors.append(found)
                kept += tokens
                advance(len(part))
        return np.concatenate(vectors), kept

    def _run(
        self, texts: list[str], encodings: "list[Encoding]", *, deeply: bool
    ) -> tuple[Vectors, list[bytes]]:
        """One part; where the memory does not suffice, again in smaller batches."""
        try:
            return self._attempt(texts, encodings, deeply=deeply)
        except self._torch.OutOfMemoryError:
            longest = max(len(encoding.ids) for encoding in encodings)
            if self._budget <= longest:
                raise
        self._budget = max(self._budget // 2, longest)
        log.warning("the GPU's memory is short: going on with batches of %d tokens", self._budget)
        self._torch.cuda.empty_cache()
        return self._run(texts, encodings, deeply=deeply)

    def _attempt(
        self, texts: list[str], encodings: "list[Encoding]", *, deeply: bool
    ) -> tuple[Vectors, list[bytes]]:
        order: list[int] = []
        found, kept = [], [b""] * len(texts) if deeply else []
        for rows in self._batches([len(encoding.ids) for encoding in encodings]):
            own, tokens = self._forward(*padded([encodings[row].ids for row in rows]), deeply=deeply)
            order += rows
            found.append(own)
            if deeply and self._projection:
                for row, states in zip(rows, tokens.half().cpu().numpy(), strict=True):
                    states = states[: len(encodings[row].ids)].astype(np.float32)
                    kept[row] = self._projection.packed(texts[row], encodings[row], states)
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        vectors[order] = self._torch.cat(found).cpu().numpy()
        return vectors, kept

    def _batches(self, lengths: list[int]) -> Iterator[list[int]]:
        """Rows, longest first, in batches whose padded size stays within the budget."""
        rows = sorted(range(len(lengths)), key=lambda row: -lengths[row])
        start = 0
        while start < len(rows):
            size = max(1, self._budget // lengths[rows[start]])
            yield rows[start : start + size]
            start += size

    def _forward(
        self, ids: np.ndarray, mask: np.ndarray, *, deeply: bool = False
    ) -> tuple["torch.Tensor", "torch.Tensor"]:
        """Vectors, and with `deeply` the tokens' own vectors, else nothing in their place."""
        on_device = [self._sent(array) for array in (ids, mask)]
        found = self._encoder(
            input_ids=on_device[0], attention_mask=on_device[1], output_hidden_states=deeply
        )
        weights = on_device[1].unsqueeze(-1)
        summed = (found.last_hidden_state * weights).sum(1, dtype=self._torch.float32)
        vectors = self._torch.nn.functional.normalize(summed / weights.sum(1))
        if not deeply or self._projection is None:
            return vectors, vectors
        deep = self._torch.cat([found.hidden_states[layer] for layer in self._projection.layers], -1)
        return vectors, self._torch.nn.functional.normalize(deep.float() @ self._matrix, dim=-1)

    def _sent(self, array: np.ndarray) -> "torch.Tensor":
        tensor = self._torch.from_numpy(array)
        if self._device.type == "cuda":
            tensor = tensor.pin_memory()  # only such memory is copied while the GPU computes
        return tensor.to(self._device, non_blocking=True)

    def _halve(self) -> None:
        """Take half precision, unless its vectors are others."""
        exact = self.encode(PRECISION_TEXTS, lambda n: None)
        self._encoder.half()
        if agree(exact, self.encode(PRECISION_TEXTS, lambda n: None)):
            self.precision = "float16"
            self._budget = self._fitting()
        else:
            log.warning(
                "float16 on this GPU gives other vectors than float32: embedding in float32, more slowly"
            )
            self._encoder.float()

    def _fitting(self) -> int:
        """Tokens a batch that a third of the free memory holds."""
        if self._device.type != "cuda":
            return 1024
        free, _ = self._torch.cuda.mem_get_info(self._device)
        width = int(self._encoder.config.hidden_size) * int(self._encoder.dtype.itemsize)
        return max(1024, min(MAX_BATCH_TOKENS, int(free) // 3 // (NUMBERS_A_TOKEN * width)))


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

    def encode_with_tokens(self, texts: Sequence[str], advance: Advance) -> tuple[Vectors, list[bytes]]:
        """Such a model has no token vectors."""
        raise NotImplementedError


def pooled(model: "SentenceTransformer", projection: Projection | None) -> "torch.nn.Module":
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
