"""Words as the embedder reads them before context: its own vectors of word pieces, no forward pass."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

MAX_CACHED_WORDS = 20_000
"""Words whose vectors are kept; they take 1.5 KB each."""


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
        self._known: dict[str, np.ndarray] = {}

    def __call__(self, words: Sequence[str]) -> np.ndarray:
        """Unit vectors, shape (words, dimension)."""
        found = {word: self._known.get(word) for word in words}
        new = [word for word, vector in found.items() if vector is None]
        if new:
            fresh = dict(zip(new, self._compute(new), strict=True))
            if len(self._known) + len(new) > MAX_CACHED_WORDS:
                self._known = {}
            self._known |= fresh
            found |= fresh
        return np.array([found[word] for word in words])

    def _compute(self, words: Sequence[str]) -> np.ndarray:
        pieces = [
            one.ids or [0] for one in self._tokenizer.encode_batch(list(words), add_special_tokens=False)
        ]
        counts = np.array([len(own) for own in pieces])
        every = self._pieces[[piece for own in pieces for piece in own]]
        means = np.add.reduceat(every, np.cumsum(counts) - counts) / counts[:, None]
        units: np.ndarray = means / (np.linalg.norm(means, axis=1, keepdims=True) + 1e-9)
        return units
