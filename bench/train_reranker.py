"""Train the reranker again: `python bench/train_reranker.py QUESTIONS --data DIR`.

QUESTIONS is a JSONL file of {"question", "cable", "paragraph", "sentences", "answer_sentences"}; DIR an
archive that holds their cables. Each question is asked of the archive's own retriever; the sentences of its
first candidates are the examples, those that answer the positives, all others hard negatives. A question's
own paragraph may be missing among them: then there is nothing to learn from it. Networks are compared by
cross-validation over cables, then trained on all and written to models/reranker/weights.npz. Seeded.
"""

import argparse
import json
import os
import pickle
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
import torch

torch.set_num_threads(1)  # batches are small: more threads only wait for each other

HIDDEN, NETWORKS, FOLDS = 32, 4, 4
EPOCHS, RATE, DECAY, DROP = 24, 3e-3, 1e-2, 0.2
BATCH = 64
WEIGHTS = (0.0, 0.3, 0.5, 1.0, 2.0, 4.0)


class Example(NamedTuple):
    """One question: features (sentences, columns), which sentences answer, the paragraph of each, its scores."""

    group: str
    features: np.ndarray
    answers: np.ndarray
    owner: np.ndarray
    scores: np.ndarray
    gold: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--examples", type=Path, help="keep the collected examples here, or take them from here")
    parser.add_argument("--vector-cache", type=Path, help="vectors of sentences that are known already")
    options = parser.parse_args()
    if options.examples and options.examples.exists():
        names, examples = pickle.loads(options.examples.read_bytes())
    else:
        names, examples = collect(options.questions, options.data, options.vector_cache)
        if options.examples:
            options.examples.write_bytes(pickle.dumps((names, examples)))
    print(f"{len(examples)} questions, {sum(e.gold >= 0 for e in examples)} with their paragraph among the candidates")
    weight = cross_validated(examples)
    arrays = train(examples, seed=0)
    target = Path(__file__).parents[1] / "models" / "reranker" / "weights.npz"
    np.savez_compressed(target, names=np.array(names), weight=np.float32(weight), **arrays)
    print(f"written to {target.name}: {target.stat().st_size / 1024:.0f} KiB, weight {weight}")


def collect(file: Path, data: Path, cache: Path | None) -> tuple[list[str], list[Example]]:
    """Ask every question of the archive's retriever (without the reranker) and look at its candidates."""
    from qa.scope import read_hints
    from vectorstore.archive import open_archive
    from vectorstore.clearance import EVERYTHING
    from vectorstore.embeddings import DEFAULT_EMBEDDER
    from vectorstore.reranker import DEPTH, inputs, lexicon
    from vectorstore.retriever import Retriever, Search

    archive = open_archive(data, DEFAULT_EMBEDDER, cache)
    view = archive.view(EVERYTHING)
    retriever, known = Retriever(archive=archive, view=view, reranker=None), lexicon(archive.paragraph_words)
    names: list[str] = []
    examples: list[Example] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not view.contains([row["cable"]]):
            continue
        found = retriever.search(Search(row["question"], hints=read_hints(row["question"], view), limit=DEPTH))
        columns = inputs(row["question"], found, archive.embedder, known)
        names = list(columns)
        examples.append(example(row, found, np.column_stack(list(columns.values()))))
        if len(examples) % 200 == 0:
            print(f"{len(examples)} questions asked", flush=True)
    return names, examples


def example(row: dict[str, Any], found: Sequence[Any], features: np.ndarray) -> Example:
    """A question's example; sentences are matched by their words, since splitters differ."""
    from cables.text import sentences

    wanted = [words(row["sentences"][n - 1]) for n in row["answer_sentences"] if 0 < n <= len(row["sentences"])]
    owner, answers, gold = [], [], -1
    for n, evidence in enumerate(found):
        own = (evidence.cable_id, evidence.number) == (row["cable"], row["paragraph"])
        gold = n if own else gold
        for piece in sentences(evidence.text):
            owner.append(n)
            answers.append(own and any(alike(words(piece.text), other) for other in wanted))
    scores = np.array([e.score / (found[0].score or 1.0) for e in found])
    return Example(row["cable"], features, np.array(answers, dtype=bool), np.array(owner), scores, gold)


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower()))


