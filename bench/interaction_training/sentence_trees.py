"""The trees that say which sentences answer: trained on questions that the comparison has not seen.

Of questions that it was trained on the comparison knows the sentences by heart, and the trees would learn
to trust it too much.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from vectorstore.query import Query
from vectorstore.retrieval.features import WordStatistics, features
from vectorstore.retrieval.reranker import LOGIT_WEIGHT
from vectorstore.retrieval.tree_ensemble import TreeEnsemble

from .measuring import Scored
from .questions import Example

ROUNDS, RATE = 120, 0.06
"""Trees of one model, and how much each corrects."""
LEAVES, SMALLEST, DECAY = 12, 30, 5.0
"""Of a tree: leaves at most, sentences in a leaf at least, and L2 on its leaves."""
SHARE = 0.3
"""Of the features, drawn again at every split: trees that differ err less together."""
MODELS = 2
"""Whose logits are averaged."""
FOLDS = 5
WORDS, PARAGRAPHS, FROM_ANOTHER = 120, 3, 8
"""Of an answer: words and paragraphs at most, and the words that naming another paragraph takes."""
NEAR = 2.0
"""Another paragraph's sentence is taken if its logit is so near to the best."""
BEHIND = 0.4
"""Without trees: weight of the logits by which its paragraph stands behind the best."""


@dataclass(frozen=True)
class EncodedQuery:
    """A question's sentences in the paragraphs that the trees look at."""

    cable: str
    columns: dict[str, np.ndarray]
    owner: np.ndarray
    lengths: np.ndarray
    right: np.ndarray
    """Whether a sentence answers."""
    wanted: int
    """Sentences that answer, those included that stand in no paragraph that is looked at."""


def run(
    examples: Sequence[Example],
    scored: Sequence[Sequence[Scored]],
    lexicon: WordStatistics,
    file: Path,
    seed: int,
) -> None:
    """Print figures over folds by cable, then train on all and write the file.

    `scored`: for each example its candidates, best first.
    """
    seen = [_asked(e, own[: Query.scored], lexicon) for e, own in zip(examples, scored, strict=True)]
    if not any(asked.right.any() for asked in seen):
        raise SystemExit(f"no question has its paragraph among the first {Query.scored}: no trees")
    _report(seen, seed)
    arrays = train(seen, seed)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        np.savez_compressed(out, **arrays)
    TreeEnsemble.load(file)
    print(f"{file}: {file.stat().st_size / 1e3:.0f} kB, {len(arrays['names'])} features", flush=True)


def train(seen: Sequence[EncodedQuery], seed: int) -> dict[str, np.ndarray]:
    """The file's arrays, from those questions of which a sentence that answers is looked at."""
    seen = [asked for asked in seen if asked.right.any()]
    names = list(seen[0].columns)
    inputs = np.concatenate([np.column_stack([asked.columns[name] for name in names]) for asked in seen])
    right = np.concatenate([asked.right for asked in seen])
    models = [
        HistGradientBoostingClassifier(
            random_state=seed + n,
            max_iter=ROUNDS,
            learning_rate=RATE,
            max_leaf_nodes=LEAVES,
            min_samples_leaf=SMALLEST,
            l2_regularization=DECAY,
            max_features=SHARE,
        ).fit(inputs.astype(np.float32), right)
        for n in range(MODELS)
    ]
    return {**_arrays(models), "names": np.array(names)}


def _arrays(models: Sequence[HistGradientBoostingClassifier]) -> dict[str, np.ndarray]:
    """The models' trees as `vectorstore.retrieval.tree_ensemble.Trees` reads them."""
    trees = [round[0].nodes for model in models for round in model._predictors]
    shape = len(trees), max(map(len, trees))
    found = {
        "feature": np.full(shape, -1, np.int16),
        "threshold": np.zeros(shape, np.float32),
        "left": np.zeros(shape, np.int16),
        "right": np.zeros(shape, np.int16),
        "value": np.zeros(shape, np.float32),
    }
    for tree, nodes in enumerate(trees):
        own, leaf = np.s_[tree, : len(nodes)], nodes["is_leaf"].astype(bool)
        found["feature"][own] = np.where(leaf, -1, nodes["feature_idx"])
        found["threshold"][own] = np.where(leaf, 0, nodes["num_threshold"])
        found["left"][own], found["right"][own] = nodes["left"], nodes["right"]
        found["value"][own] = np.where(leaf, nodes["value"], 0) / len(models)
    found["start"] = np.float32(np.mean([np.ravel(model._baseline_prediction)[0] for model in models]))
    return found


def _asked(example: Example, scored: Sequence[Scored], lexicon: WordStatistics) -> EncodedQuery:
    right = {c.evidence.key for c in example.candidates if c.paragraph == example.right}
    candidates, logits = zip(*scored, strict=True)
    places = [(n, e.key, one) for n, e in enumerate(candidates) for one in e.sentences]
    return EncodedQuery(
        example.cable,
        features(example.question, candidates, np.concatenate(logits), lexicon),
        np.array([n for n, _, _ in places]),
        np.array([len(one.piece.text.split()) for _, _, one in places]),
        np.array([key in right and one.place in example.answers for _, key, one in places]),
        len(example.answers),
    )


def _report(seen: Sequence[EncodedQuery], seed: int) -> None:
    """How well sentences are chosen by trees that have not seen the question's cable, and without one."""
    cables = sorted({asked.cable for asked in seen})
    random.Random(seed).shuffle(cables)
    fold = {cable: n % FOLDS for n, cable in enumerate(cables)}
    found: list[tuple[EncodedQuery, np.ndarray]] = []
    for n in range(FOLDS):
        others = [asked for asked in seen if fold[asked.cable] != n]
        if any(asked.right.any() for asked in others):  # of a few questions all may be in one fold
            arrays = train(others, seed)
            trees = TreeEnsemble([*arrays.pop("names")], arrays)
            own = [asked for asked in seen if fold[asked.cable] == n]
            found += [(asked, _logits(trees(asked.columns))) for asked in own]
    if found:
        _print("comparison's sentences", [(asked, _compared(asked)) for asked, _ in found])
        _print("trees' sentences", found)


def _logits(chances: np.ndarray) -> np.ndarray:
    chances = np.clip(chances, 1e-9, 1 - 1e-9)
    return np.log(chances / (1 - chances))


def _compared(asked: EncodedQuery) -> np.ndarray:
    return asked.columns["logit"] + BEHIND / LOGIT_WEIGHT * asked.columns["score below best"]


def _print(name: str, found: Sequence[tuple[EncodedQuery, np.ndarray]]) -> None:
    best = np.mean([asked.right[logits.argmax()] for asked, logits in found])
    share = np.mean([asked.right[_answer(asked, logits)].sum() / asked.wanted for asked, logits in found])
    print(
        f"{name:34} the best answers {best:.3f}  of those that answer in {WORDS} words {share:.3f}  "
        f"({len(found)} questions)",
        flush=True,
    )


def _answer(asked: EncodedQuery, logits: np.ndarray) -> list[int]:
    """Numbers of the sentences that an answer would say, best first."""
    chosen: list[int] = []
    left = WORDS
    for n in np.argsort(-logits):
        paragraphs = {asked.owner[m] for m in chosen}
        cost = asked.lengths[n] + 1
        if asked.owner[n] not in paragraphs:
            if len(paragraphs) == PARAGRAPHS or (chosen and logits[n] < logits.max() - NEAR):
                continue
            cost += FROM_ANOTHER
        if not chosen or cost <= left:
            chosen.append(n)
            left -= cost
    return chosen
