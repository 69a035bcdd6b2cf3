"""The student, which ships: a tuned network reads questions, whose tokens look for their like in passages.

It computes what `vectorstore.embedding.late_interaction` and `vectorstore.embedding.query_encoder` compute, for many questions at
once and so that it can learn.
"""

import copy
import math
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import torch
from sentence_transformers import SentenceTransformer
from torch import nn
from torch.nn import functional

from vectorstore.embedding.late_interaction import SENTENCE_SHARE, LateInteraction
from vectorstore.embedding.tokens import TOKEN_DIMENSION

from .fitting import Batch, Batches, Plan, answers_of, each_sentence, first_of, fit, on_device
from .pool import SENTENCES, States
from .questions import Example
from .teacher import Teacher

RATE, PROJECTIONS, SCALE = 4e-5, 1e-3, 3e-2
"""How fast the network, the projections and the four numbers of the scale learn."""
TEMPERATURE = 1.5
"""By which the ranks of teacher and student are softened before they are compared."""
NEAR = 20.0
"""Scale of cosines where the vectors alone are to rank."""


class Compared(NamedTuple):
    """A batch compared: shapes (questions, windows), and of `sentences` and `present` one more, SENTENCES."""

    rank: torch.Tensor
    sentences: torch.Tensor
    present: torch.Tensor
    match: torch.Tensor
    near: torch.Tensor


class Student(nn.Module):
    """The question's network, the projections of both sides, and how matches become logits."""

    def __init__(self, model: SentenceTransformer, states: States) -> None:
        super().__init__()
        self.encoder = copy.deepcopy(model[0].auto_model)
        self.encoder.embeddings.requires_grad_(False)
        self.encoder.embeddings.LayerNorm.requires_grad_(True)
        width = self.encoder.config.hidden_size
        self.question = nn.Linear(width, TOKEN_DIMENSION, bias=False)
        self.passage = nn.Linear(width * len(LateInteraction.layers), TOKEN_DIMENSION, bias=False)
        self.importance = nn.Linear(width, 1)
        self.scale = nn.Parameter(torch.tensor([35.0, 8.0, 25.0, -14.0]))
        """Of the match and the cosine in a window's logit; factor and bias of a sentence's."""
        self._states = states
        with torch.no_grad():  # both sides begin with the same map of the last layer
            map = torch.linalg.qr(torch.randn(width, TOKEN_DIMENSION))[0].T
            self.question.weight.copy_(map)
            self.passage.weight.zero_()
            self.passage.weight[:, -width:] = map
            self.importance.weight.zero_()

    def forward(self, questions: torch.Tensor, windows: torch.Tensor) -> Compared:
        """Questions, shape (questions, tokens), compared each with its own row of windows."""
        tokens, weights, vectors = self._read(questions)
        states, there, sentences = (
            found.unflatten(0, windows.shape) for found in self._states(windows.flatten())
        )
        kept = functional.normalize(self.passage(states.float()), dim=-1)
        like = torch.einsum("qtd,qwkd->qwtk", tokens, kept).masked_fill(~there[:, :, None], -1.0)
        whole = like.amax(-1)
        place = torch.where(there, sentences + 1, 0)  # 0: header or nothing
        best = like.new_full((*like.shape[:3], SENTENCES + 1), -1.0)
        best = best.scatter_reduce(-1, place[:, :, None].expand_as(like), like, "amax")[..., 1:]
        present = functional.one_hot(place, SENTENCES + 1)[..., 1:].sum(2) > 0
        match = torch.einsum("qwt,qt->qw", whole, weights)
        near = torch.einsum("qh,qwh->qw", vectors, self._states.vectors[windows])
        own = torch.einsum(
            "qwts,qt->qws", SENTENCE_SHARE * best + (1 - SENTENCE_SHARE) * whole[..., None], weights
        )
        of_match, of_near, factor, bias = self.scale
        return Compared(of_match * match + of_near * near, factor * own + bias, present, match, near)

    def _read(self, questions: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Questions' token vectors, the tokens' weights, and vectors."""
        there = questions > 0
        with on_device(questions.device):  # all after it in float32: a match is told to the third decimal
            states = self.encoder(input_ids=questions, attention_mask=there.long()).last_hidden_state.float()
        tokens = functional.normalize(self.question(states), dim=-1)
        weights = functional.softplus(self.importance(states)[..., 0]) * there
        weights = torch.cat(
            [torch.zeros_like(weights[:, :1]), weights[:, 1:]], 1
        )  # the first token is no word
        mean = (states * there[..., None]).sum(1) / there.sum(1, keepdim=True)
        return tokens, weights / weights.sum(1, keepdim=True), functional.normalize(mean, dim=-1)


def train(
    model: SentenceTransformer,
    states: States,
    teacher: Teacher,
    batches: Batches,
    own: Sequence[Example],
    public: Sequence[Example],
    plan: Plan,
) -> Student:
    """A student trained on a round of public questions, then on those of cables, with the teacher."""
    student = Student(model, states).to(batches.device)
    projections = [
        *student.question.parameters(),
        *student.passage.parameters(),
        *student.importance.parameters(),
    ]
    body = [p for p in student.encoder.parameters() if p.requires_grad]
    answerable = [example for example in public if example.answerable]
    warm = batches.random.sample(answerable, min(plan.warm, len(answerable)))
    rounds = [examples for examples in (warm, *[own] * plan.student_rounds) if examples]
    size = plan.student_batch
    part = size if batches.device.type == "cuda" else 2  # a processor's memory is short
    fit(
        "student",
        student,
        [(body, RATE), (projections, PROJECTIONS), ([student.scale], SCALE)],
        [partial(batches.round, examples, size, plan.student_wrong, part) for examples in rounds],
        sum(math.ceil(len(examples) / size) for examples in rounds),
        lambda batch: _loss(batch, student, teacher),
    )
    return student


def _loss(batch: Batch, student: Student, teacher: Teacher) -> torch.Tensor:
    """The right window first, by the whole, by the match alone and by the vectors alone; its sentences before
    all others; and all that as the teacher sees it, who knows cables best and is asked about them only."""
    found = student(batch.questions, batch.windows)
    loss = (
        first_of(found.rank, batch.answerable)
        + 0.4 * first_of(NEAR * found.near, batch.answerable)
        + 0.4 * first_of(student.scale[0].detach() * found.match, batch.answerable)
        + 0.5 * answers_of(found.sentences, batch.answers, found.present)
        + 0.3 * each_sentence(found.sentences[:, 0], batch.answers, found.present[:, 0])
    )
    if batch.public:
        return loss
    with torch.no_grad():
        rank, marks, _ = teacher.of(batch)
    ranks = _apart(found.rank / TEMPERATURE, rank / TEMPERATURE) * TEMPERATURE
    flat = [logits.masked_fill(~found.present, -1e4).flatten(1) for logits in (found.sentences, marks)]
    return 0.5 * loss + ranks + 0.4 * _apart(*flat)


def _apart(logits: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """How far the chances in rows are from the wanted ones (Kullback-Leibler)."""
    chances = [functional.log_softmax(own, 1) for own in (logits, wanted)]
    return functional.kl_div(*chances, log_target=True, reduction="batchmean")
