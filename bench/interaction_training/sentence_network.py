"""The network that says which sentences answer: trained on questions that the comparison has not seen.

Of questions that it was trained on the comparison knows the sentences by heart, and the network would learn
to trust it too much.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from vectorstore.features import Lexicon
from vectorstore.reranker import SENTENCES_OF, WEIGHT, Network, columns, owners

from .measuring import Scored
from .questions import Example

NETWORKS, HIDDEN = 4, 12
ROUNDS, BATCH = 20, 32
RATE, DECAY, DROPOUT = 3e-3, 3e-2, 0.2
LISTWISE = 0.3
"""Of the loss of a question's sentences against each other, beside that of each by itself."""
FOLDS = 5
WORDS, PARAGRAPHS, FROM_ANOTHER = 120, 3, 8
"""Of an answer: words and paragraphs at most, and the words that naming another paragraph takes."""
NEAR = 2.0
"""Another paragraph's sentence is taken if its logit is so near to the best."""
BEHIND = 0.4
"""Without the network: weight of the logits by which its paragraph stands behind the best."""


@dataclass(frozen=True)
class Asked:
    """A question's sentences in the paragraphs that the network looks at."""

    cable: str
    columns: dict[str, np.ndarray]
    owner: np.ndarray
    lengths: np.ndarray
    right: np.ndarray
    """Whether a sentence answers."""
    wanted: int
    """Sentences that answer, those included that stand in no paragraph that is looked at."""


def run(
    examples: Sequence[Example], scored: Sequence[Sequence[Scored]], lexicon: Lexicon, file: Path, seed: int
) -> None:
    """Print figures over folds by cable, then train on all and write the file.

    `scored`: for each example its candidates, best first.
    """
    seen = [_asked(e, own[:SENTENCES_OF], lexicon) for e, own in zip(examples, scored, strict=True)]
    if not any(asked.right.any() for asked in seen):
        raise SystemExit(f"no question has its paragraph among the first {SENTENCES_OF}: no sentence network")
    _report(seen, seed)
    arrays = train(seen, seed)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        np.savez_compressed(out, **arrays)
    Network.load(file)
    print(f"{file}: {file.stat().st_size / 1e3:.0f} kB, {len(arrays['names'])} features", flush=True)


def train(seen: Sequence[Asked], seed: int) -> dict[str, np.ndarray]:
    """The file's arrays, from those questions of which a sentence that answers is looked at."""
    torch.manual_seed(seed)
    seen = [asked for asked in seen if asked.right.any()]
    names = list(seen[0].columns)
    inputs = [np.column_stack([asked.columns[name] for name in names]) for asked in seen]
    together = np.concatenate(inputs).astype(float)
    mean, scale = together.mean(0).astype(np.float32), (together.std(0) + 1e-6).astype(np.float32)
    data = [
        (torch.from_numpy(np.clip((x - mean) / scale, -5, 5)).float(), torch.from_numpy(asked.right).float())
        for x, asked in zip(inputs, seen, strict=True)
    ]
    weights = _start(len(names))
    optimizer = torch.optim.AdamW(weights.values(), lr=RATE, weight_decay=DECAY)
    for _ in range(ROUNDS):
        for batch in torch.randperm(len(data)).split(BATCH):
            loss = _loss(weights, [data[n] for n in batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    trained = {name: weight.detach().numpy() for name, weight in weights.items()}
    return {**trained, "mean": mean, "scale": scale, "names": np.array(names)}


def _start(features: int) -> dict[str, torch.nn.Parameter]:
    """By the names under which `vectorstore.reranker.Network` looks for them."""
    start = {
        "first": torch.randn(NETWORKS, features, HIDDEN) / features**0.5,
        "first bias": torch.zeros(NETWORKS, HIDDEN),
        "last": torch.randn(NETWORKS, HIDDEN) / HIDDEN**0.5,
        "last bias": torch.full((NETWORKS,), -2.0),  # few sentences answer
        "linear": torch.zeros(NETWORKS, features),
    }
    return {name: torch.nn.Parameter(tensor) for name, tensor in start.items()}


def _loss(
    weights: dict[str, torch.nn.Parameter], batch: Sequence[tuple[torch.Tensor, torch.Tensor]]
) -> torch.Tensor:
    x, right = (torch.cat(parts) for parts in zip(*batch, strict=True))
    hidden = torch.einsum("sf,nfh->nsh", x, weights["first"]) + weights["first bias"][:, None]
    hidden = functional.dropout(torch.relu(hidden), DROPOUT)
    logits = torch.einsum("nsh,nh->ns", hidden, weights["last"]) + weights["last bias"][:, None]
    logits = logits + weights["linear"] @ x.T
    loss = functional.binary_cross_entropy_with_logits(logits, right.expand_as(logits))
    parts = logits.split([len(answers) for _, answers in batch], 1)
    for own, (_, answers) in zip(parts, batch, strict=True):
        share = torch.logsumexp(own[:, answers > 0], 1) - torch.logsumexp(own, 1)
        loss = loss - LISTWISE / len(batch) * share.mean()
    return loss


def _asked(example: Example, scored: Sequence[Scored], lexicon: Lexicon) -> Asked:
    right = {c.evidence.key for c in example.candidates if c.paragraph == example.right}
    candidates, pieces, logits = zip(*scored, strict=True)
    places = [(e.key, n) for e, own in zip(candidates, pieces, strict=True) for n in range(len(own))]
    return Asked(
        example.cable,
        columns(example.question, candidates, pieces, np.concatenate(logits), lexicon),
        owners(pieces),
        np.array([len(piece.text.split()) for own in pieces for piece in own]),
        np.array([key in right and n in example.answers for key, n in places]),
        len(example.answers),
    )


def _report(seen: Sequence[Asked], seed: int) -> None:
    """How well sentences are chosen by networks that have not seen the question's cable, and without one."""
    cables = sorted({asked.cable for asked in seen})
    random.Random(seed).shuffle(cables)
    fold = {cable: n % FOLDS for n, cable in enumerate(cables)}
    found: list[tuple[Asked, np.ndarray]] = []
    for n in range(FOLDS):
        others = [asked for asked in seen if fold[asked.cable] != n]
        if any(asked.right.any() for asked in others):  # of a few questions all may be in one fold
            arrays = train(others, seed)
            network = Network([*arrays.pop("names")], arrays)
            own = [asked for asked in seen if fold[asked.cable] == n]
            found += [(asked, _logits(network(asked.columns))) for asked in own]
    if found:
        _print("comparison's sentences", [(asked, _compared(asked)) for asked, _ in found])
        _print("sentence network's", found)


def _logits(chances: np.ndarray) -> np.ndarray:
    chances = np.clip(chances, 1e-9, 1 - 1e-9)
    return np.log(chances / (1 - chances))


def _compared(asked: Asked) -> np.ndarray:
    return asked.columns["logit"] + BEHIND / WEIGHT * asked.columns["score below best"]


def _print(name: str, found: Sequence[tuple[Asked, np.ndarray]]) -> None:
    best = np.mean([asked.right[logits.argmax()] for asked, logits in found])
    share = np.mean([asked.right[_answer(asked, logits)].sum() / asked.wanted for asked, logits in found])
    print(f"{name:34} the best answers {best:.3f}  of those that answer in {WORDS} words {share:.3f}  "
          f"({len(found)} questions)", flush=True)  # fmt: skip


def _answer(asked: Asked, logits: np.ndarray) -> list[int]:
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