def alike(one: set[str], other: set[str]) -> bool:
    shared = len(one & other)
    return shared >= 0.6 * min(len(one), len(other)) and shared >= 0.4 * max(len(one), len(other))


def train(examples: Sequence[Example], seed: int) -> dict[str, np.ndarray]:
    """Networks of one hidden layer, together: per question a softmax over all sentences, and a sigmoid each."""
    torch.manual_seed(seed)
    usable = [e for e in examples if e.answers.any()]
    everything = np.concatenate([e.features for e in usable])
    mean, scale = everything.mean(axis=0), everything.std(axis=0) + 1e-6
    inputs = torch.tensor(np.clip((everything - mean) / scale, -5, 5), dtype=torch.float32)
    target = torch.tensor(np.concatenate([e.answers for e in usable]), dtype=torch.float32)
    slices = np.split(np.arange(len(everything)), np.cumsum([len(e.answers) for e in usable])[:-1])
    columns = inputs.shape[1]
    first = torch.nn.Parameter(torch.randn(NETWORKS, columns, HIDDEN) / columns**0.5)
    last = torch.nn.Parameter(torch.randn(NETWORKS, HIDDEN) / HIDDEN**0.5)
    first_bias, last_bias = torch.nn.Parameter(torch.zeros(NETWORKS, HIDDEN)), torch.nn.Parameter(torch.full((NETWORKS,), -2.0))
    optimiser = torch.optim.AdamW([first, last, first_bias, last_bias], lr=RATE, weight_decay=DECAY)
    for _ in range(EPOCHS):
        for part in torch.randperm(len(usable)).split(BATCH):
            chosen = [slices[n] for n in part]
            rows = torch.from_numpy(np.concatenate(chosen))
            q = torch.from_numpy(np.repeat(np.arange(len(chosen)), [len(own) for own in chosen]))
            x, y = inputs[rows], target[rows]
            hidden = torch.relu(torch.einsum("sf,nfh->nsh", x, first) + first_bias[:, None])
            hidden = torch.nn.functional.dropout(hidden, DROP)
            logits = torch.einsum("nsh,nh->ns", hidden, last) + last_bias[:, None]
            loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, y.expand_as(logits))
            optimiser.zero_grad()
            (loss + 0.02 * listwise(logits, y, q, len(part))).backward()
            optimiser.step()
    parts = {"first": first, "first bias": first_bias, "last": last, "last bias": last_bias}
    arrays = {name: part.detach().numpy().astype(np.float32) for name, part in parts.items()}
    return arrays | {"mean": mean.astype(np.float32), "scale": scale.astype(np.float32)}


def listwise(logits: torch.Tensor, y: torch.Tensor, q: torch.Tensor, questions: int) -> torch.Tensor:
    """Minus the log of the share of each question's softmax that falls on answering sentences."""
    total = torch.zeros(len(logits), questions).index_add(1, q, logits.exp())
    right = torch.zeros(len(logits), questions).index_add(1, q, logits.exp() * y)
    return -(right / total).clamp_min(1e-9).log().mean()


def cross_validated(examples: Sequence[Example]) -> float:
    """Prints MRR of the question's paragraph by weight, cables held out; the best weight."""
    from vectorstore.reranker import Network

    groups = sorted({e.group for e in examples})
    fold = {group: n % FOLDS for n, group in enumerate(groups)}
    names = [str(n) for n in range(examples[0].features.shape[1])]
    ranks: dict[float, list[float]] = {weight: [] for weight in WEIGHTS}
    for held in range(FOLDS):
        network = Network(names, train([e for e in examples if fold[e.group] != held], seed=held), 1.0)
        for e in (e for e in examples if fold[e.group] == held):
            chances = network(dict(zip(names, e.features.T, strict=True)))
            best = np.zeros(len(e.scores))
            np.maximum.at(best, e.owner, chances)
            for weight in WEIGHTS:
                order = np.argsort(-(e.scores + weight * best))
                ranks[weight].append(1 / (1 + list(order).index(e.gold)) if e.gold >= 0 else 0.0)
    for weight, values in ranks.items():
        print(f"weight {weight}: MRR {np.mean(values):.4f}")
    return max(WEIGHTS, key=lambda weight: np.mean(ranks[weight]))


if __name__ == "__main__":
    main()
