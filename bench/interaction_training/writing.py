"""The student as the file that ships: what differs from the stock network, in thin matrices."""

from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from sentence_transformers import SentenceTransformer

from .student import Student

RANK = 32
"""Of the change of a matrix; 16 and 64 measured no different (vectorstore/weights/README.md)."""


def arrays(student: Student, model: SentenceTransformer) -> dict[str, np.ndarray]:
    """What was trained, by the names under which `vectorstore.embedding.query_encoder` looks for it."""
    stock = dict(model[0].auto_model.named_parameters())
    found = {
        "question": _half(student.question.weight),
        "passage": _half(student.passage.weight),
        "importance.weight": _array(student.importance.weight[0]),
        "importance.bias": _array(student.importance.bias),
        "scale": _array(student.scale),
    }
    for name, tuned in student.encoder.named_parameters():
        if not tuned.requires_grad or name.startswith("pooler."):
            continue
        if tuned.ndim == 1:
            found[name] = _half(tuned)
        else:
            found[f"{name}.left"], found[f"{name}.right"] = map(
                _half, _thin(tuned - stock[name].to(tuned.device))
            )
    return found


def write(found: dict[str, np.ndarray], file: Path) -> None:
    """Write the arrays to a file, in place of what is there only when it is whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    save_file(found, part)
    part.replace(file)


@torch.no_grad()
def _thin(change: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The two matrices of RANK whose product is nearest to a change, alike in size."""
    left, sizes, right = torch.linalg.svd(change.float(), full_matrices=False)
    root = sizes[:RANK].sqrt()
    return left[:, :RANK] * root, root[:, None] * right[:RANK]


def _array(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().float().cpu().contiguous().numpy()


def _half(tensor: torch.Tensor) -> np.ndarray:
    return _array(tensor).astype(np.float16)
