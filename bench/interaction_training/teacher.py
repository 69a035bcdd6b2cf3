"""The teacher: a cross-encoder, which reads question and window together. Too slow to ship, it teaches."""

import copy
import math
from collections.abc import Sequence
from functools import partial

import torch
from sentence_transformers import SentenceTransformer
from torch import nn
from torch.nn import functional

from .fitting import Batch, Batches, Plan, answers_of, each_sentence, first_of, fit, on_device
from .pool import SENTENCES, Tokens
from .questions import Example

RATE = 6e-5
HEADS = 5
"""So many times faster the new layers learn."""
SEPARATOR = 102
"""The token id of [SEP]."""


class Teacher(nn.Module):
    """The stock network over both texts, with one layer that ranks windows and one that marks sentences."""

    def __init__(self, model: SentenceTransformer, tokens: Tokens) -> None:
        super().__init__()
        self.encoder = copy.deepcopy(model[0].auto_model)
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        width = self.encoder.config.hidden_size
        self.rank = nn.Sequential(
            nn.Linear(3 * width, width), nn.Tanh(), nn.Dropout(0.1), nn.Linear(width, 1)
        )
        self.mark = nn.Sequential(nn.Linear(2 * width, 128), nn.GELU(), nn.Linear(128, 1))
        self._tokens = tokens

    def forward(
        self, questions: torch.Tensor, windows: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """For each question with its window: a logit, one for each sentence, and which sentences it has."""
        ids, sentences = self._tokens(windows)
        asked, read = questions > 0, ids > 0
        ids[:, 0] = SEPARATOR  # in place of the token that begins a text
        states = self._states(questions, ids, asked, read)
        of_question, of_window = states[:, : asked.shape[1]], states[:, asked.shape[1] :]
        whole = [states[:, 0], _mean(of_question, asked), _mean(of_window, read)]
        member = functional.one_hot(sentences + 1, SENTENCES + 1)[..., 1:] * read[..., None]
        counts = member.sum(1)
        summed = torch.einsum("wts,wth->wsh", member.to(of_window.dtype), of_window)
        pooled = summed / counts.clamp(min=1)[..., None]
        marks = self.mark(torch.cat([pooled, states[:, :1].expand(-1, SENTENCES, -1)], -1))[..., 0]
        return self.rank(torch.cat(whole, -1))[:, 0].float(), marks.float(), counts > 0

    def of(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The same for a batch: shapes (questions, windows) and, twice, (questions, windows, SENTENCES)."""
        count = batch.windows.shape[1]
        with on_device(batch.windows.device):
            found = self(batch.questions.repeat_interleave(count, 0), batch.windows.flatten())
        return tuple(output.unflatten(0, batch.windows.shape) for output in found)

    def _states(
        self, questions: torch.Tensor, ids: torch.Tensor, asked: torch.Tensor, read: torch.Tensor
    ) -> torch.Tensor:
        """Both texts as one; the padding between them is masked, and places go on as if it were not there."""
        places = torch.arange(ids.shape[1], device=ids.device) + asked.sum(1, keepdim=True)
        before = torch.arange(questions.shape[1], device=ids.device).expand_as(questions)
        return self.encoder(
            input_ids=torch.cat([questions, ids], 1),
            attention_mask=torch.cat([asked, read], 1).long(),
            position_ids=torch.cat([before, places], 1),
            token_type_ids=torch.cat([torch.zeros_like(questions), torch.ones_like(ids)], 1),
        ).last_hidden_state


def train(
    model: SentenceTransformer,
    tokens: Tokens,
    batches: Batches,
    own: Sequence[Example],
    public: Sequence[Example],
    plan: Plan,
) -> Teacher:
    """A teacher trained on a round of public questions, then on the questions of cables."""
    teacher = Teacher(model, tokens).to(batches.device)
    heads = [*teacher.rank.parameters(), *teacher.mark.parameters()]
    body = [p for p in teacher.encoder.parameters() if p.requires_grad]
    warm = batches.random.sample(public, min(plan.warm, len(public)))
    rounds = [examples for examples in (warm, *[own] * plan.teacher_rounds) if examples]
    size = plan.teacher_batch
    part = size if batches.device.type == "cuda" else 2  # a processor's memory is short
    fit(
        "teacher",
        teacher,
        [(body, RATE), (heads, HEADS * RATE)],
        [partial(batches.round, examples, size, plan.teacher_wrong, part) for examples in rounds],
        sum(math.ceil(len(examples) / size) for examples in rounds),
        lambda batch: _loss(batch, *teacher.of(batch)),
    )
    return teacher


def _loss(batch: Batch, rank: torch.Tensor, marks: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
    """The right window before the others; whether it answers at all; which sentences do."""
    wrong = rank.shape[1] - 1
    answers = torch.zeros_like(rank)
    answers[:, 0] = batch.answerable.float()
    weights = torch.full_like(rank, 0.5 / wrong)
    weights[:, 0] = 0.5
    apart = functional.binary_cross_entropy_with_logits(rank, answers, reduction="none") * weights
    right = each_sentence(marks[:, 0], batch.answers, present[:, 0])
    others = each_sentence(marks[:, 1:], torch.zeros_like(marks[:, 1:]), present[:, 1:])
    return (
        first_of(rank, batch.answerable)
        + 0.3 * apart.sum(1).mean()
        + 0.5 * (right + 0.5 * others)
        + 0.3 * answers_of(marks, batch.answers, present)
    )


def _mean(states: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
    return (states * there[..., None]).sum(1) / there.sum(1, keepdim=True)
