"""Decision trees are walked as they were trained."""

from pathlib import Path

import numpy as np
import pytest

from vectorstore.retrieval.tree_ensemble import TreeEnsemble

ARRAYS = {
    # One tree asks for b at 0.5, then on its right for a at 2; the other is a single leaf.
    "feature": np.array([[1, -1, 0, -1, -1], [-1, -1, -1, -1, -1]], np.int16),
    "threshold": np.array([[0.5, 0, 2, 0, 0], [0] * 5], np.float32),
    "left": np.array([[1, 0, 3, 0, 0], [0] * 5], np.int16),
    "right": np.array([[2, 0, 4, 0, 0], [0] * 5], np.int16),
    "value": np.array([[0, -1, 0, 1, 3], [0.25, 0, 0, 0, 0]], np.float32),
    "start": np.float32(-0.5),
}


def logits(chances: np.ndarray) -> list[float]:
    return [round(float(x), 4) for x in np.log(chances / (1 - chances))]


def test_each_row_takes_the_leaf_to_which_its_features_lead_and_trees_add_up() -> None:
    trees = TreeEnsemble(["a", "b"], ARRAYS)
    columns = {"b": np.array([0.5, 0.6, 0.6, 9]), "a": np.array([9, 2, 2.1, -1])}
    assert logits(trees(columns)) == [-1.25, 0.75, 2.75, 0.75]


def test_trees_are_read_from_their_file_and_no_code_is_run(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.npz", tmp_path / "bad.npz"
    np.savez(good, names=np.array(["a", "b"]), **ARRAYS)
    np.savez(bad, names=np.array([object()]), **ARRAYS)
    assert TreeEnsemble.load(good).names == ["a", "b"]
    with pytest.raises(ValueError, match="allow_pickle"):
        TreeEnsemble.load(bad)
