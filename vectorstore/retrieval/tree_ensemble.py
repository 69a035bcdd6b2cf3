"""Inference of boosted decision trees: columns of features in, a chance for each row out."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np


class TreeEnsemble:
    """Trees whose leaves are summed to a logit. All are walked at once, a level a step.

    Arrays of shape (trees, nodes): `feature` (index among the names, -1 in a leaf), `threshold`, `left`
    (the next node where the feature is not above the threshold), `right` and `value` (of a leaf, else 0);
    `start` is the logit before any tree.
    """

    def __init__(self, names: Sequence[str], arrays: Mapping[str, np.ndarray]) -> None:
        self.names = list(names)
        trees, nodes = arrays["feature"].shape
        self._roots = np.arange(trees) * nodes
        own = np.arange(trees * nodes)
        leaf = arrays["feature"].ravel() < 0
        self._feature = np.where(leaf, 0, arrays["feature"].ravel())
        self._threshold = arrays["threshold"].ravel()
        left, right = (
            np.where(leaf, own, (self._roots[:, None] + arrays[side]).ravel()) for side in ("left", "right")
        )
        # Of node n the next one stands at 2n, or at 2n + 1 above the threshold; a leaf's is the leaf itself.
        self._next = np.column_stack([left, right]).ravel()
        self._value, self._start = arrays["value"].ravel(), float(arrays["start"])

    @classmethod
    def load(cls, path: Path) -> "TreeEnsemble":
        """Read trained trees (.npz); no code in the file is run. Raises OSError, ValueError."""
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        return cls([str(name) for name in arrays.pop("names")], arrays)

    def __call__(self, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """The chance of each row, from 0 to 1, shape (rows,)."""
        rows = np.column_stack([columns[name] for name in self.names])
        starts = (np.arange(len(rows)) * rows.shape[1])[:, None]
        values = rows.ravel()
        node, before = np.broadcast_to(self._roots, (len(rows), len(self._roots))), None
        while before is None or (node != before).any():
            above = values[starts + self._feature[node]] > self._threshold[node]
            node, before = self._next[2 * node + above], node
        chances: np.ndarray = 1 / (1 + np.exp(-(self._start + self._value[node].sum(axis=1))))
        return chances
