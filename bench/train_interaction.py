"""Trains vectorstore/weights: `python bench/train_interaction.py QUESTIONS.jsonl --data DIR [--public DIR]`.

QUESTIONS holds one question a line (`interaction_training.questions` names the fields); DIR is an archive of
their cables, in which the retriever finds what they are told apart from. With --held a quarter of the
questions, by cable, is held aside first and measured; with --sentences FILE the trees that choose
sentences is trained on that quarter, which the comparison has not seen. Then all are trained on and the
weights are written.
Minutes on a GPU, many hours on a processor; --small shows that everything runs. What came out:
vectorstore/weights/README.md.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from interaction_training import sentence_trees, student, teacher
from interaction_training.fitting import SMALL, Batches, Plan
from interaction_training.measuring import TEACHER_WEIGHT, Shipped, by_teacher, report, report_student
from interaction_training.pool import Pool, States, Tokens
from interaction_training.questions import FOLDS, Example, Untuned, fold_of, of_cables, public
from interaction_training.writing import arrays, write
from sentence_transformers import SentenceTransformer

from vectorstore.archive import Archive
from vectorstore.embedding.embedder import DEFAULT_EMBEDDER, check_weights, model_folder
from vectorstore.embedding.late_interaction import LATE_INTERACTION_WEIGHTS
from vectorstore.retrieval.reranker import word_statistics


class Training:
    """The questions with all that is computed of their paragraphs once."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.plan = SMALL if options.small else Plan()
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.seed = options.seed
        self.folder = model_folder(DEFAULT_EMBEDDER)
        check_weights(self.folder / "model.safetensors")
        self.model = SentenceTransformer(str(self.folder), device=str(self.device))
        self.pool = Pool(self.model, self.folder)
        candidates, most = self.plan.candidates, self.plan.most
        self.own = of_cables(options.questions, options.data, self.pool, candidates, most)
        self.public = public(options.public, self.pool, most) if options.public else []
        print(
            f"{len(self.own)} questions of cables, {len(self.public)} public ones, "
            f"{len(self.pool.texts)} paragraphs, on {self.device}",
            flush=True,
        )
        words = Archive(options.data, Untuned()).paragraph_words
        words.reload()
        self.lexicon = word_statistics(words, self.folder)
        self.tokens = Tokens(self.pool, self.device)
        self.states = States(self.pool, self.model, self.device)

    def run(self, own: Sequence[Example]) -> tuple[teacher.Teacher, student.Student, Batches]:
        """Teacher and student trained on these questions, the same each time."""
        torch.manual_seed(self.seed)
        batches = Batches(self.pool, self.folder, self.device, own, self.seed)
        taught = teacher.train(self.model, self.tokens, batches, own, self.public, self.plan)
        learned = student.train(self.model, self.states, taught, batches, own, self.public, self.plan)
        return taught, learned, batches

    def measure(self, fold: int, sentences: Path | None) -> None:
        """Train on three quarters of the questions, print figures of the fourth.

        The trees, to be written to `sentences`, learn from the fourth.
        """
        folds = fold_of(self.own)
        held = [e for e in self.own if folds[e.cable] == fold and e.indexed]
        taught, learned, batches = self.run([e for e in self.own if folds[e.cable] != fold])
        report("fusion", held)
        report("teacher", held, by_teacher(taught, self.pool, batches), TEACHER_WEIGHT)
        found = arrays(learned, self.model)
        shipped = Shipped(found, self.model, self.folder, self.pool, self.states, batches)
        report_student(shipped, held)
        if sentences:
            asked = [example for example in held if example.answers]
            scored = [shipped.ordered(example) for example in asked]
            sentence_trees.run(asked, scored, self.lexicon, sentences, self.seed)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("questions", type=Path)
    options.add_argument("--data", type=Path, required=True, help="an indexed archive")
    options.add_argument("--public", type=Path, help="a folder with SQuAD 2.0 and CLAP NQ, to begin with")
    options.add_argument("--out", type=Path, default=LATE_INTERACTION_WEIGHTS)
    options.add_argument("--held", type=int, choices=range(FOLDS), help="measure on this fold first")
    options.add_argument("--sentences", type=Path, help="train the trees that choose sentences on that fold")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--small", action="store_true", help="a few questions, one round: does it run?")
    chosen = options.parse_args()
    if chosen.sentences and chosen.held is None:
        options.error("--sentences needs --held: it learns from questions that the comparison has not seen")
    training = Training(chosen)
    if chosen.held is not None:
        training.measure(chosen.held, chosen.sentences)
    _, learned, _ = training.run(training.own)
    write(arrays(learned, training.model), chosen.out)
    print(f"{chosen.out}: {chosen.out.stat().st_size / 1e6:.1f} MB", flush=True)


if __name__ == "__main__":
    main()
