"""A local reader: a sequence classifier that says how likely a paragraph supports a sentence.

Takes what sentence-transformers' CrossEncoder loads: NLI models of two or three labels, MiniCheck's classifiers,
and scorers with a single output such as HHEM. It can confirm a sentence, never refute one. Off by default.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from qa.llm.models import ModelUnavailable
from qa.llm.streaming import Meter
from qa.verification.reading import Claim, Reading

MIN_CHANCE = 0.5
"""Chance of support from which a sentence counts as confirmed."""
_YES_RE = re.compile(r"^(?:entail\w*|support\w*|consistent|factual|true|faithful|label_1)$", re.IGNORECASE)


class EntailmentUnavailable(ModelUnavailable):
    """The checking model cannot be loaded; the message says what to do."""


class EntailmentReader:
    """Reads claims with the classifier of this name or folder."""

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

    def read(self, claims: Sequence[Claim], meter: Meter | None = None) -> list[Reading]:
        """The readings of some claims, each with its score."""
        pairs = [("\n".join(source.text for source in claim.sources), claim.sentence) for claim in claims]
        return [Reading(score >= MIN_CHANCE or None, score=score) for score in self._chances(pairs)]

    def _chances(self, pairs: list[tuple[str, str]]) -> list[float]:
        """The chance, 0 to 1, that each text supports its sentence."""
        if not pairs:
            return []
        from torch import nn

        raw: Any = self._model.predict(pairs, activation_fn=nn.Identity(), convert_to_numpy=True)
        scores = np.asarray(raw, np.float64)
        if self._yes is None:
            return [float(score) for score in 1 / (1 + np.exp(-scores.reshape(-1)))]
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        return [float(chance) for chance in odds[:, self._yes] / odds.sum(axis=1)]


def _yes_label(config: Any, name: str) -> int | None:
    """The label that says yes; None for a single score."""
    labels = {int(n): str(label) for n, label in (config.id2label or {}).items()}
    if len(labels) == 1:
        return None
    named = [n for n, label in labels.items() if _YES_RE.match(label)]
    if len(named) != 1:
        raise EntailmentUnavailable(
            f"REFTEL_NLI={name}: none of its labels ({', '.join(labels.values())}) says that a text bears a "
            "sentence out; give a classifier with a label such as entailment or supported"
        )
    return named[0]
