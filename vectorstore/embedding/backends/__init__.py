"""What runs a sentence-transformers model: torch on a GPU, OpenVINO on a processor. Measured in docs/speed.md.

`base` holds the interface of both, `openvino` and `torch` one implementation each.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.embedding.backends.base import Backend, Projection

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


def gpu_backend(model: "SentenceTransformer", projection: Projection | None = None) -> Backend:
    """The model on the GPU, in half precision where its vectors agree with float32 ones."""
    from vectorstore.embedding.backends import torch

    if torch.is_mean_pooled(model):
        return torch.GpuBackend(model, projection)
    return torch.SentenceTransformersBackend(model, batch=256)


def processor_backend(
    converted: Path, load: Callable[[], "SentenceTransformer"], projection: Projection | None = None
) -> Backend:
    """The model on the processor: from the folder `converted`, into which `load()` is converted if need be."""
    from vectorstore.embedding.backends import openvino

    if not (converted / "model.xml").exists():
        from vectorstore.embedding.backends import torch

        model = load()
        if not torch.is_mean_pooled(model):
            return torch.SentenceTransformersBackend(model, batch=4)
        converted = openvino.convert(torch.pooled(model, projection), model, converted)
    return openvino.OpenVinoBackend(converted, projection)
