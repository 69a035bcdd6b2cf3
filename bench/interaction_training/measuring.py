"""How well questions held aside find their paragraph: with the retriever alone, the teacher, the student.

The student is measured as it ships: compressed, its token vectors in bytes, by the code that answers.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from torch.nn import functional

from cables.text import sentences
from vectorstore.embedding.late_interaction import LateInteraction, Passage, TokenComparison
from vectorstore.embedding.query_encoder import corrected
from vectorstore.embedding.tokens import Tokens, quantized
from vectorstore.interfaces import EncodedQuery
from vectorstore.retrieval.evidence import Evidence
from vectorstore.retrieval.reranker import LOGIT_WEIGHT, RERANKED_CANDIDATES, best_first, with_logits

from .fitting import Batches, on_device
from .pool import Pool, States
from .questions import Example
from .teacher import Teacher
from .writing import write

TEACHER_WEIGHT = 0.075
"""Of a logit of the teacher beside the retriever's score."""
Logits = Callable[[Example], np.ndarray]
"""Of a question's first RERANKED_CANDIDATES candidates."""


def report(
    name: str, examples: Sequence[Example], logits_of: Logits | None = None, weight: float = 0.0
) -> None:
    """Print how high the right paragraphs stand: by the logits alone, and added to the retriever's score."""
    if logits_of is None:
        scores = [np.array([c.evidence.score for c in example.candidates]) for example in examples]
        return _print(name, examples, scores)
    logits = [logits_of(example) for example in examples]
    _print(f"{name} alone", examples, logits)
    fused = [
        np.array([c.evidence.score for c in example.candidates[: len(own)]]) + weight * own
        for example, own in zip(examples, logits, strict=True)
    ]
    _print(f"{name} with fusion", examples, fused)


@torch.no_grad()
def by_teacher(teacher: Teacher, pool: Pool, batches: Batches) -> Logits:
    """Each candidate by its best window."""

    def logits(example: Example) -> np.ndarray:
        owners, windows = _windows(pool, example)
        questions = batches.questions([example.question]).expand(len(windows), -1)
        with torch.no_grad(), on_device(batches.device):
            rank, *_ = teacher(questions, torch.tensor(windows, device=batches.device))
        return _best(rank.cpu().numpy(), owners)

    return logits


Scored = tuple[Evidence, np.ndarray]
"""A candidate and the comparison's logit for each of its sentences."""


class Shipped:
    """The file's arrays, used as answering uses them."""

    def __init__(
        self,
        arrays: dict[str, np.ndarray],
        model: SentenceTransformer,
        folder: Path,
        pool: Pool,
        states: States,
        batches: Batches,
    ) -> None:
        with TemporaryDirectory() as place:
            file = Path(place) / "late_interaction.safetensors"
            write(arrays, file)
            self._interaction = LateInteraction(folder, file)
        self._questions = corrected(model.cpu(), arrays).eval()
        self._projection = torch.from_numpy(self._interaction.projection).to(batches.device)
        self._pool, self._states, self._batches = pool, states, batches

    def logits(self, example: Example) -> np.ndarray:
        """Of the question's first RERANKED_CANDIDATES candidates."""
        return self._compared(example)[1]

    def ordered(self, example: Example) -> list[Scored]:
        """The same candidates as the reranker orders them, with their sentences."""
        head = [c.evidence for c in example.candidates[:RERANKED_CANDIDATES]]
        compared, logits = self._compared(example)
        scored = [(e, c.sentences) for e, c in zip(with_logits(head, logits), compared, strict=True)]
        return sorted(scored, key=lambda one: best_first(one[0]))

    def finds_sentence(self, example: Example) -> bool:
        """Whether the best sentence of the right paragraph is one that answers."""
        return (
            int(self._compare(self._ask(example.question), [example.right])[0].sentences.argmax())
            in example.answers
        )

    def _compared(self, example: Example) -> tuple[list[TokenComparison], np.ndarray]:
        asked = self._ask(example.question)
        paragraphs = [c.paragraph for c in example.candidates[:RERANKED_CANDIDATES]]
        compared = self._compare(asked, paragraphs)
        logits = [self._logit(asked, c, p) for c, p in zip(compared, paragraphs, strict=True)]
        return compared, np.array(logits)

    @torch.no_grad()
    def _ask(self, question: str) -> EncodedQuery:
        ids = self._batches.questions([question]).cpu()
        vector, tokens, weights = (output[0].numpy() for output in self._questions(ids, torch.ones_like(ids)))
        return EncodedQuery(vector, tokens, weights)

    def _compare(self, asked: EncodedQuery, paragraphs: Sequence[int]) -> list[TokenComparison]:
        given = [
            ([self._passage(w) for w in self._pool.windows[p]], len(sentences(self._pool.texts[p])))
            for p in paragraphs
        ]
        return self._interaction.compare(asked, given)

    def _logit(self, asked: EncodedQuery, compared: TokenComparison, paragraph: int) -> float:
        vectors = self._states.vectors[self._pool.windows[paragraph]].cpu().numpy()
        return self._interaction.logit(compared, float((vectors @ asked.vector).max()))

    @torch.no_grad()
    def _passage(self, window: int) -> Passage:
        states, _, of = self._states(torch.tensor([window], device=self._batches.device))
        vectors = functional.normalize(states[0].float() @ self._projection.T, dim=-1).cpu().numpy()
        kept = int(self._pool.kept[window].sum())
        words = np.zeros(kept, np.uint16)  # their place is known already, as sentences
        return Passage(Tokens(quantized(vectors[:kept]), words), of[0, :kept].cpu().numpy())


def report_student(shipped: Shipped, examples: Sequence[Example]) -> None:
    """Print the student's figures, and how often its best sentence of the right paragraph answers."""
    report("student", examples, shipped.logits, LOGIT_WEIGHT)
    asked = [example for example in examples if example.answers]
    print(
        f"{'student: best sentence answers':34} {np.mean([shipped.finds_sentence(e) for e in asked]):.3f}",
        flush=True,
    )


def _windows(pool: Pool, example: Example) -> tuple[np.ndarray, list[int]]:
    """The windows of a question's first candidates, each with the number of its candidate."""
    own = [pool.windows[c.paragraph] for c in example.candidates[:RERANKED_CANDIDATES]]
    return np.repeat(np.arange(len(own)), [len(windows) for windows in own]), [
        w for windows in own for w in windows
    ]


def _best(values: np.ndarray, owners: np.ndarray) -> np.ndarray:
    found = np.full(owners.max() + 1, -np.inf)
    np.maximum.at(found, owners, values)
    return found


def _print(name: str, examples: Sequence[Example], scores: Sequence[np.ndarray]) -> None:
    """One line of figures; candidates without a score stay behind the others."""
    places = []
    for example, own in zip(examples, scores, strict=True):
        order = [*np.argsort(-own, kind="stable"), *range(len(own), len(example.candidates))]
        found = [example.candidates[n].paragraph for n in order]
        places.append(found.index(example.right) + 1 if example.right in found else np.inf)
    at = np.array(places)
    hits = "  ".join(f"first {n} {np.mean(at <= n):.3f}" for n in (1, 5, 10))
    print(
        f"{name:34} MRR@10 {np.mean(np.where(at <= 10, 1 / at, 0)):.4f}  {hits}  ({len(at)} questions)",
        flush=True,
    )
