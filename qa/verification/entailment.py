"""An optional second opinion: a sequence classifier that must find a sentence in its paragraph, too.

Takes what sentence-transformers' CrossEncoder loads: NLI models of two or three labels, MiniCheck's classifiers,
and scorers with a single output such as HHEM. Off by default; the checks of words always run.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.llm.models import ModelUnavailable

if TYPE_CHECKING:
    pass

ENOUGH = 0.5
"""Chance that the source bears the sentence out, at least."""
_YES = re.compile(r"^(?:entail\w*|support\w*|consistent|factual|true|faithful|label_1)$", re.IGNORECASE)


class EntailmentUnavailable(ModelUnavailable):
    """The checking model cannot be loaded; the message says what to do."""


class Entailment:
    """Tells how likely a text bears a sentence out, by the model of this name or folder."""

    def __init__(self, name: str) -> None:
        """Load it. Raises EntailmentUnavailable where that cannot be done, or its labels say nothing."""
        from sentence_transformers import CrossEncoder

        try:
            self._model: CrossEncoder = CrossEncoder(name)
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            reason = next(iter(str(error).splitlines()), type(error).__name__)
            raise EntailmentUnavailable(
                f"REFTEL_NLI={name} cannot be loaded: {reason} Give a sequence classifier's folder, or a name "
                "with HF_HUB_OFFLINE=0; empty switches this check off."
            ) from error
        self._yes = _yes_label(self._model.model.config, name)

    def chance(self, sentence: str, texts: Sequence[str]) -> float:
        """The best chance, 0 to 1, that one of the texts bears the sentence out."""
        if not texts:
            return 0.0
        raw: Any = self._model.predict(
            [(text, sentence) for text in texts], activation_fn=_identity(), convert_to_numpy=True
        )
        scores = np.asarray(raw, np.float64)
        if self._yes is None:
            return float((1 / (1 + np.exp(-scores.reshape(-1)))).max())
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        return float((odds[:, self._yes] / odds.sum(axis=1)).max())


def _yes_label(config: Any, name: str) -> int | None:
    """The label that says yes; None for a single score."""
    labels = {int(n): str(label) for n, label in (config.id2label or {}).items()}
    if len(labels) == 1:
        return None
    named = [n for n, label in labels.items() if _YES.match(label)]
    if len(named) != 1:
        raise EntailmentUnavailable(
            f"REFTEL_NLI={name}: none of its labels ({', '.join(labels.values())}) says that a text bears a "
            "sentence out; give a classifier with a label such as entailment or supported"
        )
    return named[0]


def _identity() -> Any:
    from torch import nn

    return nn.Identity()
