"""The question's side of late interaction: the embedder's network with trained corrections.

The corrections are small (two thin matrices for each large one) and are added when the network is converted for
this processor, once; after that neither torch nor the embedder's own network is needed to ask.
"""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vectorstore.embedding.backends.openvino import convert, load_model
from vectorstore.embedding.late_interaction import LateInteraction
from vectorstore.interfaces import EncodedQuery

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

MAX_QUERY_TOKENS = 80
"""Tokens of a question that are read; of a longer one the last, where a follow-up's own words stand."""


class QueryEncoder:
    """Reads questions; `folder` keeps the converted network, which `load()` gives where it is not there yet."""

    def __init__(
        self, folder: Path, load: "Callable[[], SentenceTransformer]", interaction: LateInteraction
    ) -> None:
        from tokenizers import Tokenizer

        if not (folder / "model.xml").exists():
            model = load()
            folder = convert(corrected(model, interaction.arrays), model, folder)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_QUERY_TOKENS, direction="left")
        self._tokenizer.no_padding()
        self._model = load_model(folder)
        self._reading = threading.Lock()

    def __call__(self, question: str) -> EncodedQuery:
        """The question as it is compared with passages."""
        ids = np.array([self._tokenizer.encode(question).ids], dtype=np.int64)
        with self._reading:  # the network holds one input at a time, and takes all cores for it
            vector, tokens, weights = (output[0] for output in self._model([ids, np.ones_like(ids)]).values())
        return EncodedQuery(vector, tokens, weights)


def corrected(model: "SentenceTransformer", arrays: Mapping[str, np.ndarray]) -> "torch.nn.Module":
    """The network with its corrections: ids and mask to the question's vector, token vectors and their weights."""
    import copy

    import torch

    given = {name: torch.from_numpy(array.astype(np.float32)) for name, array in arrays.items()}
    encoder = copy.deepcopy(model[0].auto_model).float()
    with torch.no_grad():
        for name, parameter in encoder.named_parameters():
            if name in given:
                parameter.copy_(given[name])
            elif f"{name}.left" in given:
                parameter.add_(given[f"{name}.left"] @ given[f"{name}.right"])

    class Question(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
            states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            tokens = torch.nn.functional.normalize(states @ given["question"].T, dim=-1)
            weights = torch.nn.functional.softplus(
                states @ given["importance.weight"] + given["importance.bias"]
            )
            weights = torch.cat(
                [torch.zeros_like(weights[:, :1]), weights[:, 1:]], dim=1
            )  # the first token is no word
            vector = torch.nn.functional.normalize(states.mean(1), dim=-1)
            return vector, tokens, weights / weights.sum(1, keepdim=True)

    return Question()
