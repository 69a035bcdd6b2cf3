"""What both trainings share: batches of questions with right and wrong windows, losses, the loop."""

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch.nn import functional

from vectorstore.embedding.query_encoder import MAX_QUERY_TOKENS

from .pool import SENTENCES, Pool
from .questions import Example

HARDEST = 12
"""Two thirds of the wrong paragraphs are drawn from so many first ones."""
FOLLOWED = 0.12
"""Share of the questions that are asked behind another one about their cable, as follow-ups are."""
WARMUP = 0.06
"""Share of the steps in which the rate rises; after that it falls to zero."""


@dataclass(frozen=True)
class Plan:
    """How much is trained on: rounds over the questions, questions a step, wrong windows for each."""

    teacher_rounds: int = 6
    student_rounds: int = 8
    warm: int = 4000
    """Public questions of the round before."""
    teacher_batch: int = 24
    teacher_wrong: int = 15
    student_batch: int = 32
    student_wrong: int = 24
    candidates: int = 60
    most: int | None = None
    """Questions that are read; None: all."""


SMALL = Plan(1, 1, 4, 2, 3, 2, 3, 8, 6)
"""Shows that everything runs."""


@dataclass(frozen=True)
class Batch:
    """Questions with windows, of each the right one first; numbers of rows are those of questions."""

    questions: torch.Tensor
    """Tokens, 0 behind their end."""
    windows: torch.Tensor
    """Shape (questions, 1 + wrong)."""
    answers: torch.Tensor
    """1 for each sentence of the right paragraph that answers: shape (questions, SENTENCES)."""
    answerable: torch.Tensor
    public: bool


class Batches:
    """Makes batches of examples, drawn again each round."""

    def __init__(
        self, pool: Pool, folder: Path, device: torch.device, examples: Sequence[Example], seed: int
    ) -> None:
        self.device = device
        self.random = random.Random(seed)
        self._pool = pool
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_QUERY_TOKENS, direction="left")
        self._tokenizer.no_padding()
        self._asked: dict[str, list[str]] = {}
        for example in examples:
            self._asked.setdefault(example.cable, []).append(example.question)

    def round(self, examples: Sequence[Example], size: int, wrong: int, part: int) -> Iterator[list[Batch]]:
        """All examples in random order, `size` a step, each step in batches of at most `part`."""
        order = self.random.sample(examples, len(examples))
        for start in range(0, len(order), size):
            step = order[start : start + size]
            yield [self._batch(step[at : at + part], wrong) for at in range(0, len(step), part)]

    def questions(self, texts: Sequence[str]) -> torch.Tensor:
        """Questions' tokens, as inference reads them, padded with 0."""
        rows = [torch.tensor(self._tokenizer.encode(text).ids) for text in texts]
        return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True).to(self.device)

    def _batch(self, examples: Sequence[Example], wrong: int) -> Batch:
        answers = torch.zeros(len(examples), SENTENCES)
        for row, example in enumerate(examples):
            answers[row, [min(n, SENTENCES - 1) for n in example.answers]] = 1
        windows = [
            [
                self._pool.window_with(e.right, e.answers),
                *(self._window(n) for n in self._drawn(e.wrong, wrong)),
            ]
            for e in examples
        ]
        return Batch(
            self.questions([self._question(example) for example in examples]),
            torch.tensor(windows, device=self.device),
            answers.to(self.device),
            torch.tensor([example.answerable for example in examples], device=self.device),
            examples[0].public,
        )

    def _question(self, example: Example) -> str:
        others = [q for q in self._asked.get(example.cable, ()) if q != example.question]
        if not others or self.random.random() >= FOLLOWED:
            return example.question
        return f"{self.random.choice(others)} {example.question}"

    def _window(self, paragraph: int) -> int:
        return self.random.choice(self._pool.windows[paragraph])

    def _drawn(self, wrong: Sequence[int], count: int) -> list[int]:
        """So many of the wrong paragraphs, most of them hard; repeated where there are too few."""
        hard, others = wrong[:HARDEST], wrong[HARDEST:]
        drawn = self.random.sample(hard, min(len(hard), count * 2 // 3))
        drawn += self.random.sample(others, min(len(others), count - len(drawn)))
        return drawn + self.random.choices(wrong, k=count - len(drawn))


def fit(
    name: str,
    model: torch.nn.Module,
    rates: Sequence[tuple[Sequence[torch.nn.Parameter], float]],
    rounds: Sequence[Callable[[], Iterator[list[Batch]]]],
    steps: int,
    loss_of: Callable[[Batch], torch.Tensor],
) -> None:
    """Train parameters, each group at its rate; a step's batches are added up."""
    groups = [{"params": list(own), "lr": rate} for own, rate in rates]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, step / (WARMUP * steps + 1)) * max(0.02, 1 - step / steps)
    )
    clock = time.perf_counter()
    for number, batches in enumerate(rounds):
        model.train()
        losses = []
        for step in batches():
            count = sum(len(batch.windows) for batch in step)
            optimizer.zero_grad()
            for batch in step:
                loss = loss_of(batch) * len(batch.windows) / count
                loss.backward()
                losses.append(loss.detach() * count / len(batch.windows))
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        mean = float(torch.stack(losses).mean()) if losses else math.nan
        print(f"{name} round {number}: loss {mean:.3f} ({time.perf_counter() - clock:.0f} s)", flush=True)
    model.eval()


def on_device(device: torch.device) -> AbstractContextManager[None]:
    """bfloat16 for what is safe in it, on a GPU."""
    return torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda")


def first_of(logits: torch.Tensor, answerable: torch.Tensor) -> torch.Tensor:
    """Loss of the first of each row against all, where the question is answerable."""
    chances = functional.log_softmax(logits, 1)[:, 0]
    return -(chances * answerable).sum() / answerable.sum().clamp(min=1)


def answers_of(logits: torch.Tensor, answers: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
    """Loss of the answering sentences against all sentences of all windows of their question."""
    marked = torch.zeros_like(logits)
    marked[:, 0] = answers
    marked = (marked * present).flatten(1)
    every = logits.masked_fill(~present, -1e4).flatten(1)
    any_marked = marked.sum(1) > 0
    gap = every.logsumexp(1) - every.masked_fill(marked < 1, -1e4).logsumexp(1)
    return (gap * any_marked).sum() / any_marked.sum().clamp(min=1)


def each_sentence(logits: torch.Tensor, answers: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
    """Loss of each sentence by itself, as a chance."""
    losses = functional.binary_cross_entropy_with_logits(logits, answers, reduction="none") * present
    return losses.sum() / present.sum().clamp(min=1)
