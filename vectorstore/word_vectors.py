"""Words as the embedder reads them before context: its own vectors of word pieces, no forward pass."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np


class WordVectors:
    """Unit vectors of single words, from the weights and the tokenizer in an embedder's folder."""

    def __init__(self, folder: Path) -> None:
        from safetensors import safe_open
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        with safe_open(folder / "model.safetensors", "np") as weights:
            name = next(name for name in weights.keys() if name.endswith("word_embeddings.weight"))  # noqa: SIM118
            pieces = weights.get_tensor(name).astype(np.float32)
        # All pieces share a large common part that says nothing; without it similarities spread out.
        self._pieces = pieces - pieces[1000:].mean(axis=0)
        self._vector = lru_cache(maxsize=50_000)(self._compute)

    def __call__(self, words: Sequence[str]) -> np.ndarray:
        """Unit vectors, shape (words, dimension)."""
        return np.array([self._vector(word) for word in words])

    def _compute(self, word: str) -> np.ndarray:
        own = self._pieces[self._tokenizer.encode(word, add_special_tokens=False).ids].mean(axis=0)
        unit: np.ndarray = own / (np.linalg.norm(own) + 1e-9)
        return unit
